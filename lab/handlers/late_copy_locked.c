// late_copy_locked.c - two wrong fixes at once: a late copy, and a lock.
//
// Story. late_copy.c still has a race, with context_clear(). So that takes the
// lock, too, and now everything that is done with the keys is done under it.
//
// Wrong: `context_copy(job->context)` in read_copy(), as before. What is copied
// in good order is the next request's.
//
// Seen: all that raw.c shows. ThreadSanitizer: nothing, ever.
//
// Smallest schedule: A is answered, B gets the context and clears it, then A's
// job copies.
//
// Right: copy.c, where the handler makes the copy before it returns.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/wallclock.h"

static bool read_copy(struct timestamp_job *job, int64_t *found) {
    struct context *copy = context_copy(job->context);
    bool is_there = context_get(copy, "timestamp", found);

    context_free(copy);
    return is_there;
}

static void handle(struct context *c) {
    int64_t unix_ms = wallclock_ms();

    context_set(c, "timestamp", unix_ms);
    struct timestamp_job job = {
        .context = c,
        .read = read_copy,
        .unix_ms = unix_ms,
    };
    if (timestamp_job_start(c, job))
        context_message(c, 200, "test success");
}

const struct handler late_copy_locked_handler = {
    .handle = handle,
    .hooks.clear = context_clear_locked,
};
