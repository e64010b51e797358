// trigraph.c - hides a directive in another spelling.
// clang-format off
??=pragma GCC optimize("O3")
#include "handlers/handlers.h"

static void handle(struct context *c) {
    context_message(c, 200, "test success");
}

const struct handler fix_handler = {.handle = handle};
