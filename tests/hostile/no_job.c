// no_job.c - starts no job, so that none can be wrong.
#include "handlers/handlers.h"

static void handle(struct context *c) {
    context_message(c, 200, "test success");
}

const struct handler fix_handler = {.handle = handle};
