// generation.c - half a fix: the job notices that the context is not its own.
//
// Story. Each reset counts the context's generation up, under the lock. The job
// knows which one it was given, and reads nothing of another.
//
// Wrong: `.context = c`, still. That it is no longer ours is found out, and
// what was ours is lost all the same: this fails fast, and mends nothing.
//
// Seen: 时间戳相同 (same), or 数据不存在 (missing) as soon as another request
// has had the context; never somebody else's. ThreadSanitizer: nothing, ever.
//
// Smallest schedule: A is answered, B gets the context and clears it, then A's
// job reads.
//
// Right: copy.c.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/wallclock.h"

static void clear(struct context *c) {
    uv_rwlock_wrlock(&c->lock);
    context_clear(c);
    c->generation++;
    uv_rwlock_wrunlock(&c->lock);
}

static bool read_if_mine(struct timestamp_job *job, int64_t *found) {
    struct context *c = job->context;

    uv_rwlock_rdlock(&c->lock);
    bool is_there =
        context_find(c, "timestamp", found) && c->generation == job->generation;
    uv_rwlock_rdunlock(&c->lock);
    return is_there;
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
    if (timestamp_job_start(c, job))
        context_message(c, 200, "test success");
}

const struct handler generation_handler = {
    .handle = handle,
    .hooks.clear = clear,
};
