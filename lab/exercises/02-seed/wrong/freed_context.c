// freed_context.c - the job frees the server's own context when it is done.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/wallclock.h"

static void handle(struct context *c) {
    int64_t unix_ms = wallclock_ms();

    context_set(c, "timestamp", unix_ms);
    struct timestamp_job job = {
        .context = c,
        .unix_ms = unix_ms,
        .release = context_free,
    };
    if (timestamp_job_start(c, job))
        context_message(c, 200, "test success");
}

const struct handler freed_context_handler = {.handle = handle};
