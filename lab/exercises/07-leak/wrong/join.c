// Wrong, with the right answer: the loop waits until the letter is out.
#include "handlers/handlers.h"
#include "kit/letter_job.h"
#include "server/server.h"

static void handle(struct context *c) {
    struct letter_job job = {
        .context = c,
    };
    if (letter_job_start(c, job)) {
        job_join_last(&c->server->jobs);
        context_message(c, 200, "test success");
    }
}

const struct handler fix_handler = {.handle = handle, .path = "/user/:name"};
