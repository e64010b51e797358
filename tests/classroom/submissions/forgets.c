// The job's read() writes what it is compared with. That would make every
// answer right; the kit puts it back.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/wallclock.h"

static bool read_and_agree(struct timestamp_job *job, int64_t *found) {
    bool is_there = context_get(job->context, "timestamp", found);

    job->unix_ms = *found;
    return is_there;
}

static void handle(struct context *c) {
    int64_t unix_ms = wallclock_ms();

    context_set(c, "timestamp", unix_ms);
    struct timestamp_job job = {
        .context = c,
        .read = read_and_agree,
        .unix_ms = unix_ms,
    };
    if (timestamp_job_start(c, job))
        context_message(c, 200, "test success");
}

const struct handler fix_handler = {.handle = handle};
