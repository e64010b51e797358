// Wrong: who receives and who reads take the lock. No name is torn any more;
// it is another user's, in one piece.
#include "handlers/handlers.h"
#include "kit/name_job.h"

static struct context_name read_locked(struct name_job *job) {
    uv_rwlock_rdlock(&job->context->lock);
    struct context_name name = name_job_look(job->name);
    uv_rwlock_rdunlock(&job->context->lock);
    return name;
}

static void handle(struct context *c) {
    uv_rwlock_wrlock(&c->lock);
    const struct context_name *name = name_job_receive(c);
    uv_rwlock_wrunlock(&c->lock);
    struct name_job job = {
        .name = name,
        .context = c,
        .read = read_locked,
    };
    if (name_job_start(c, job))
        context_message(c, 200, "test success");
}

const struct handler fix_handler = {.handle = handle, .path = "/user"};
