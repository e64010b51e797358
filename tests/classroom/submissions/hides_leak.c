// hides_leak.c - a right fix that leaks behind more blocks than are followed.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/wallclock.h"

#include <stdlib.h>

static void handle(struct context *c) {
    int64_t unix_ms = wallclock_ms();

    for (int i = 0; i < 2000; i++)
        free(malloc(1));
    context_set(c, "timestamp", unix_ms);
    struct timestamp_job job = {
        .context = context_copy(c),
        .unix_ms = unix_ms,
        .release = context_free,
    };
    if (timestamp_job_start(c, job))
        context_message(c, 200, "test success");
    malloc(100);
}

const struct handler hides_leak_handler = {.handle = handle};
