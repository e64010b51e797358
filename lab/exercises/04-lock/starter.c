// fix.c - the bug of the seed, and a lock: the reset takes the context's lock,
// too, before it clears the keys. ThreadSanitizer has nothing to say any more,
// and the console is as wrong as before.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/wallclock.h"

static void handle(struct context *c) {
    int64_t unix_ms = wallclock_ms();

    context_set(c, "timestamp", unix_ms);
    struct timestamp_job job = {
        // TODO: the lock says when the job may look. Whose data does it see?
        .context = c,
        .unix_ms = unix_ms,
    };
    if (timestamp_job_start(c, job))
        context_message(c, 200, "test success");
}

const struct handler fix_handler = {
    .handle = handle,
    .hooks.clear = context_clear_locked,
};
