// starter.c - the handler of /test, with its bug. Read it; it stays as it is.
//
// It stores the time, starts a job that looks at it ten seconds later, and
// answers. Your schedules say who runs when, and so what the job finds.
//
// The job's way: job.read, then context.get inside the lock, then job.print.
// A request's way: pool.get, context.reset, context.cleared, the handler (for
// /test: context.set inside the lock), pool.put.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/wallclock.h"

static void handle(struct context *c) {
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
