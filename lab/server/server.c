#include "server.h"

#include "connection.h"
#include "context.h"
#include "engine.h"
#include "logger.h"
#include "wallclock.h"

#include <racelab/point.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

// Writes the request's name: what the client calls it, or its number. It ends
// up in reports, so anything but a plain character becomes a '_'.
static void name_request(struct engine *engine,
                         const struct http_request *request,
                         char id[REQUEST_ID_BYTES_MAX + 1]) {
    const char *given = http_header(request, "X-Request-Id");
    unsigned long number = engine_count_request(engine);

    if (given == NULL || *given == '\0') {
        snprintf(id, REQUEST_ID_BYTES_MAX + 1, "%lu", number);
        return;
    }
    unsigned i = 0;
    for (; i < REQUEST_ID_BYTES_MAX && given[i] != '\0'; i++)
        id[i] = given[i] > ' ' && given[i] <= '~' ? given[i] : '_';
    id[i] = '\0';
}

static void print_log(const struct context *c) {
    logger_print(&(struct logger_line){
        .wall_ms = wallclock_ms(),
        .status = c->status,
        .latency_ns = uv_hrtime() - c->begin_ns,
        .client = c->connection->client,
        .method = c->request->method,
        .path = c->request->path,
        .query = c->request->query,
    });
}

static void put(struct context *c) {
    const struct hooks *hooks = &engine_options(c->server->engine)->hooks;

    if (hooks->done != NULL)
        hooks->done(c);
    else if (hooks->counts_users)
        context_release(c);
    else
        pool_put(&c->server->pool, c);
}

// The handlers have said all: the answer goes out, the context goes back.
static void finish(struct context *c) {
    struct server *server = c->server;
    struct connection *connection = c->connection;

    if (engine_options(server->engine)->logs)
        print_log(c);
    connection_answer(connection, (struct answer){.status = c->status,
                                                  .headers = c->headers,
                                                  .body = c->body,
                                                  .body_bytes = c->body_bytes});
    put(c);
    connection_next(connection);
}

static void not_found(struct context *c) {
    context_message(c, 404, "not found");
}

static void not_allowed(struct context *c) {
    context_message(c, 405, "method not allowed");
}

// Gives the context the handlers for its request.
static void find_handlers(struct context *c) {
    struct router_match match = router_find(
        engine_router(c->server->engine), c->request->method, c->request->path);

    if (match.route != NULL) {
        router_chain_copy(&c->chain, &match.route->chain);
        if (router_has_params(match.route)) {
            POINT_WRITE("context.set", &c->params);
            router_params(match.route, c->request->path, &c->params);
        }
        return;
    }
    if (match.status == 405)
        context_header(c, "Allow", match.allow);
    c->chain.count = 1;
    c->chain.handlers[0] = match.status == 405 ? not_allowed : not_found;
}

// Gin's ServeHTTP: get, reset, handle, put.
static void on_request(struct connection *connection) {
    struct server *server = connection->data;
    const struct http_request *request = connection_request(connection);
    char id[REQUEST_ID_BYTES_MAX + 1];

    name_request(server->engine, request, id);
    struct context *c = pool_get(&server->pool, id);
    context_reset(c);
    strcpy(c->id, id);
    c->connection = connection;
    c->request = request;
    c->on_finish = finish;
    c->begin_ns = uv_hrtime();

    find_handlers(c);
    context_next(c);
    if (!c->is_held)
        finish(c);
}

static void on_connection_closed(struct connection *connection) {
    struct server *server = connection->data;

    if (connection->previous != NULL)
        connection->previous->next = connection->next;
    else
        server->connections = connection->next;
    if (connection->next != NULL)
        connection->next->previous = connection->previous;
}

static void on_connection(uv_stream_t *listener, int status) {
    static const struct connection_owner owner = {
        .on_request = on_request,
        .on_closed = on_connection_closed,
    };
    struct server *server = listener->data;

    if (status < 0)
        return; // no descriptor left, say; the client may try again
    struct connection *connection = connection_accept(listener, &owner, server);
    connection->next = server->connections;
    if (connection->next != NULL)
        connection->next->previous = connection;
    server->connections = connection;
}

static void on_stop(uv_async_t *async) {
    server_stop(async->data);
}

int server_init(struct server *server, struct engine *engine) {
    server->engine = engine;
    int error = uv_loop_init(&server->loop);
    if (error != 0)
        return error;
    error = uv_async_init(&server->loop, &server->stop, on_stop);
    if (error != 0) {
        uv_loop_close(&server->loop);
        return error;
    }
    server->stop.data = server;
    uv_unref((uv_handle_t *)&server->stop); // to wait for it is no work
    pool_init(&server->pool, server,
              engine_options(engine)->hooks.counts_users);
    job_table_init(&server->jobs);
    return 0;
}

void server_done(struct server *server) {
    job_table_done(&server->jobs);
    server_stop(server);
    uv_close((uv_handle_t *)&server->stop, NULL);
    uv_run(&server->loop, UV_RUN_DEFAULT); // the last close callbacks
    uv_loop_close(&server->loop);
    pool_done(&server->pool);
}

static int share_port(uv_tcp_t *tcp) {
    int on = 1;
    uv_os_fd_t fd;

    int error = uv_fileno((uv_handle_t *)tcp, &fd);
    if (error != 0)
        return error;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0)
        return UV_ENOTSUP;
    return 0;
}

// The first socket is bound while it will not share, so that somebody else's
// server on the port is found out, and shares from then on.
int server_listen(struct server *server, const struct sockaddr *address,
                  bool is_first, bool is_shared) {
    uv_tcp_t *tcp = &server->listener;

    int error = uv_tcp_init_ex(&server->loop, tcp, address->sa_family);
    if (error != 0)
        return error;
    tcp->data = server;
    server->has_listener = true;
    if (is_shared && !is_first)
        error = share_port(tcp);
    if (error == 0)
        error = uv_tcp_bind(tcp, address, 0);
    if (error == 0 && is_shared && is_first)
        error = share_port(tcp);
    if (error == 0)
        error = uv_listen((uv_stream_t *)tcp, BACKLOG, on_connection);
    return error;
}

unsigned server_port(const struct server *server) {
    struct sockaddr_storage address;
    int bytes = sizeof address;

    if (uv_tcp_getsockname(&server->listener, (struct sockaddr *)&address,
                           &bytes) != 0)
        return 0;
    // The port has the same place in both families.
    return ntohs(((struct sockaddr_in *)&address)->sin_port);
}

unsigned server_delay_ms(const struct server *server) {
    return engine_options(server->engine)->delay_ms;
}

void server_run(struct server *server) {
    uv_run(&server->loop, UV_RUN_DEFAULT);
}

void server_stop(struct server *server) {
    struct connection *next;

    if (server->is_stopping)
        return;
    server->is_stopping = true;
    if (server->has_listener)
        uv_close((uv_handle_t *)&server->listener, NULL);
    for (struct connection *c = server->connections; c != NULL; c = next) {
        next = c->next; // stop() does not unlink, but a reader need not know
        connection_stop(c);
    }
}

void server_stop_async(struct server *server) {
    uv_async_send(&server->stop);
}
