// The job has the name itself, and not the place where it was received.
#include "handlers/handlers.h"
#include "kit/name_job.h"

static void handle(struct context *c) {
    const struct context_name *name = name_job_receive(c);
    struct name_job job = {
        .own = *name,
    };
    if (name_job_start(c, job))
        context_message(c, 200, "test success");
}

const struct handler fix_handler = {.handle = handle, .path = "/user"};
