// own_copy_kept.c - a copy made by hand is right, and nobody ever frees it.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/wallclock.h"

#include <stdlib.h>

static void handle(struct context *c) {
    int64_t unix_ms = wallclock_ms();

    context_set(c, "timestamp", unix_ms);
    struct context *own = malloc(sizeof *own);
    *own = *c;
    own->keys = &own->own_keys;
    struct timestamp_job job = {
        .context = own,
        .unix_ms = unix_ms,
    };
    if (timestamp_job_start(c, job))
        context_message(c, 200, "test success");
}

const struct handler own_copy_kept_handler = {.handle = handle};
