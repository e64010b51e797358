// middleware_copy.c - the fix of copy.c, in a middleware.
//
// Story. The audit of middleware_raw.c, with a copy of the context for the job
// to keep.
//
// Right: `.context = context_copy(c)`, made before the handler runs or after,
// but before the middleware returns.
//
// Seen: 时间戳相同 (same), under every schedule. ThreadSanitizer: nothing.
//
// Smallest schedule: any.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/wallclock.h"

static void middleware(struct context *c) {
    int64_t unix_ms = wallclock_ms();

    context_set(c, "timestamp", unix_ms);
    struct timestamp_job job = {
        .context = context_copy(c),
        .release = context_free,
        .unix_ms = unix_ms,
    };
    if (timestamp_job_start(c, job))
        context_next(c);
}

static void handle(struct context *c) {
    context_message(c, 200, "test success");
}

const struct handler middleware_copy_handler = {.middleware = middleware,
                                                .handle = handle};
