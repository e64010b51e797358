// fix.c - an audit in a middleware: it notes the time of each request, and a
// job looks at the note ten seconds later. The handler behind it only answers.
//
// A middleware runs before its handler; context_next(c) runs that and returns
// when it has answered. The handler of /test stays as it is.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/wallclock.h"

static void middleware(struct context *c) {
    int64_t unix_ms = wallclock_ms();

    context_set(c, "timestamp", unix_ms);
    struct timestamp_job job = {
        // TODO: who has this context when the audit comes to look at it?
        .context = c,
        .unix_ms = unix_ms,
    };
    if (timestamp_job_start(c, job))
        context_next(c);
}

static void handle(struct context *c) {
    context_message(c, 200, "test success");
}

const struct handler fix_handler = {
    .middleware = middleware,
    .handle = handle,
};
