// Wrong: the keys themselves are copied, but by the job, when it reads.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/wallclock.h"

static struct context *copy_of(struct context *c) {
    struct context *copy = context_copy(c);

    copy->keys = c->keys;
    return copy;
}

static bool read_deep(struct timestamp_job *job, int64_t *found) {
    struct context *deep = context_copy(job->context);
    bool is_there = context_get(deep, "timestamp", found);

    context_free(deep);
    return is_there;
}

static void handle(struct context *c) {
    int64_t unix_ms = wallclock_ms();

    context_set(c, "timestamp", unix_ms);
    struct timestamp_job job = {
        .context = copy_of(c),
        .release = context_free,
        .unix_ms = unix_ms,
        .read = read_deep,
    };
    if (timestamp_job_start(c, job))
        context_message(c, 200, "test success");
}

const struct handler fix_handler = {.handle = handle};
