// Wrong: the server is told never to put, so that no context is put twice. Now
// only those that failed are put at all.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/connection.h"
#include "server/server.h"
#include "server/wallclock.h"

#include <string.h>

static bool has_failed(const struct context *c) {
    return strcmp(c->request->query, "fail") == 0;
}

static void keep(struct context *c) {
    (void)c;
}

static void handle(struct context *c) {
    int64_t unix_ms = wallclock_ms();

    if (has_failed(c)) {
        context_message(c, 500, "failed");
        pool_put(&c->server->pool, c);
        return;
    }
    context_set(c, "timestamp", unix_ms);
    struct timestamp_job job = {
        .context = c,
        .unix_ms = unix_ms,
    };
    if (timestamp_job_start(c, job))
        context_message(c, 200, "test success");
}

const struct handler fix_handler = {.handle = handle, .hooks.done = keep};
