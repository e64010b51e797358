// The job has a copy of the context, and in it a copy of the buffer, which
// context_copy() leaves out.
#include "handlers/handlers.h"
#include "kit/name_job.h"

static void handle(struct context *c) {
    const struct context_name *name = name_job_receive(c);
    struct context *copy = context_copy(c);

    copy->name = *name;
    struct name_job job = {
        .name = &copy->name,
        .context = copy,
        .release = context_free,
    };
    if (name_job_start(c, job))
        context_message(c, 200, "test success");
}

const struct handler fix_handler = {.handle = handle, .path = "/user"};
