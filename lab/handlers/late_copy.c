// late_copy.c - a wrong fix: the copy is made in the job.
//
// Story. The documentation says to copy the context for a goroutine, and so the
// job makes a copy, first thing.
//
// Wrong: `context_copy(job->context)` in read_copy(). By then the context may
// be the next request's: what is copied is that.
//
// Seen: all that raw.c shows. ThreadSanitizer: context_clear() writes,
// context_copy() reads.
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

const struct handler late_copy_handler = {.handle = handle};
