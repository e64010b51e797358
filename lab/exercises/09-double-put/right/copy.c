// The same, and the job has a copy: nobody needs to be counted.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/connection.h"
#include "server/wallclock.h"

#include <string.h>

static bool has_failed(const struct context *c) {
    return strcmp(c->request->query, "fail") == 0;
}

static void handle(struct context *c) {
    int64_t unix_ms = wallclock_ms();

    if (has_failed(c)) {
        context_message(c, 500, "failed");
        return;
    }
    context_set(c, "timestamp", unix_ms);
    struct timestamp_job job = {
        .context = context_copy(c),
        .release = context_free,
        .unix_ms = unix_ms,
    };
    if (timestamp_job_start(c, job))
        context_message(c, 200, "test success");
}

const struct handler fix_handler = {.handle = handle};
