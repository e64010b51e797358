// Wrong: the name is asked for in time, and what is kept is where it stood.
#include "handlers/handlers.h"
#include "kit/letter_job.h"

static void handle(struct context *c) {
    struct letter_job job = {
        .name = context_param(c, "name"),
    };
    if (letter_job_start(c, job))
        context_message(c, 200, "test success");
}

const struct handler fix_handler = {.handle = handle, .path = "/user/:name"};
