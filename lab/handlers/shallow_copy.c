// shallow_copy.c - a wrong fix: the copy shares the keys.
//
// Story. The job gets a copy of the context, made in time. To save a few bytes
// it points to the same keys.
//
// Wrong: `copy->keys = c->keys`. The copy has a lock of its own, and what it
// guards is the keys of a context that others get, clear and fill.
//
// Seen: all that raw.c shows. ThreadSanitizer: context_clear() and
// context_set() write, context_find() reads.
//
// Smallest schedule: A is answered, B gets the context and clears it, then A's
// job reads.
//
// Right: copy.c, which copies the keys.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/wallclock.h"

static struct context *copy_shallow(struct context *c) {
    struct context *copy = context_copy(c);

    copy->keys = c->keys;
    return copy;
}

static void handle(struct context *c) {
    int64_t unix_ms = wallclock_ms();

    context_set(c, "timestamp", unix_ms);
    struct timestamp_job job = {
        .context = copy_shallow(c),
        .release = context_free,
        .unix_ms = unix_ms,
    };
    if (timestamp_job_start(c, job))
        context_message(c, 200, "test success");
}

const struct handler shallow_copy_handler = {.handle = handle};
