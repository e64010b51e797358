// timeout.c - the answer is sent while the handler's job still writes.
//
// Story. A job may take too long. So a timer answers 503 in its place, and the
// request is over; a job that comes later finds its client gone.
//
// Wrong: `context_finish()` in answer(), with the job under way. The context
// goes back to the pool, and the job reads and writes the next request's.
//
// Seen: all that raw.c shows, and B finds A's result among its keys.
// ThreadSanitizer: context_clear() and context_set() write, context_find()
// reads.
//
// Smallest schedule: A's timer fires, B gets the context and clears it, then
// A's job reads.
//
// Right: copy.c. The job has a copy, and gives its result to nobody, or to the
// loop, which knows whether the request is still open.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/after.h"
#include "server/server.h"
#include "server/wallclock.h"

static bool read_and_write(struct timestamp_job *job, int64_t *found) {
    bool is_there = context_get(job->context, "timestamp", found);

    context_set(job->context, "result", 1);
    return is_there;
}

static void answer(struct context *c, void *data) {
    (void)data;
    context_message(c, 503, "timeout");
    context_finish(c);
}

static void handle(struct context *c) {
    int64_t unix_ms = wallclock_ms();

    context_set(c, "timestamp", unix_ms);
    struct timestamp_job job = {
        .context = c,
        .read = read_and_write,
        .unix_ms = unix_ms,
    };
    if (timestamp_job_start(c, job))
        context_after(c, server_delay_ms(c->server) / 2, answer, NULL);
}

const struct handler timeout_handler = {.handle = handle};
