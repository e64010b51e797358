// never_put.c - a wrong fix with the right answer: the context never goes back.
//
// Story. As in raw.c, but the server does not put the context back when it has
// answered. So nobody else can get it, and the job may read it whenever it
// likes.
//
// Wrong: `.done = keep`. Nobody puts it later, either: each request makes a new
// context, and the memory of the server grows until there is none left.
//
// Seen: 时间戳相同 (same), under every schedule. ThreadSanitizer: nothing. The
// harness finds a leak.
//
// Smallest schedule: any.
//
// Right: retain.c, which puts it when the job is done with it.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/wallclock.h"

static void keep(struct context *c) {
    (void)c;
}

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

const struct handler never_put_handler = {
    .handle = handle,
    .hooks.done = keep,
};
