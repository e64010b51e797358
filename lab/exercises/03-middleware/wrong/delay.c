// delay.c - the middleware sleeps until the audit is surely done. Time orders
// nothing, and the loop serves nobody.
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
        uv_sleep(server_delay_ms(c->server) + 1000);
    }
}

static void handle(struct context *c) {
    context_message(c, 200, "test success");
}

const struct handler delay_handler = {
    .middleware = middleware,
    .handle = handle,
};
