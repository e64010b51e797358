// Wrong: the loop counts itself as a user when it comes to read.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/wallclock.h"

static bool read_retained(struct timestamp_job *job, int64_t *found) {
    context_retain(job->context);
    bool is_there = context_get(job->context, "timestamp", found);

    context_release(job->context);
    return is_there;
}

static void handle(struct context *c) {
    int64_t unix_ms = wallclock_ms();

    context_set(c, "timestamp", unix_ms);
    struct timestamp_job job = {
        .context = c,
        .read = read_retained,
        .unix_ms = unix_ms,
    };
    if (timestamp_job_queue_after(c, job))
        context_message(c, 200, "test success");
}

const struct handler fix_handler = {
    .handle = handle,
    .hooks.counts_users = true,
};
