// Wrong: the handler sleeps for longer than the work does. It is the loop that
// sleeps, and the loop that should read.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/server.h"
#include "server/wallclock.h"

static void handle(struct context *c) {
    int64_t unix_ms = wallclock_ms();

    context_set(c, "timestamp", unix_ms);
    struct timestamp_job job = {
        .context = c,
        .unix_ms = unix_ms,
    };
    if (timestamp_job_queue_after(c, job)) {
        uv_sleep(server_delay_ms(c->server) + 1000);
        context_message(c, 200, "test success");
    }
}

const struct handler fix_handler = {.handle = handle};
