// Wrong: the loop makes a copy, when the work is done.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/wallclock.h"

static bool read_copy(struct timestamp_job *job, int64_t *found) {
    struct context *copy = context_copy(job->context);
    bool is_there = context_get(copy, "timestamp", found);

    context_free(copy);
    return is_there;
}

static void handle(struct context *c) {
    int64_t unix_ms = wallclock_ms();

    context_set(c, "timestamp", unix_ms);
    struct timestamp_job job = {
        .context = c,
        .read = read_copy,
        .unix_ms = unix_ms,
    };
    if (timestamp_job_queue_after(c, job))
        context_message(c, 200, "test success");
}

const struct handler fix_handler = {.handle = handle};
