// kernel.c - the C library's calls by which libuv asks the kernel, of a
// connection that exists only here; see local.h. Any other descriptor is the
// real kernel's.
//
// libuv is not changed: a program's own definition of such a call comes before
// the C library's, for libraries as well. Behind ours comes the sanitizer's,
// where there is one, and then the C library's.
#include "control.h"
#include "local.h"

#include <dlfcn.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

// next_NAME: who would have been called if it were not for us. The call of it
// is a jump.
#define NEXT(type, name, parameters, arguments)                                \
    type __interceptor_##name parameters __attribute__((weak));                \
    static type next_##name parameters {                                       \
        static type(*next) parameters;                                         \
        if (!next)                                                             \
            next = __interceptor_##name;                                       \
        if (!next)                                                             \
            *(void **)&next = dlsym(RTLD_NEXT, #name);                         \
        return next arguments;                                                 \
    }

NEXT(ssize_t, read, (int descriptor, void *buffer, size_t bytes),
     (descriptor, buffer, bytes))
NEXT(ssize_t, write, (int descriptor, const void *buffer, size_t bytes),
     (descriptor, buffer, bytes))
NEXT(ssize_t, writev, (int descriptor, const struct iovec *parts, int count),
     (descriptor, parts, count))
NEXT(int, shutdown, (int descriptor, int how), (descriptor, how))
NEXT(int, listen, (int descriptor, int backlog), (descriptor, backlog))
NEXT(int, epoll_ctl,
     (int epoll, int operation, int descriptor, struct epoll_event *event),
     (epoll, operation, descriptor, event))
NEXT(int, epoll_wait,
     (int epoll, struct epoll_event *events, int room, int timeout_ms),
     (epoll, events, room, timeout_ms))
NEXT(int, epoll_pwait,
     (int epoll, struct epoll_event *events, int room, int timeout_ms,
      const sigset_t *signals),
     (epoll, events, room, timeout_ms, signals))

ssize_t read(int descriptor, void *buffer, size_t bytes) {
    return local_has_connection(descriptor)
               ? local_read(descriptor, buffer, bytes)
               : next_read(descriptor, buffer, bytes);
}

ssize_t write(int descriptor, const void *buffer, size_t bytes) {
    const struct iovec whole = {.iov_base = (void *)buffer, .iov_len = bytes};
    return local_has_connection(descriptor)
               ? local_write(descriptor, &whole, 1)
               : next_write(descriptor, buffer, bytes);
}

ssize_t writev(int descriptor, const struct iovec *parts, int count) {
    return local_has_connection(descriptor)
               ? local_write(descriptor, parts, count)
               : next_writev(descriptor, parts, count);
}

// That the program says no more makes no difference to its clients.
int shutdown(int descriptor, int how) {
    return local_has_connection(descriptor) ? 0
                                            : next_shutdown(descriptor, how);
}

int listen(int descriptor, int backlog) {
    return local_has_port(descriptor) ? 0 : next_listen(descriptor, backlog);
}

// Who waits for what is in libuv's own books.
int epoll_ctl(int epoll, int operation, int descriptor,
              struct epoll_event *event) {
    return local_has_connection(descriptor)
               ? 0
               : next_epoll_ctl(epoll, operation, descriptor, event);
}

bool kernel_is_asked(void) {
    static enum { UNKNOWN, NO, YES } answer;
    if (answer == UNKNOWN)
        answer =
            dlsym(RTLD_DEFAULT, "read") == (void *)(uintptr_t)read ? YES : NO;
    return answer == YES;
}

static const uv_loop_t *loop_of(int epoll) {
    for (int i = 0; i < control.loop_count; i++) {
        const uv_loop_t *loop = control.loops[i].loop;
        if (loop && loop->backend_fd == epoll)
            return loop;
    }
    return NULL;
}

// When every order is explored no loop waits in the kernel; one that watches
// nothing there need not ask. How many events there are, or -1: ask.
static int wait_here(int epoll, struct epoll_event *events, int room) {
    if (!control_under_way() || !control.scheduler->explores)
        return -1;
    const uv_loop_t *loop = loop_of(epoll);
    int count = loop ? local_events(loop, events, room) : 0;
    return count > 0 || (loop && !local_watches_others(loop)) ? count : -1;
}

int epoll_wait(int epoll, struct epoll_event *events, int room,
               int timeout_ms) {
    int count = wait_here(epoll, events, room);
    return count >= 0 ? count
                      : next_epoll_wait(epoll, events, room, timeout_ms);
}

int epoll_pwait(int epoll, struct epoll_event *events, int room, int timeout_ms,
                const sigset_t *signals) {
    int count = wait_here(epoll, events, room);
    return count >= 0
               ? count
               : next_epoll_pwait(epoll, events, room, timeout_ms, signals);
}
