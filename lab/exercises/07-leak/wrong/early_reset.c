// Wrong: the parameters are cleared as soon as the request is over, and not
// when the next one comes. Nobody's letter comes to another; it comes to
// nobody.
#include "handlers/handlers.h"
#include "kit/letter_job.h"
#include "server/server.h"

static void clear_and_put(struct context *c) {
    context_reset(c);
    pool_put(&c->server->pool, c);
}

static void handle(struct context *c) {
    struct letter_job job = {
        .context = c,
    };
    if (letter_job_start(c, job))
        context_message(c, 200, "test success");
}

const struct handler fix_handler = {
    .handle = handle,
    .path = "/user/:name",
    .hooks.done = clear_and_put,
};
