// Wrong: the job takes the lock of the context. Nobody else does for the
// parameters, and a lock that one side takes keeps nobody out.
#include "handlers/handlers.h"
#include "kit/letter_job.h"

#include <stdio.h>

static const char *read_locked(struct letter_job *job) {
    uv_rwlock_rdlock(&job->context->lock);
    const char *name = context_param(job->context, "name");
    if (name != NULL)
        snprintf(job->own, sizeof job->own, "%s", name);
    uv_rwlock_rdunlock(&job->context->lock);
    return name != NULL ? job->own : NULL;
}

static void handle(struct context *c) {
    struct letter_job job = {
        .context = c,
        .read = read_locked,
    };
    if (letter_job_start(c, job))
        context_message(c, 200, "test success");
}

const struct handler fix_handler = {
    .handle = handle,
    .path = "/user/:name",
    .hooks.clear = context_clear_locked,
};
