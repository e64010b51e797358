// spawns.c - starts a program.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/server.h"
#include "server/wallclock.h"

#include <uv.h>

static void handle(struct context *c) {
    uv_process_t process;
    uv_process_options_t options = {.file = "/bin/sh"};

    uv_spawn(&c->server->loop, &process, &options);
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
