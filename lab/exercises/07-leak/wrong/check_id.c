// Wrong: the job notices that the context is another request's, and writes to
// nobody then. Whom it should have written to is lost all the same.
#include "handlers/handlers.h"
#include "kit/letter_job.h"

#include <stdio.h>
#include <string.h>

static const char *read_if_mine(struct letter_job *job) {
    if (strcmp(job->context->id, job->own) != 0)
        return NULL;
    return context_param(job->context, "name");
}

static void handle(struct context *c) {
    struct letter_job job = {
        .context = c,
        .read = read_if_mine,
    };

    snprintf(job.own, sizeof job.own, "%s", c->id);
    if (letter_job_start(c, job))
        context_message(c, 200, "test success");
}

const struct handler fix_handler = {.handle = handle, .path = "/user/:name"};
