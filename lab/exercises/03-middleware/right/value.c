// value.c - the audit gets the time, and no context.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/wallclock.h"

static bool read_value(struct timestamp_job *job, int64_t *found) {
    *found = job->value;
    return true;
}

static void middleware(struct context *c) {
    int64_t unix_ms = wallclock_ms();

    context_set(c, "timestamp", unix_ms);
    struct timestamp_job job = {
        .read = read_value,
        .value = unix_ms,
        .unix_ms = unix_ms,
    };
    if (timestamp_job_start(c, job))
        context_next(c);
}

static void handle(struct context *c) {
    context_message(c, 200, "test success");
}

const struct handler value_handler = {
    .middleware = middleware,
    .handle = handle,
};
