// early_copy.c - the copy is made before the time is stored: early enough for
// the context, and too early for what the job wants of it.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/wallclock.h"

static void handle(struct context *c) {
    int64_t unix_ms = wallclock_ms();
    struct timestamp_job job = {
        .context = context_copy(c),
        .release = context_free,
        .unix_ms = unix_ms,
    };

    context_set(c, "timestamp", unix_ms);
    if (timestamp_job_start(c, job))
        context_message(c, 200, "test success");
}

const struct handler early_copy_handler = {.handle = handle};
