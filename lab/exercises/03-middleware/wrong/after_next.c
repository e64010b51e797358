// after_next.c - the audit is started last, when the handler has answered. It
// is the same context, and it goes back as soon as the middleware returns.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/wallclock.h"

static void middleware(struct context *c) {
    int64_t unix_ms = wallclock_ms();

    context_set(c, "timestamp", unix_ms);
    context_next(c);
    struct timestamp_job job = {
        .context = c,
        .unix_ms = unix_ms,
    };
    timestamp_job_start(c, job);
}

static void handle(struct context *c) {
    context_message(c, 200, "test success");
}

const struct handler after_next_handler = {
    .middleware = middleware,
    .handle = handle,
};
