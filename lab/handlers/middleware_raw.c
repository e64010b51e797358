// middleware_raw.c - the bug of raw.c, in a middleware.
//
// Story. A middleware notes the time of each request for an audit that runs
// later, in a job. The handler behind it is spotless, and does not know.
//
// Wrong: `.context = c`. A middleware has the context until its handler's
// request is over, and no longer; the job lives on.
//
// Seen: as with raw.c.
//
// Smallest schedule: A is answered, B gets the context and clears it, then A's
// job reads. ThreadSanitizer: context_clear() writes, context_find() reads.
//
// Right: middleware_copy.c.
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

const struct handler middleware_raw_handler = {.middleware = middleware,
                                               .handle = handle};
