// view.c - a string that points into the receive buffer, and is torn.
//
// Story. To copy nothing, a name stays where it was received, in a buffer that
// the context brings along, and the job is given a pointer into it.
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
#include "server/job.h"
#include "server/server.h"
#include <racelab/point.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct view {
    const struct context_name *name;
    struct context_name wanted;
};

static void run(void *argument) {
    struct view *view = argument;

    uv_sleep(10000);
    POINT("job.read");
    POINT_READ("context.get", view->name);
    bool first = memcmp(view->name->first, view->wanted.first, 8) == 0;
    bool last = memcmp(view->name->last, view->wanted.last, 8) == 0;
    const char *line = first != last ? "名字撕裂"
                       : first       ? "名字相同"
                                     : "名字不同";
    POINT("job.print");
    puts(line);
    OUTCOME(line);
    free(view);
}

static void handle(struct context *c) {
    struct view *view = heap_new(sizeof *view);

    sscanf(c->request->query, "%7[^.].%7s", view->wanted.first,
           view->wanted.last);
    POINT_WRITE("context.set", &c->name);
    memcpy(c->name.first, view->wanted.first, 8);
    memcpy(c->name.last, view->wanted.last, 8);
    view->name = &c->name;
    if (job_start(&c->server->jobs, run, view) != 0)
        abort(); // a lesson's server has threads enough
    context_message(c, 200, "test success");
}

const struct handler view_handler = {.handle = handle, .path = "/user"};
