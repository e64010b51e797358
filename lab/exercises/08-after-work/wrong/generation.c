// Wrong: the loop notices that the context is another's, and reads nothing.
// What was ours is lost all the same.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/wallclock.h"

static void clear(struct context *c) {
    context_clear(c);
    c->generation++;
}

static bool read_if_mine(struct timestamp_job *job, int64_t *found) {
    return job->context->generation == job->generation &&
           context_get(job->context, "timestamp", found);
}

static void handle(struct context *c) {
    int64_t unix_ms = wallclock_ms();

    context_set(c, "timestamp", unix_ms);
    struct timestamp_job job = {
        .context = c,
        .generation = c->generation,
        .read = read_if_mine,
        .unix_ms = unix_ms,
    };
    if (timestamp_job_queue_after(c, job))
        context_message(c, 200, "test success");
}

const struct handler fix_handler = {.handle = handle, .hooks.clear = clear};
