// freed_copy.c - the handler makes the copy in time, and frees it in time, too:
// before the job has read from it.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/wallclock.h"

static void handle(struct context *c) {
    int64_t unix_ms = wallclock_ms();

    context_set(c, "timestamp", unix_ms);
    struct context *copy = context_copy(c);
    struct timestamp_job job = {
        .context = copy,
        .unix_ms = unix_ms,
    };
    if (timestamp_job_start(c, job))
        context_message(c, 200, "test success");
    context_free(copy);
}

const struct handler freed_copy_handler = {.handle = handle};
