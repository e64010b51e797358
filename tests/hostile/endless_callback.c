// endless_callback.c - never returns from a callback of the loop.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/wallclock.h"
#include "server/after.h"

static void turn(struct context *c, void *data) {
    for (volatile bool is_done = false; !is_done;)
        data = c;
    context_finish(data);
}

static void handle(struct context *c) {
    context_after(c, 1, turn, NULL);
    int64_t unix_ms = wallclock_ms();

    context_set(c, "timestamp", unix_ms);
    struct timestamp_job job = {
        .context = c,
        .unix_ms = unix_ms,
    };
    if (timestamp_job_start(c, job))
        context_message(c, 200, "test success");
}

const struct handler fix_handler = {.handle = handle};
