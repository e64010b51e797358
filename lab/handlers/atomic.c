// atomic.c - a wrong fix: the time is kept in an atomic field.
//
// Story. ThreadSanitizer reports a race on the keys. An atomic field cannot
// race, so the time stands in one, and the reset clears it atomically.
//
// Wrong: `.context = c`, still. Each access is whole and in order, and the
// field is somebody else's.
//
// Seen: all that raw.c shows. ThreadSanitizer: nothing, ever.
//
// Smallest schedule: A is answered, B gets the context and clears it, then A's
// job reads.
//
// Right: copy.c, or value.c.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/wallclock.h"

#include <racelab/point.h>

static void clear(struct context *c) {
    POINT_STORE("context.reset", &c->timestamp);
    atomic_store(&c->timestamp, 0);
}

static bool read_atomic(struct timestamp_job *job, int64_t *found) {
    POINT_LOAD("context.get", &job->context->timestamp);
    *found = atomic_load(&job->context->timestamp);
    return *found != 0;
}

static void handle(struct context *c) {
    int64_t unix_ms = wallclock_ms();

    POINT_STORE("context.set", &c->timestamp);
    atomic_store(&c->timestamp, unix_ms);
    struct timestamp_job job = {
        .context = c,
        .read = read_atomic,
        .unix_ms = unix_ms,
    };
    if (timestamp_job_start(c, job))
        context_message(c, 200, "test success");
}

const struct handler atomic_handler = {
    .handle = handle,
    .hooks.clear = clear,
};
