// engine.h - a small Gin: routes, and the servers that answer them.
//
//     struct engine *engine = engine_new(&(struct engine_options){...});
//     router_handle(engine_root(engine), "GET", "/ping", ping);
//     if (engine_listen(engine) == 0)
//         engine_run(engine);
//     engine_free(engine);
//
// Rules
//   - Options and routes are set before engine_listen() and only read later.
//   - Two engines share nothing, at once or one after the other.
#ifndef LAB_SERVER_ENGINE_H
#define LAB_SERVER_ENGINE_H

#include "hooks.h"
#include "router.h"

#include <stdbool.h>

struct engine;

struct engine_options {
    const char *host;   // an address, or "localhost"
    unsigned port;      // 0: any that is free
    unsigned loops;     // 1 to LOOPS_MAX; the first is the calling thread's
    unsigned delay_ms;  // how long the jobs of handlers wait; for them to read
    bool logs;          // a line a request on standard output
    bool is_quiet;      // not a word on standard error
    bool wants_signals; // SIGINT and SIGTERM stop it
    struct hooks hooks; // what it does otherwise than Gin
};

// Gives an engine. The options are copied, `host` is borrowed.
struct engine *engine_new(const struct engine_options *options);

// Takes an engine that does not run.
void engine_free(struct engine *engine);

// The group of all routes.
struct router_group *engine_root(struct engine *engine);

// Listens with all loops. 0, or libuv's error: UV_EADDRINUSE when the port is
// taken, UV_EINVAL when the host is no address.
int engine_listen(struct engine *engine);

// The port that it listens on.
unsigned engine_port(const struct engine *engine);

// Serves until it is stopped, by a signal or by engine_stop(). Then answers
// what is in flight and joins the jobs. A second signal ends the process.
void engine_run(struct engine *engine);

// From any thread, between engine_listen() and engine_free().
void engine_stop(struct engine *engine);

// For servers and handlers.
const struct engine_options *engine_options(const struct engine *engine);
const struct router *engine_router(const struct engine *engine);

// The number of the request that has just come; the first is 1.
unsigned long engine_count_request(struct engine *engine);

#endif
