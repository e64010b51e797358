// takes_memory.c - takes all memory that there is.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/wallclock.h"

#include <stdlib.h>
#include <uv.h>

static void handle(struct context *c) {
    // The sleep is a sign of life, or it would be taken for a loop that spins.
    for (volatile char *more; (more = malloc(1 << 20)) != NULL; uv_sleep(1))
        for (int at = 0; at < 1 << 20; at += 1 << 10)
            more[at] = 1;
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
