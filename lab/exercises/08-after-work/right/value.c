// The work has the value with it; the context stays behind.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/wallclock.h"

static bool read_value(struct timestamp_job *job, int64_t *found) {
    *found = job->value;
    return true;
}

static void handle(struct context *c) {
    int64_t unix_ms = wallclock_ms();

    context_set(c, "timestamp", unix_ms);
    struct timestamp_job job = {
        .read = read_value,
        .value = unix_ms,
        .unix_ms = unix_ms,
    };
    if (timestamp_job_queue_after(c, job))
        context_message(c, 200, "test success");
}

const struct handler fix_handler = {.handle = handle};
