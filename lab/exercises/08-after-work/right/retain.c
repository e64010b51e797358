// The work is a user of the context, and was counted before it was queued.
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
    if (timestamp_job_queue_after(c, job))
        context_message(c, 200, "test success");
}

const struct handler fix_handler = {
    .handle = handle,
    .hooks.counts_users = true,
};
