// late_retain.c - users are counted, and the audit counts itself when it comes
// to read. The reset takes the lock.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/wallclock.h"

static bool read_retained(struct timestamp_job *job, int64_t *found) {
    context_retain(job->context);
    bool is_there = context_get(job->context, "timestamp", found);

    context_release(job->context);
    return is_there;
}

static void middleware(struct context *c) {
    int64_t unix_ms = wallclock_ms();

    context_set(c, "timestamp", unix_ms);
    struct timestamp_job job = {
        .context = c,
        .read = read_retained,
        .unix_ms = unix_ms,
    };
    if (timestamp_job_start(c, job))
        context_next(c);
}

static void handle(struct context *c) {
    context_message(c, 200, "test success");
}

const struct handler late_retain_handler = {
    .middleware = middleware,
    .handle = handle,
    .hooks = {.clear = context_clear_locked, .counts_users = true},
};
