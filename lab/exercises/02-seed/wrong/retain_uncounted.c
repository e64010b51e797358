// retain_uncounted.c - retain and release, and a server that counts no users:
// `.hooks.counts_users` is left out. The server puts the context when it has
// answered, and the job puts it once more.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/wallclock.h"

static void handle(struct context *c) {
    int64_t unix_ms = wallclock_ms();

    context_set(c, "timestamp", unix_ms);
    context_retain(c);
    struct timestamp_job job = {
        .context = c,
        .release = context_release,
        .unix_ms = unix_ms,
    };
    if (timestamp_job_start(c, job))
        context_message(c, 200, "test success");
}

const struct handler retain_uncounted_handler = {.handle = handle};
