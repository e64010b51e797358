// Wrong: the copy is made by the job, which may come after the answer.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/after.h"
#include "server/server.h"
#include "server/wallclock.h"

static bool read_and_note(struct timestamp_job *job, int64_t *found) {
    struct context *copy = context_copy(job->context);
    bool is_there = context_get(copy, "timestamp", found);

    context_set(copy, "result", 1);
    context_free(copy);
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
        .read = read_and_note,
        .unix_ms = unix_ms,
    };
    if (timestamp_job_start(c, job))
        context_after(c, server_delay_ms(c->server) / 2, answer, NULL);
}

const struct handler fix_handler = {.handle = handle};
