// handlers.h - the bug, the fixes, and what else a route may lead to.
//
// A handler has one name: its file's, its program's, its folder's in
// expected/, its test's. `diff -u raw.c copy.c` is the lesson.
#ifndef LAB_HANDLERS_HANDLERS_H
#define LAB_HANDLERS_HANDLERS_H

#include "server/context.h"
#include "server/hooks.h"

// What a handler's file gives: raw.c gives raw_handler.
struct handler {
    handler_func *middleware; // runs before; NULL when there is none
    handler_func *handle;
    struct hooks hooks; // what its server does otherwise than Gin
    const char *path;   // of its route; NULL: "/test"
};

// All of them: ENTRY(name, a line about it, what its program is told beside).
// First the bug and the right fixes, then the wrong ones, from what everybody
// tries to what nobody expects.
#define HANDLERS_SEED .right = "时间戳相同"
#define HANDLERS(ENTRY)                                                        \
    ENTRY(raw, "the bug: the job gets the handler's own context",              \
          HANDLERS_SEED)                                                       \
    ENTRY(copy, "the fix: the job gets a copy", HANDLERS_SEED)                 \
    ENTRY(value, "a right fix: the job gets the value, and no context",        \
          HANDLERS_SEED)                                                       \
    ENTRY(retain, "a right fix: the context is put by its last user",          \
          HANDLERS_SEED)                                                       \
    ENTRY(middleware_raw, "the same bug, in a middleware", HANDLERS_SEED)      \
    ENTRY(middleware_copy, "the same fix, in a middleware", HANDLERS_SEED)     \
    ENTRY(join, "the loop waits for the job: right, and it serves nobody",     \
          HANDLERS_SEED)                                                       \
    ENTRY(never_put, "the context never goes back: right, and it leaks",       \
          HANDLERS_SEED)                                                       \
    ENTRY(delay, "the handler sleeps, so that the job is done first",          \
          HANDLERS_SEED)                                                       \
    ENTRY(locked, "the reset takes the lock, too: no race, and still wrong",   \
          HANDLERS_SEED)                                                       \
    ENTRY(atomic, "an atomic field: no race, and still wrong", HANDLERS_SEED)  \
    ENTRY(late_copy, "the copy is made in the job", HANDLERS_SEED)             \
    ENTRY(late_copy_locked, "the same, and the reset takes the lock",          \
          HANDLERS_SEED)                                                       \
    ENTRY(late_retain, "the job counts itself as a user, too late",            \
          HANDLERS_SEED)                                                       \
    ENTRY(shallow_copy, "the copy shares the keys", HANDLERS_SEED)             \
    ENTRY(generation, "the job notices that the context is another's",         \
          HANDLERS_SEED)                                                       \
    ENTRY(after_work, "the loop reads, after work in the thread pool",         \
          HANDLERS_SEED, .workers = 1)                                         \
    ENTRY(busy_pool, "a thread pool with one worker, which is busy",           \
          HANDLERS_SEED, .workers = 1)                                         \
    ENTRY(malloc_free, "no pool: the context is allocated and freed",          \
          HANDLERS_SEED, .is_undefined = true)                                 \
    ENTRY(late_params, "a route parameter, read late: another user's",         \
          .right = "参数相同", .requests = "/user/Ada,/user/Grace")            \
    ENTRY(view, "a pointer into the receive buffer: a torn string",            \
          .right = "名字相同",                                                 \
          .requests = "/user?Ada.Lovelace,/user?Grace.Hopper")                 \
    ENTRY(double_put, "the context is put twice: two requests have it",        \
          HANDLERS_SEED, .requests = "/test,/test,/test?fail")                 \
    ENTRY(timeout, "a timer answers while the job still writes", HANDLERS_SEED)

#define HANDLERS_DECLARE(stem, text, ...)                                      \
    extern const struct handler stem##_handler;
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

// The routes of the seed: /test (or the handler's own path) leads to `handler`,
// /testfix to the fix, and /healthcheck to healthcheck().
void handlers_route(const struct handler *handler, struct engine *engine);

#endif
