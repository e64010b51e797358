// Wrong: the job copies the name, first thing when it wakes.
#include "handlers/handlers.h"
#include "kit/name_job.h"

static struct context_name read_copy(struct name_job *job) {
    job->own = name_job_look(job->name);
    return job->own;
}

static void handle(struct context *c) {
    const struct context_name *name = name_job_receive(c);
    struct name_job job = {
        .name = name,
        .read = read_copy,
    };
    if (name_job_start(c, job))
        context_message(c, 200, "test success");
}

const struct handler fix_handler = {.handle = handle, .path = "/user"};
