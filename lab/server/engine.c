#include "engine.h"

#include "heap.h"
#include "server.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

enum { SIGNALS = 2 };

struct engine {
    struct engine_options options;
    struct router router;
    struct router_group root;
    atomic_ulong requests; // relaxed: it counts, and orders nothing
    uv_signal_t signals[SIGNALS];
    unsigned server_count; // how many of `servers` are initialised
    uv_thread_t threads[LOOPS_MAX];
    struct server servers[];
};

struct engine *engine_new(const struct engine_options *options) {
    struct engine *engine =
        heap_new(sizeof *engine + options->loops * sizeof *engine->servers);

    engine->options = *options;
    router_init(&engine->router);
    engine->root = router_root(&engine->router);
    atomic_init(&engine->requests, 0);
    return engine;
}

void engine_free(struct engine *engine) {
    for (unsigned i = 0; i < engine->server_count; i++)
        server_done(&engine->servers[i]);
    router_done(&engine->router);
    free(engine);
}

struct router_group *engine_root(struct engine *engine) {
    return &engine->root;
}

const struct engine_options *engine_options(const struct engine *engine) {
    return &engine->options;
}

const struct router *engine_router(const struct engine *engine) {
    return &engine->router;
}

unsigned long engine_count_request(struct engine *engine) {
    return 1 + atomic_fetch_add_explicit(&engine->requests, 1,
                                         memory_order_relaxed);
}

unsigned engine_port(const struct engine *engine) {
    return server_port(&engine->servers[0]);
}

// No name server is asked: localhost is 127.0.0.1 by definition.
static int parse_address(const char *host, unsigned port,
                         struct sockaddr_storage *address) {
    if (strcmp(host, "localhost") == 0)
        host = "127.0.0.1";
    if (uv_ip4_addr(host, (int)port, (struct sockaddr_in *)address) == 0)
        return 0;
    return uv_ip6_addr(host, (int)port, (struct sockaddr_in6 *)address);
}

int engine_listen(struct engine *engine) {
    unsigned port = engine->options.port;
    unsigned loops = engine->options.loops;

    for (unsigned i = 0; i < loops; i++) {
        struct sockaddr_storage address;
        int error = parse_address(engine->options.host, port, &address);
        if (error == 0)
            error = server_init(&engine->servers[i], engine);
        if (error != 0)
            return error;
        engine->server_count++;
        error = server_listen(&engine->servers[i], (struct sockaddr *)&address,
                              i == 0, loops > 1);
        if (error != 0)
            return error;
        port = engine_port(engine); // the others have what the first has got
    }
    return 0;
}

static void stop_others(struct engine *engine) {
    for (unsigned i = 1; i < engine->server_count; i++)
        server_stop_async(&engine->servers[i]);
}

void engine_stop(struct engine *engine) {
    server_stop_async(&engine->servers[0]);
    stop_others(engine);
}

// With the handles stopped the signals have their default effect again, so
// that a second one ends a process that waits for its jobs.
static void on_signal(uv_signal_t *handle, int number) {
    struct engine *engine = handle->data;

    (void)number;
    for (unsigned i = 0; i < SIGNALS; i++)
        uv_signal_stop(&engine->signals[i]);
    server_stop(&engine->servers[0]);
    stop_others(engine);
}

static void open_signals(struct engine *engine) {
    static const int numbers[SIGNALS] = {SIGINT, SIGTERM};

    for (unsigned i = 0; i < SIGNALS; i++) {
        uv_signal_t *handle = &engine->signals[i];
        uv_signal_init(&engine->servers[0].loop, handle);
        handle->data = engine;
        uv_signal_start(handle, on_signal, numbers[i]);
        uv_unref((uv_handle_t *)handle); // to wait for it is no work
    }
}

static void close_signals(struct engine *engine) {
    for (unsigned i = 0; i < SIGNALS; i++)
        uv_close((uv_handle_t *)&engine->signals[i], NULL);
}

// In order of start, with all loops at rest: nobody adds to the tables now.
static void join_jobs(struct engine *engine) {
    unsigned pending = 0;

    for (unsigned i = 0; i < engine->server_count; i++)
        pending += job_pending(&engine->servers[i].jobs);
    if (pending > 0 && !engine->options.is_quiet)
        fprintf(stderr, "waiting for %u job%s\n", pending,
                pending == 1 ? "" : "s");
    for (unsigned i = 0; i < engine->server_count; i++)
        job_table_done(&engine->servers[i].jobs);
}

static void run_server(void *server) {
    server_run(server);
}

// A client that goes away is an error of its write, not of the process. It is
// the process's to know, so once is enough.
static void ignore_broken_pipes(void) {
    static atomic_flag is_told = ATOMIC_FLAG_INIT;

    if (!atomic_flag_test_and_set_explicit(&is_told, memory_order_relaxed))
        signal(SIGPIPE, SIG_IGN);
}

void engine_run(struct engine *engine) {
    ignore_broken_pipes();
    if (engine->options.wants_signals)
        open_signals(engine);

    unsigned started = 1;
    for (; started < engine->server_count; started++)
        if (uv_thread_create(&engine->threads[started], run_server,
                             &engine->servers[started]) != 0)
            break;
    // No thread for these? The loops that there are will do.
    for (unsigned i = started; i < engine->server_count; i++)
        server_stop(&engine->servers[i]);
    server_run(&engine->servers[0]);
    for (unsigned i = 1; i < started; i++)
        uv_thread_join(&engine->threads[i]);

    if (engine->options.wants_signals)
        close_signals(engine);
    join_jobs(engine);
}
