// A copy in time, and a race that no point marks: the job counts in a field of
// the handler's context. ThreadSanitizer alone sees it.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/wallclock.h"

static bool read_and_count(struct timestamp_job *job, int64_t *found) {
    struct context *own = (struct context *)job->value;

    own->generation++;
    return context_get(job->context, "timestamp", found);
}

static void handle(struct context *c) {
    int64_t unix_ms = wallclock_ms();

    c->generation = 0;
    context_set(c, "timestamp", unix_ms);
    struct timestamp_job job = {
        .context = context_copy(c),
        .release = context_free,
        .read = read_and_count,
        .value = (int64_t)c,
        .unix_ms = unix_ms,
    };
    if (timestamp_job_start(c, job))
        context_message(c, 200, "test success");
}

const struct handler fix_handler = {.handle = handle};
