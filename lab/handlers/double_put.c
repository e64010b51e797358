// double_put.c - a context is put back twice, and two requests have it.
//
// Story. Users of a context are counted, as in retain.c. A request that fails
// is turned away at once, and its context put back, to be sure.
//
// Wrong: `pool_put()` in handle(). The server puts it when the handler returns:
// now it lies in the pool twice, and two requests get it, one after the other,
// however well they count their users.
//
// Seen: all that raw.c shows. ThreadSanitizer: context_clear() writes,
// context_find() reads. The harness finds the second put.
//
// Smallest schedule: C fails; A comes, is answered, and has a job; B gets the
// same context and clears it; then A's job reads.
//
// Right: without that line. What the server has given, the server takes back.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/connection.h"
#include "server/server.h"
#include "server/wallclock.h"

#include <string.h>

static void handle(struct context *c) {
    int64_t unix_ms = wallclock_ms();

    if (strcmp(c->request->query, "fail") == 0) {
        context_message(c, 500, "failed");
        pool_put(&c->server->pool, c);
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

const struct handler double_put_handler = {
    .handle = handle,
    .hooks.counts_users = true,
};
