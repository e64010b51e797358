// Wrong: the reset takes the lock, too; that of the context, and the copy has
// another one.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/wallclock.h"

static struct context *copy_of(struct context *c) {
    struct context *copy = context_copy(c);

    copy->keys = c->keys;
    return copy;
}

static void handle(struct context *c) {
    int64_t unix_ms = wallclock_ms();

    context_set(c, "timestamp", unix_ms);
    struct timestamp_job job = {
        .context = copy_of(c),
        .release = context_free,
        .unix_ms = unix_ms,
    };
    if (timestamp_job_start(c, job))
        context_message(c, 200, "test success");
}

const struct handler fix_handler = {
    .handle = handle,
    .hooks.clear = context_clear_locked,
};
