// Wrong: the copy is made by the job, when the letter goes out.
#include "handlers/handlers.h"
#include "kit/letter_job.h"

#include <stdio.h>

static const char *read_copy(struct letter_job *job) {
    struct context *copy = context_copy(job->context);
    const char *name = context_param(copy, "name");

    if (name != NULL)
        snprintf(job->own, sizeof job->own, "%s", name);
    context_free(copy);
    return name != NULL ? job->own : NULL;
}

static void handle(struct context *c) {
    struct letter_job job = {
        .context = c,
        .read = read_copy,
    };
    if (letter_job_start(c, job))
        context_message(c, 200, "test success");
}

const struct handler fix_handler = {.handle = handle, .path = "/user/:name"};
