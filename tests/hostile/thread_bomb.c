// thread_bomb.c - starts threads without end.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/wallclock.h"

#include <uv.h>

static void stay(void *argument) {
    (void)argument;
    uv_sleep(1000000);
}

static void handle(struct context *c) {
    uv_thread_t thread;

    while (uv_thread_create(&thread, stay, NULL) == 0)
        continue;
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
