#include "baseline.h"
#include "stack.h"

#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

static void must(bool holds) {
    if (!holds)
        abort(); // no memory, no socket: there is nothing to compare with
}

enum { SWITCHES = 10000, STACK_BYTES = 1 << 16 };

static struct stack here, there;

static void switch_back(void *nothing) {
    (void)nothing;
    for (;;)
        stack_switch(&there, &here);
}

long baseline_switches(const void *nothing) {
    (void)nothing;
    if (!there.memory) {
        there = (struct stack){.memory = malloc(STACK_BYTES),
                               .bytes = STACK_BYTES,
                               .entry = switch_back};
        must(there.memory && stack_prepare(&there) == 0);
    }
    for (int i = 0; i < SWITCHES; i += 2)
        stack_switch(&here, &there);
    return SWITCHES;
}

static char request[] = "GET /test HTTP/1.1\r\nHost: localhost\r\n\r\n";
static char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

static uv_loop_t loop;
static uv_pipe_t connection;
static int client = -1;
static bool answered;

static void give_room(uv_handle_t *handle, size_t wanted, uv_buf_t *room) {
    static char bytes[4096];
    (void)handle;
    (void)wanted;
    *room = uv_buf_init(bytes, sizeof bytes);
}

static void written(uv_write_t *write, int status) {
    (void)write;
    must(status == 0);
    answered = true;
}

static void take_request(uv_stream_t *stream, ssize_t count,
                         const uv_buf_t *room) {
    static uv_write_t write;
    uv_buf_t bytes = uv_buf_init(answer, sizeof answer - 1);
    (void)room;
    must(count == sizeof request - 1);
    must(uv_write(&write, stream, &bytes, 1, written) == 0);
}

static void connect_client(void) {
    int pair[2];
    must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0,
                    pair) == 0);
    must(uv_loop_init(&loop) == 0);
    must(uv_pipe_init(&loop, &connection, 0) == 0);
    must(uv_pipe_open(&connection, pair[0]) == 0);
    must(uv_read_start((uv_stream_t *)&connection, give_room, take_request) ==
         0);
    client = pair[1];
}

static void exchange_one(void) {
    char bytes[sizeof answer];
    answered = false;
    must(write(client, request, sizeof request - 1) == sizeof request - 1);
    while (!answered)
        uv_run(&loop, UV_RUN_NOWAIT);
    must(read(client, bytes, sizeof bytes) == sizeof answer - 1);
}

long baseline_exchange(const void *nothing) {
    (void)nothing;
    if (client < 0)
        connect_client();
    exchange_one();
    exchange_one();
    return 1;
}

static void refuse(uv_stream_t *stream, int status) {
    (void)stream;
    (void)status;
}

long baseline_loop(const void *nothing) {
    (void)nothing;
    uv_loop_t made;
    uv_tcp_t port;
    struct sockaddr_in address;
    must(uv_ip4_addr("127.0.0.1", 0, &address) == 0);
    must(uv_loop_init(&made) == 0);
    must(uv_tcp_init(&made, &port) == 0);
    must(uv_tcp_bind(&port, (const struct sockaddr *)&address, 0) == 0);
    must(uv_listen((uv_stream_t *)&port, 128, refuse) == 0);
    uv_close((uv_handle_t *)&port, NULL);
    uv_run(&made, UV_RUN_DEFAULT);
    must(uv_loop_close(&made) == 0);
    return 1;
}
