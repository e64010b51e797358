// Wrong: the job has a copy of the context, and its buffer is empty: what
// context_copy() copies are the keys and the parameters.
#include "handlers/handlers.h"
#include "kit/name_job.h"

static void handle(struct context *c) {
    name_job_receive(c);
    struct context *copy = context_copy(c);
    struct name_job job = {
        .name = &copy->name,
        .context = copy,
        .release = context_free,
    };
    if (name_job_start(c, job))
        context_message(c, 200, "test success");
}

const struct handler fix_handler = {.handle = handle, .path = "/user"};
