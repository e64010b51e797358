// no_answer.c - the context is the job's for as long as it likes; the client
// waits for an answer that nobody will send.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/pool.h"
#include "server/server.h"
#include "server/wallclock.h"

static void handle(struct context *c) {
    int64_t unix_ms = wallclock_ms();

    context_set(c, "timestamp", unix_ms);
    struct timestamp_job job = {
        .context = context_copy(c),
        .unix_ms = unix_ms,
        .release = context_free,
    };
    if (timestamp_job_start(c, job))
        context_message(c, 200, "test success");
    context_hold(c);
    pool_put(&c->server->pool, c);
}

const struct handler no_answer_handler = {.handle = handle};
