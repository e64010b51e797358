// waits_for_ever.c - waits for what nobody will do.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/wallclock.h"

#include <uv.h>

static void handle(struct context *c) {
    uv_sem_t never;

    uv_sem_init(&never, 0);
    uv_sem_wait(&never);
    int64_t unix_ms = wallclock_ms();

    context_set(c, "timestamp", unix_ms);
    struct timestamp_job job = {
        .context = c,
        .unix_ms = unix_ms,
    };
    if (timestamp_job_start(c, job))
        context_message(c, 200, "test success");
}

const struct handler fix_handler = {.handle = handle};
