// held.c - the request is kept open, so that its context does not go back; and
// nobody finishes it. The client waits for ever, and the context is lost.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/wallclock.h"

static void middleware(struct context *c) {
    int64_t unix_ms = wallclock_ms();

    context_set(c, "timestamp", unix_ms);
    struct timestamp_job job = {
        .context = c,
        .unix_ms = unix_ms,
    };
    context_hold(c);
    if (timestamp_job_start(c, job))
        context_next(c);
}

static void handle(struct context *c) {
    context_message(c, 200, "test success");
}

const struct handler held_handler = {
    .middleware = middleware,
    .handle = handle,
};
