// after_work.c - a wrong fix: the context is read on the loop's own thread.
//
// Story. A context is for its loop's thread alone. So the waiting is left to
// the thread pool, and what comes after it, the reading, is done by the loop.
//
// Wrong: `.context = c`. On the loop nobody touches the context at the same
// time; between the handler and that callback other requests have had it.
//
// Seen: all that raw.c shows. ThreadSanitizer: nothing, ever; one thread does
// it all.
//
// Smallest schedule: A is answered, B gets the context and clears it, then the
// loop comes to A's work.
//
// Right: copy.c, for the callback to read from.
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
    if (timestamp_job_queue_after(c, job))
        context_message(c, 200, "test success");
}

const struct handler after_work_handler = {.handle = handle};
