// server.h - one loop that serves: its listener, clients, contexts and jobs.
//
// An engine has one server, or several that share a port. What is in a server
// belongs to its loop's thread alone, so none of it needs a lock.
#ifndef LAB_SERVER_SERVER_H
#define LAB_SERVER_SERVER_H

#include "job.h"
#include "pool.h"

#include <stdbool.h>
#include <uv.h>

struct connection;
struct context;
struct engine;

struct server {
    struct engine *engine; // borrowed; not changed while servers run
    uv_loop_t loop;
    bool has_listener;
    uv_tcp_t listener;
    uv_async_t stop; // how other threads say it
    bool is_stopping;
    struct connection *connections; // a list
    struct pool pool;
    struct job_table jobs;
};

// `server` is all zero. 0, or libuv's error, and then there is nothing to undo.
int server_init(struct server *server, struct engine *engine);

// After server_run(), or instead of it. All jobs must have been joined.
void server_done(struct server *server);

// Listens. With `is_shared` other servers may bind the same address later, or
// have done so; without, the address must be free.
int server_listen(struct server *server, const struct sockaddr *address,
                  bool is_first, bool is_shared);

// The port that it listens on; 0 when it does not.
unsigned server_port(const struct server *server);

// How long the jobs of its handlers wait: an option of its engine.
unsigned server_delay_ms(const struct server *server);

// Serves, on the calling thread, until it has stopped.
void server_run(struct server *server);

// Takes no more clients and requests; what is in flight is answered first. On
// the loop's thread; server_stop_async() from any other.
void server_stop(struct server *server);
void server_stop_async(struct server *server);

#endif
