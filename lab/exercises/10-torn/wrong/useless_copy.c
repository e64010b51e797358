// Wrong: the context is copied, and the pointer is the old one.
#include "handlers/handlers.h"
#include "kit/name_job.h"

static void handle(struct context *c) {
    const struct context_name *name = name_job_receive(c);
    struct name_job job = {
        .name = name,
        .context = context_copy(c),
        .release = context_free,
    };
    if (name_job_start(c, job))
        context_message(c, 200, "test success");
}

const struct handler fix_handler = {.handle = handle, .path = "/user"};
