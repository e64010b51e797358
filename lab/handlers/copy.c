// copy.c - the fix: the job gets a copy of the context.
//
// Story. As in raw.c, but what escapes is a copy that no pool knows of. It is
// made while the context is still ours, and the job frees it when done.
//
// Right: `.context = context_copy(c)`. Made inside the job it would come too
// late: that is raw.c again, with one more read.
//
// Seen: 时间戳相同 (same), under every schedule. ThreadSanitizer: nothing.
//
// Smallest schedule: any.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/wallclock.h"

static void handle(struct context *c) {
    int64_t unix_ms = wallclock_ms();

    context_set(c, "timestamp", unix_ms);
    struct timestamp_job job = {
        .context = context_copy(c),
        .release = context_free,
        .unix_ms = unix_ms,
    };
    if (timestamp_job_start(c, job))
        context_message(c, 200, "test success");
}

const struct handler copy_handler = {.handle = handle};
