// GET /user/:name starts a letter to that user, which goes out ten seconds
// later. Some letters come to somebody else.
#include "handlers/handlers.h"
#include "kit/letter_job.h"

static void handle(struct context *c) {
    // TODO: the letter must go to the user of this request, whenever it goes.
    struct letter_job job = {
        .context = c,
    };
    if (letter_job_start(c, job))
        context_message(c, 200, "test success");
}

const struct handler fix_handler = {.handle = handle, .path = "/user/:name"};
