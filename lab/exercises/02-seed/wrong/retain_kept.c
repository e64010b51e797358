// retain_kept.c - the job is counted as a user in time, and never takes itself
// off the count: `.release` is left out. The context never goes back.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/wallclock.h"

static void handle(struct context *c) {
    int64_t unix_ms = wallclock_ms();

    context_set(c, "timestamp", unix_ms);
    context_retain(c);
    struct timestamp_job job = {
        .context = c,
        .unix_ms = unix_ms,
    };
    if (timestamp_job_start(c, job))
        context_message(c, 200, "test success");
}

const struct handler retain_kept_handler = {
    .handle = handle,
    .hooks.counts_users = true,
};
