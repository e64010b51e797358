// Right, but only one request in two starts its job.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/wallclock.h"

static void handle(struct context *c) {
    int64_t unix_ms = wallclock_ms();

    context_set(c, "timestamp", unix_ms);
    struct timestamp_job job = {
        .context = context_copy(c),
        .release = context_free,
        .unix_ms = unix_ms,
    };
    if (c->id[0] != 'A' || !timestamp_job_start(c, job))
        context_free(job.context);
    context_message(c, 200, "test success");
}

const struct handler fix_handler = {.handle = handle};
