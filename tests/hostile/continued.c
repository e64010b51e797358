// continued.c - hides a directive behind a comment that goes on.
// clang-format off
// To a reader this is two comments, and the next line is code. \
#pragma GCC optimize("O3")
#include "handlers/handlers.h"

static void handle(struct context *c) {
    context_message(c, 200, "test success");
}

const struct handler fix_handler = {.handle = handle};
