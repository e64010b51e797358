// The letter is a user of the context, and was counted before it left.
#include "handlers/handlers.h"
#include "kit/letter_job.h"

static void handle(struct context *c) {
    context_retain(c);
    struct letter_job job = {
        .context = c,
        .release = context_release,
    };
    if (letter_job_start(c, job))
        context_message(c, 200, "test success");
}

const struct handler fix_handler = {
    .handle = handle,
    .path = "/user/:name",
    .hooks.counts_users = true,
};
