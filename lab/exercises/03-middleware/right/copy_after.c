// copy_after.c - the copy is made when the handler has answered, and before
// the middleware returns: the context is still the request's.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/wallclock.h"

static void middleware(struct context *c) {
    int64_t unix_ms = wallclock_ms();

    context_set(c, "timestamp", unix_ms);
    context_next(c);
    struct timestamp_job job = {
        .context = context_copy(c),
        .release = context_free,
        .unix_ms = unix_ms,
    };
    timestamp_job_start(c, job);
}

static void handle(struct context *c) {
    context_message(c, 200, "test success");
}

const struct handler copy_after_handler = {
    .middleware = middleware,
    .handle = handle,
};
