// Wrong: the job takes the lock, and who receives does not.
#include "handlers/handlers.h"
#include "kit/name_job.h"

static struct context_name read_locked(struct name_job *job) {
    uv_rwlock_rdlock(&job->context->lock);
    struct context_name name = name_job_look(job->name);
    uv_rwlock_rdunlock(&job->context->lock);
    return name;
}

static void handle(struct context *c) {
    const struct context_name *name = name_job_receive(c);
    struct name_job job = {
        .name = name,
        .context = c,
        .read = read_locked,
    };
    if (name_job_start(c, job))
        context_message(c, 200, "test success");
}

const struct handler fix_handler = {.handle = handle, .path = "/user"};
