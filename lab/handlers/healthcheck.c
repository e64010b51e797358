#include "handlers/handlers.h"

void healthcheck(struct context *c) {
    context_message(c, 200, "ok");
}
