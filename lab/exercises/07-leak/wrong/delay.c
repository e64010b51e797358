// Wrong: the handler sleeps, so that the letter is out before it returns.
#include "handlers/handlers.h"
#include "kit/letter_job.h"
#include "server/server.h"

static void handle(struct context *c) {
    struct letter_job job = {
        .context = c,
    };
    if (letter_job_start(c, job)) {
        uv_sleep(server_delay_ms(c->server) + 1000);
        context_message(c, 200, "test success");
    }
}

const struct handler fix_handler = {.handle = handle, .path = "/user/:name"};
