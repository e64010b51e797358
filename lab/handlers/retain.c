// retain.c - a right fix: the job is a user of the context, and is counted.
//
// Story. As in raw.c, but before the job starts the context has one user more.
// It goes back to its pool when the last of them has released it, be that the
// loop or the job.
//
// Right: `context_retain(c)` before the context escapes. late_retain.c does it
// when it has escaped already.
//
// Seen: 时间戳相同 (same), under every schedule: while the job has it, the next
// request gets another context. ThreadSanitizer: nothing.
//
// Smallest schedule: any.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/wallclock.h"

static void handle(struct context *c) {
    int64_t unix_ms = wallclock_ms();

    context_set(c, "timestamp", unix_ms);
    context_retain(c);
    struct timestamp_job job = {
        .context = c,
        .release = context_release,
        .unix_ms = unix_ms,
    };
    if (timestamp_job_start(c, job))
        context_message(c, 200, "test success");
}

const struct handler retain_handler = {
    .handle = handle,
    .hooks.counts_users = true,
};
