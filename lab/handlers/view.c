// view.c - a string that points into the receive buffer, and is torn.
//
// Story. A name is not copied: it stays where it was received, in a buffer of
// the context, and the job is given a pointer into it.
//
// Wrong: `view->name = &c->name`. The next request is received there, in two
// steps, and the job may read between them: Ada Hopper, who never was.
//
// Seen: 名字相同 (same), 名字不同 (different), and access by access 名字撕裂
// (torn). ThreadSanitizer: handle() writes, run() reads.
//
// Smallest schedule: A is answered, B is received, then A's job reads.
//
// Right: the job is given the name itself, as in value.c.
#include "handlers/handlers.h"
#include "server/connection.h"
#include "server/heap.h"
#include "server/server.h"
#include <racelab/point.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct view {
    const struct context_name *name;
    struct context_name wanted;
    unsigned delay_ms;
};

static void run(void *argument) {
    static const char *const lines[] = {"名字不同", "名字撕裂", "名字相同"};
    struct view *view = argument;

    uv_sleep(view->delay_ms);
    POINT("job.read");
    POINT_READ("context.get", view->name);
    struct context_word first = view->name->first, last = view->name->last;
    const char *line = lines[!strcmp(first.text, view->wanted.first.text) +
                             !strcmp(last.text, view->wanted.last.text)];
    POINT("job.print");
    puts(line);
    OUTCOME(line);
    free(view);
}

static void handle(struct context *c) {
    struct view *view = heap_new(sizeof *view);
    char *first = view->wanted.first.text, *last = view->wanted.last.text;

    sscanf(c->request->query, "%7[^.].%7s", first, last);
    POINT_WRITE("context.set", &c->name);
    c->name.first = view->wanted.first;
    c->name.last = view->wanted.last;
    view->name = &c->name;
    view->delay_ms = server_delay_ms(c->server);
    if (job_start(&c->server->jobs, run, view) == 0)
        context_message(c, 200, "test success");
}

const struct handler view_handler = {.handle = handle, .path = "/user"};
