// no_job.c - the job is left out. Nothing goes wrong, and nothing is done.
#include "handlers/handlers.h"
#include "server/wallclock.h"

static void handle(struct context *c) {
    context_set(c, "timestamp", wallclock_ms());
    context_message(c, 200, "test success");
}

const struct handler no_job_handler = {.handle = handle};
