// The letter has the name; the context stays behind.
#include "handlers/handlers.h"
#include "kit/letter_job.h"

#include <stdio.h>

static void handle(struct context *c) {
    struct letter_job job = {0};

    snprintf(job.own, sizeof job.own, "%s", context_param(c, "name"));
    if (letter_job_start(c, job))
        context_message(c, 200, "test success");
}

const struct handler fix_handler = {.handle = handle, .path = "/user/:name"};
