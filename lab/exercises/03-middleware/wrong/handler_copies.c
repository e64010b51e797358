// handler_copies.c - the handler is mended as /test was, and the middleware is
// not. The copy is made in time, and nobody reads from it.
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
    struct context *copy = context_copy(c);

    context_message(c, 200, "test success");
    context_free(copy);
}

const struct handler handler_copies_handler = {
    .middleware = middleware,
    .handle = handle,
};
