// The job is a user of the context, and was counted before it started: the
// context goes back when both the answer and the job are done.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/after.h"
#include "server/server.h"
#include "server/wallclock.h"

static bool read_and_note(struct timestamp_job *job, int64_t *found) {
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
    context_retain(c);
    struct timestamp_job job = {
        .context = c,
        .release = context_release,
        .read = read_and_note,
        .unix_ms = unix_ms,
    };
    if (timestamp_job_start(c, job))
        context_after(c, server_delay_ms(c->server) / 2, answer, NULL);
}

const struct handler fix_handler = {
    .handle = handle,
    .hooks.counts_users = true,
};
