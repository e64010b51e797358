// The copy is the handler's own, and made before there is anything in it.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/wallclock.h"

static void handle(struct context *c) {
    struct context *copy = context_copy(c);
    int64_t unix_ms = wallclock_ms();

    context_set(c, "timestamp", unix_ms);
    struct timestamp_job job = {
        .context = copy,
        .release = context_free,
        .unix_ms = unix_ms,
    };
    if (timestamp_job_start(c, job))
        context_message(c, 200, "test success");
}

const struct handler early_copy_handler = {.handle = handle};
