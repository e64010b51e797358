// freed_twice.c - a copy that the job frees, and then once more.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/wallclock.h"

static void give_back(struct context *copy) {
    context_free(copy);
    context_free(copy);
}

static void handle(struct context *c) {
    int64_t unix_ms = wallclock_ms();

    context_set(c, "timestamp", unix_ms);
    struct timestamp_job job = {
        .context = context_copy(c),
        .unix_ms = unix_ms,
        .release = give_back,
    };
    if (timestamp_job_start(c, job))
        context_message(c, 200, "test success");
}

const struct handler freed_twice_handler = {.handle = handle};
