// raw.c - the bug: the handler's own context escapes into a job.
//
// Story. A handler stores the time, starts a job that looks at it ten seconds
// later, and answers. By then the context is back in its pool, and very likely
// it is another request's.
//
// Wrong: `.context = c`. It is ours until we return, and no longer.
//
// Seen: 时间戳相同 (same) as long as nobody has got the context again,
// 数据不存在 (missing) after another request's reset, 时间戳不同 (different)
// after another /test has stored its own time.
//
// Smallest schedule: A is answered, B gets the context and clears it, then A's
// job reads. ThreadSanitizer: context_clear() writes, context_find() reads.
//
// Right: copy.c.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/wallclock.h"

static void handle(struct context *c) {
    int64_t unix_ms = wallclock_ms();

    context_set(c, "timestamp", unix_ms);
    struct timestamp_job job = {
        .context = c,
        .unix_ms = unix_ms,
    };
    if (timestamp_job_start(c, job))
        context_message(c, 200, "test success");
}

const struct handler raw_handler = {.handle = handle};
