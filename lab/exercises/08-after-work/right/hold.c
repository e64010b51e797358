// The request stays open, and the context its own, until the loop has read. The
// answer comes ten seconds later; meanwhile the loop serves the others.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/wallclock.h"

static void handle(struct context *c) {
    int64_t unix_ms = wallclock_ms();

    context_set(c, "timestamp", unix_ms);
    struct timestamp_job job = {
        .context = c,
        .release = context_finish,
        .unix_ms = unix_ms,
    };
    context_hold(c);
    if (timestamp_job_queue_after(c, job))
        context_message(c, 200, "test success");
}

const struct handler fix_handler = {.handle = handle};
