// Wrong, with the right answer: the context with the buffer never goes back.
#include "handlers/handlers.h"
#include "kit/name_job.h"

static void keep(struct context *c) {
    (void)c;
}

static void handle(struct context *c) {
    const struct context_name *name = name_job_receive(c);
    struct name_job job = {
        .name = name,
    };
    if (name_job_start(c, job))
        context_message(c, 200, "test success");
}

const struct handler fix_handler = {
    .handle = handle,
    .path = "/user",
    .hooks.done = keep,
};
