// busy_pool.c - luck that looks like order: a thread pool that is busy.
//
// Story. The job is left to the thread pool, whose one worker has something
// else to do first. In every test it comes to read when the next request is
// long over.
//
// Wrong: `.context = c`, still. The worker locks the pool before each work, and
// the loop did so when it queued the next one: that orders what the next
// request wrote before the read, as long as the worker is that late.
//
// Seen: all that raw.c shows. ThreadSanitizer: context_clear() writes,
// context_find() reads; nothing where the worker was busy for long enough.
//
// Smallest schedule: A is answered, B gets the context, stores its time and
// queues its work, then the worker comes to A's.
//
// Right: copy.c.
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
    if (timestamp_job_queue(c, job))
        context_message(c, 200, "test success");
}

const struct handler busy_pool_handler = {.handle = handle};
