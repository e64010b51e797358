// fix.c - the handler of /test: store the time, start a job, answer.
//
// The job sleeps for ten seconds, reads "timestamp" from the context that it
// was given, and compares it with unix_ms. handlers/timestamp_job.h says what
// it can be told, server/context.h what a context can do.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/wallclock.h"

static void handle(struct context *c) {
    int64_t unix_ms = wallclock_ms();

    context_set(c, "timestamp", unix_ms);
    struct timestamp_job job = {
        // TODO: the job reads here ten seconds from now. Whose is it then?
        .context = c,
        .unix_ms = unix_ms,
    };
    if (timestamp_job_start(c, job))
        context_message(c, 200, "test success");
}

const struct handler fix_handler = {.handle = handle};
