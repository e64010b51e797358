// early_reset.c - the context is cleared when it goes back, under the lock, so
// that no request finds what another one left. The job finds nothing either.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/server.h"
#include "server/wallclock.h"

static void clear_and_put(struct context *c) {
    context_clear_locked(c);
    pool_put(&c->server->pool, c);
}

static void handle(struct context *c) {
    int64_t unix_ms = wallclock_ms();

    context_set(c, "timestamp", unix_ms);
    struct timestamp_job job = {
        .context = c,
        .unix_ms = unix_ms,
    };
    if (timestamp_job_start(c, job))
        context_message(c, 200, "test success");
}

const struct handler early_reset_handler = {
    .handle = handle,
    .hooks = {.clear = context_clear_locked, .done = clear_and_put},
};
