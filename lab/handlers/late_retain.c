// late_retain.c - a wrong fix: the job counts itself as a user, too late.
//
// Story. As in retain.c users are counted, but it is the job that says that it
// is one, when it comes to read. The reset takes the lock.
//
// Wrong: `context_retain()` in read_retained(). Who does not yet count does not
// keep the context from going back; to count one that is gone is no better than
// to read it.
//
// Seen: all that raw.c shows. ThreadSanitizer: nothing, ever. A context that
// nobody had any more goes back to the pool twice.
//
// Smallest schedule: A is answered, B gets the context and clears it, then A's
// job reads.
//
// Right: retain.c, where the handler does it before the context escapes.
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
    if (timestamp_job_start(c, job))
        context_message(c, 200, "test success");
}

const struct handler late_retain_handler = {
    .handle = handle,
    .hooks = {.clear = context_clear_locked, .counts_users = true},
};
