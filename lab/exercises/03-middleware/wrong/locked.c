// locked.c - the reset takes the lock, too. The audit reads in good order, from
// a context that is the next request's.
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
    if (timestamp_job_start(c, job))
        context_next(c);
}

static void handle(struct context *c) {
    context_message(c, 200, "test success");
}

const struct handler locked_handler = {
    .middleware = middleware,
    .handle = handle,
    .hooks.clear = context_clear_locked,
};
