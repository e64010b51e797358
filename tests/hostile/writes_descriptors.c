// writes_descriptors.c - writes to all that it may have inherited.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/wallclock.h"

long write(int end, const void *bytes, unsigned long count);

static void handle(struct context *c) {
    for (int end = 0; end < 1024; end++)
        write(end, "passed", 6);
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
