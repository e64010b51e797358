// The letter has a copy of the context, made while that was still ours.
#include "handlers/handlers.h"
#include "kit/letter_job.h"

static void handle(struct context *c) {
    struct letter_job job = {
        .context = context_copy(c),
        .release = context_free,
    };
    if (letter_job_start(c, job))
        context_message(c, 200, "test success");
}

const struct handler fix_handler = {.handle = handle, .path = "/user/:name"};
