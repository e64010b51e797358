// Wrong: the handler gives back by context_release(). It was counted once, for
// the server, and now the server has none left to give.
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
        context_release(c);
        return;
    }
    context_set(c, "timestamp", unix_ms);
    context_retain(c);
    struct timestamp_job job = {
        .context = c,
        .release = context_release,
        .unix_ms = unix_ms,
    };
    if (timestamp_job_start(c, job))
        context_message(c, 200, "test success");
}

const struct handler fix_handler = {
    .handle = handle,
    .hooks.counts_users = true,
};
