// delay.c - a wrong fix: the handler sleeps, so that the job is done first.
//
// Story. The job sleeps ten seconds. A handler that sleeps for eleven surely
// returns after it, and the context is still its own when the job reads.
//
// Wrong: `uv_sleep()`. Time orders nothing: on a busy machine the job may come
// later all the same. And a loop that sleeps serves nobody.
//
// Seen: all that raw.c shows. ThreadSanitizer: context_clear() writes,
// context_find() reads. The harness finds a blocked loop, too.
//
// Smallest schedule: A is answered, B gets the context and clears it, then A's
// job reads.
//
// Right: copy.c.
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
        uv_sleep(server_delay_ms(c->server) + 1000);
        context_message(c, 200, "test success");
    }
}

const struct handler delay_handler = {.handle = handle};
