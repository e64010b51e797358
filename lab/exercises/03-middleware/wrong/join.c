// join.c - the middleware waits for its audit. The loop serves nobody until
// then.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/server.h"
#include "server/wallclock.h"

static void middleware(struct context *c) {
    int64_t unix_ms = wallclock_ms();

    context_set(c, "timestamp", unix_ms);
    struct timestamp_job job = {
        .context = c,
        .unix_ms = unix_ms,
    };
    if (timestamp_job_start(c, job)) {
        context_next(c);
        job_join_last(&c->server->jobs);
    }
}

static void handle(struct context *c) {
    context_message(c, 200, "test success");
}

const struct handler join_handler = {
    .middleware = middleware,
    .handle = handle,
};
