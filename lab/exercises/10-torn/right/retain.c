// The job is a user of the context, and so of its buffer, and was counted
// before it started.
#include "handlers/handlers.h"
#include "kit/name_job.h"

static void handle(struct context *c) {
    const struct context_name *name = name_job_receive(c);

    context_retain(c);
    struct name_job job = {
        .name = name,
        .context = c,
        .release = context_release,
    };
    if (name_job_start(c, job))
        context_message(c, 200, "test success");
}

const struct handler fix_handler = {
    .handle = handle,
    .path = "/user",
    .hooks.counts_users = true,
};
