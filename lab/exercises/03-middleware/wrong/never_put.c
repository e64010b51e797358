// never_put.c - the server does not put the context back, and nobody else
// does.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/wallclock.h"

static void keep(struct context *c) {
    (void)c;
}

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

const struct handler never_put_handler = {
    .middleware = middleware,
    .handle = handle,
    .hooks.done = keep,
};
