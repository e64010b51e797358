// own_copy.c - right: a copy made by hand, with keys of its own, which the job
// frees.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/wallclock.h"

#include <stdlib.h>

static void give_back(struct context *own) {
    free(own);
}

static void handle(struct context *c) {
    int64_t unix_ms = wallclock_ms();

    context_set(c, "timestamp", unix_ms);
    struct context *own = malloc(sizeof *own);
    *own = *c;
    own->keys = &own->own_keys;
    struct timestamp_job job = {
        .context = own,
        .unix_ms = unix_ms,
        .release = give_back,
    };
    if (timestamp_job_start(c, job))
        context_message(c, 200, "test success");
}

const struct handler own_copy_handler = {.handle = handle};
