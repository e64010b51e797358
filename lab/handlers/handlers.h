// handlers.h - the bug, the fixes, and what else a route may lead to.
//
// A handler has one name: its file's, its program's, its folder's in
// expected/, its test's. `diff -u raw.c copy.c` is the lesson.
#ifndef LAB_HANDLERS_HANDLERS_H
#define LAB_HANDLERS_HANDLERS_H

#include "server/context.h"

// What a handler's file gives: raw.c gives raw_handler.
struct handler {
    handler_func *middleware; // runs before; NULL when there is none
    handler_func *handle;
};

// All of them: ENTRY(name, a line about it).
#define HANDLERS(ENTRY)                                                        \
    ENTRY(raw, "the bug: the job gets the handler's own context")              \
    ENTRY(copy, "the fix: the job gets a copy")                                \
    ENTRY(middleware_raw, "the same bug, in a middleware")                     \
    ENTRY(middleware_copy, "the same fix, in a middleware")

#define HANDLERS_DECLARE(stem, text) extern const struct handler stem##_handler;
HANDLERS(HANDLERS_DECLARE)
#undef HANDLERS_DECLARE

struct handlers_entry {
    const char *name; // NULL ends the table
    const char *summary;
    const struct handler *handler;
};

extern const struct handlers_entry handlers_table[];

// NULL when there is none of that name.
const struct handler *handlers_find(const char *name);

// Answers that all is well. Not a lesson: it is the request that comes next.
void healthcheck(struct context *c);

struct engine;

// The routes of the seed: /test leads to `handler`, /testfix to the fix, and
// /healthcheck to healthcheck().
void handlers_route(const struct handler *handler, struct engine *engine);

#endif
