// value.c - the fix of copy.c, made smaller: the job gets the value.
//
// Story. What the job wants of the context is one number. It is taken out while
// the context is still ours, and the context does not escape at all.
//
// Right: `.read = read_value`, which looks at the job's own number. Where a job
// wants less than a context, this is the simplest fix there is.
//
// Seen: 时间戳相同 (same), under every schedule. ThreadSanitizer: nothing.
//
// Smallest schedule: any.
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
    if (timestamp_job_start(c, job))
        context_message(c, 200, "test success");
}

const struct handler value_handler = {.handle = handle};
