// locked.c - a wrong fix: the reset takes the lock, too.
//
// Story. ThreadSanitizer reports that context_clear() writes the keys, and that
// of those who touch them it alone has no lock. So a lock is taken there.
//
// Wrong: `.clear = context_clear_locked`. Now the two are ordered, and the
// report is gone; the context is somebody else's as before.
//
// Seen: all that raw.c shows: 时间戳相同 (same), 数据不存在 (missing),
// 时间戳不同 (different). ThreadSanitizer: nothing, ever.
//
// Smallest schedule: A is answered, B gets the context and clears it, then A's
// job reads.
//
// Right: copy.c. A lock says when one may look, not whose it is.
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

const struct handler locked_handler = {
    .handle = handle,
    .hooks.clear = context_clear_locked,
};
