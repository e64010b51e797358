// GET /user?Ada.Lovelace starts a job that greets Ada Lovelace, ten seconds
// later. Some greetings are for Grace Lovelace, who does not exist.
#include "handlers/handlers.h"
#include "kit/name_job.h"

static void handle(struct context *c) {
    const struct context_name *name = name_job_receive(c);
    // TODO: the job must greet the user of this request, whenever it does.
    struct name_job job = {
        .name = name,
    };
    if (name_job_start(c, job))
        context_message(c, 200, "test success");
}

const struct handler fix_handler = {.handle = handle, .path = "/user"};
