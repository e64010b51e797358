// Wrong: the handler sleeps, so that the job has read before it returns.
#include "handlers/handlers.h"
#include "kit/name_job.h"
#include "server/server.h"

static void handle(struct context *c) {
    const struct context_name *name = name_job_receive(c);
    struct name_job job = {
        .name = name,
    };
    if (name_job_start(c, job)) {
        uv_sleep(server_delay_ms(c->server) + 1000);
        context_message(c, 200, "test success");
    }
}

const struct handler fix_handler = {.handle = handle, .path = "/user"};
