// late_params.c - a leak between users: the route parameter of another request.
//
// Story. GET /user/:name starts a job that will write to that user, ten seconds
// later, and asks the context for the name then.
//
// Wrong: `context_param()` in run(). By then the context may be another user's,
// and so is the name: what was meant for one goes to the other.
//
// Seen: 参数相同 (same), 参数不存在 (missing), 参数不同 (different).
// ThreadSanitizer: clear_params() and router_params() write, context_param()
// and run() read.
//
// Smallest schedule: A is answered, B gets the context with its own name in it,
// then A's job reads.
//
// Right: the job is given the name, as in value.c, or a copy, as in copy.c.
#include "handlers/handlers.h"
#include "server/heap.h"
#include "server/server.h"

#include <racelab/point.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct letter {
    struct context *context;
    char name[64]; // whom it is for
    unsigned delay_ms;
};

static void run(void *argument) {
    struct letter *letter = argument;

    uv_sleep(letter->delay_ms);
    POINT("job.read");
    const char *name = context_param(letter->context, "name");
    const char *line = name == NULL                      ? "参数不存在"
                       : strcmp(name, letter->name) == 0 ? "参数相同"
                                                         : "参数不同";
    POINT("job.print");
    puts(line);
    OUTCOME(line);
    free(letter);
}

static void handle(struct context *c) {
    struct letter *letter = heap_new(sizeof *letter);

    letter->context = c;
    letter->delay_ms = server_delay_ms(c->server);
    snprintf(letter->name, sizeof letter->name, "%s", context_param(c, "name"));
    if (job_start(&c->server->jobs, run, letter) == 0)
        context_message(c, 200, "test success");
}

const struct handler late_params_handler = {.handle = handle,
                                            .path = "/user/:name"};
