// read_lock.c - the job takes the lock itself, looks, and looks again before it
// lets go: both looks agree, and both are of another request's data.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/wallclock.h"

static bool read_twice(struct timestamp_job *job, int64_t *found) {
    struct context *c = job->context;
    int64_t again = 0;

    uv_rwlock_rdlock(&c->lock);
    bool is_there = context_find(c, "timestamp", found) &&
                    context_find(c, "timestamp", &again) && again == *found;
    uv_rwlock_rdunlock(&c->lock);
    return is_there;
}

static void handle(struct context *c) {
    int64_t unix_ms = wallclock_ms();

    context_set(c, "timestamp", unix_ms);
    struct timestamp_job job = {
        .context = c,
        .read = read_twice,
        .unix_ms = unix_ms,
    };
    if (timestamp_job_start(c, job))
        context_message(c, 200, "test success");
}

const struct handler read_lock_handler = {
    .handle = handle,
    .hooks.clear = context_clear_locked,
};
