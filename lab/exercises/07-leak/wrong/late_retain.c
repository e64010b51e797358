// Wrong: the job counts itself as a user when the letter goes out.
#include "handlers/handlers.h"
#include "kit/letter_job.h"

#include <stdio.h>

static const char *read_retained(struct letter_job *job) {
    context_retain(job->context);
    const char *name = context_param(job->context, "name");
    if (name != NULL)
        snprintf(job->own, sizeof job->own, "%s", name);
    context_release(job->context);
    return name != NULL ? job->own : NULL;
}

static void handle(struct context *c) {
    struct letter_job job = {
        .context = c,
        .read = read_retained,
    };
    if (letter_job_start(c, job))
        context_message(c, 200, "test success");
}

const struct handler fix_handler = {
    .handle = handle,
    .path = "/user/:name",
    .hooks.counts_users = true,
};
