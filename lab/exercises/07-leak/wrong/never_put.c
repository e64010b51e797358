// Wrong, with the right answer: the context never goes back to its pool.
#include "handlers/handlers.h"
#include "kit/letter_job.h"

static void keep(struct context *c) {
    (void)c;
}

static void handle(struct context *c) {
    struct letter_job job = {
        .context = c,
    };
    if (letter_job_start(c, job))
        context_message(c, 200, "test success");
}

const struct handler fix_handler = {
    .handle = handle,
    .path = "/user/:name",
    .hooks.done = keep,
};
