// join.c - a wrong fix with the right answer: the handler waits for its job.
//
// Story. As in raw.c, but the handler does not return before the job has ended.
// So the context is the job's to read for as long as it lives.
//
// Wrong: `job_join_last()`, in a callback of the loop. The loop stands still
// for ten seconds: no other client is served, and the answer comes late.
//
// Seen: 时间戳相同 (same), under every schedule. ThreadSanitizer: nothing. The
// harness finds a blocked loop.
//
// Smallest schedule: any.
//
// Right: copy.c, or value.c.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/server.h"
#include "server/wallclock.h"

static void handle(struct context *c) {
    int64_t unix_ms = wallclock_ms();

    context_set(c, "timestamp", unix_ms);
    struct timestamp_job job = {
        .context = c,
        .unix_ms = unix_ms,
    };
    if (timestamp_job_start(c, job)) {
        job_join_last(&c->server->jobs);
        context_message(c, 200, "test success");
    }
}

const struct handler join_handler = {.handle = handle};
