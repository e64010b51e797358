// stack_overflow.c - calls itself until there is no stack.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/wallclock.h"

static int deeper(volatile int *above) {
    volatile int here[1000];

    here[0] = *above;
    return deeper(here) + here[0];
}

static void handle(struct context *c) {
    volatile int begin = 0;

    c->status = deeper(&begin);
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
