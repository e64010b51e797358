// local.h - the kernel that libuv meets when every order is explored: ports and
// connections without a network, of which there are thousands a second.
//
// libuv is the real one, and asks the kernel for what it always asks for;
// kernel.c has the calls, and what they answer is here.
#ifndef RACELAB_LOCAL_H
#define RACELAB_LOCAL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <uv.h>

// The clients' side. A connection to the program's port, over which `bytes` of
// a request have come: its number, and in `theirs` the program's descriptor.
// -1: there is none to be had.
int local_connect(const char *request, size_t bytes, int *theirs);
// Nothing more comes from the client.
void local_hang_up(int connection);
// What has come back so far: how many bytes, the first `room` of them in
// `text`.
size_t local_answer(int connection, char *text, size_t room);
// The end of all connections.
void local_disconnect_all(void);

// kernel.c: does libuv come there at all? A program may be linked so that it
// does not, and then its connections are the real kernel's.
bool kernel_is_asked(void);

// The kernel's side. May the descriptor be asked of here? Any other is the real
// kernel's.
bool local_has_connection(int descriptor);
bool local_has_port(int descriptor);
// As read(2) and writev(2) do without waiting, of a connection.
ssize_t local_read(int descriptor, void *buffer, size_t bytes);
ssize_t local_write(int descriptor, const struct iovec *parts, int count);
// What a loop that waits is told of its connections. Returns how many.
int local_events(const uv_loop_t *loop, struct epoll_event *events, int room);
// Does the loop watch any descriptor but these, and those of libuv's own, which
// are never used here?
bool local_watches_others(const uv_loop_t *loop);

// The program's side: before libuv closes one of these.
void local_close_connection(uv_tcp_t *handle);
void local_close_port(uv_tcp_t *handle);
// A loop is kept instead of closed, and taken instead of made. False: it goes
// as always.
void local_prepare_loop(uv_loop_t *loop);
bool local_keep_loop(const uv_loop_t *loop);
bool local_take_loop(uv_loop_t *loop);

#endif
