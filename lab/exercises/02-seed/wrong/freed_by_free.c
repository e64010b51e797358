// freed_by_free.c - the same by free(), which did not get it from malloc().
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/wallclock.h"

#include <stdlib.h>

static void give_back(struct context *c) {
    free(c);
}

static void handle(struct context *c) {
    int64_t unix_ms = wallclock_ms();

    context_set(c, "timestamp", unix_ms);
    struct timestamp_job job = {
        .context = c,
        .unix_ms = unix_ms,
        .release = give_back,
    };
    if (timestamp_job_start(c, job))
        context_message(c, 200, "test success");
}

const struct handler freed_by_free_handler = {.handle = handle};
