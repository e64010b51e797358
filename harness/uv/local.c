// local.c - ports and connections without a network, for when every order is
// explored and each execution opens and closes all of them.
//
// To ask the kernel costs more than all else that an execution does. So a
// connection is two pieces of memory: what its client has sent and the program
// has not read, and what the program has answered. The program must not notice;
// a witness is replayed over TCP, which shows that it does not.
#include "local.h"
#include "control.h"
#include "uv_prototypes.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

// Weak: absent in a build without a sanitizer, and then NULL.
void __sanitizer_syscall_pre_impl_read(long descriptor, long buffer, long bytes)
    __attribute__((weak));
void __sanitizer_syscall_pre_impl_write(long descriptor, long buffer,
                                        long bytes) __attribute__((weak));

enum {
    NONE = -1,
    FIRST_PORT = 40000,
    BACKLOG = 16,
    ROOM_BYTES = 212992, // what Linux takes in for one who does not read
    START_BYTES = 256,   // of an answer, in which its status stands
    SPARE = LIMIT_TASKS + LIMIT_PORTS,
};

struct connection {
    int theirs; // the program's descriptor; NONE: it has closed it
    int ours;   // the other end, in the kernel; NONE: it is not in the kernel
    bool hung_up;
    size_t sent, read; // of the request
    size_t answered;   // how many bytes in all
    char request[LIMIT_LINE_BYTES * 2];
    char start[START_BYTES]; // of the answer
};

static struct connection connections[LIMIT_TASKS];
static int connected; // the first so many are in use

static bool explores(void) {
    return control_under_way() && control.scheduler->explores;
}

// Descriptors. libuv wants a number that is its own; behind all of them stands
// one socket, which never has anything to tell.

static int quiet = NONE;
static int spare[SPARE]; // numbers that nobody has any more
static int spare_count;

static int copy_of(int descriptor) {
    return (int)syscall(SYS_fcntl, descriptor, F_DUPFD_CLOEXEC, 0);
}

// It listens, and has no name by which it could be reached.
static int make_quiet(void) {
    const struct sockaddr_un unnamed = {.sun_family = AF_UNIX};
    int made = (int)syscall(SYS_socket, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (made != NONE &&
        (syscall(SYS_bind, made, &unnamed, sizeof unnamed.sun_family) ||
         syscall(SYS_listen, made, BACKLOG))) {
        syscall(SYS_close, made);
        return NONE;
    }
    return made;
}

static int take_number(void) {
    if (spare_count > 0)
        return spare[--spare_count];
    if (quiet == NONE)
        quiet = make_quiet();
    return quiet == NONE ? NONE : copy_of(quiet);
}

static bool give_number(int descriptor) {
    if (spare_count == SPARE)
        return false;
    spare[spare_count++] = descriptor;
    return true;
}

// Connections.

// Not memcpy, which would tell the sanitizer of more than the program's side.
static void copy(char *to, const char *from, size_t bytes) {
    volatile char *out = to;
    for (size_t i = 0; i < bytes; i++)
        out[i] = from[i];
}

static struct connection *find(int descriptor) {
    for (int i = 0; i < connected && descriptor != NONE; i++)
        if (connections[i].theirs == descriptor)
            return &connections[i];
    return NULL;
}

static struct connection *find_here(int descriptor) {
    struct connection *connection = find(descriptor);
    return connection && connection->ours == NONE ? connection : NULL;
}

bool local_has_connection(int descriptor) {
    return find_here(descriptor);
}

ssize_t local_read(int descriptor, void *buffer, size_t bytes) {
    struct connection *connection = find_here(descriptor);
    size_t left = connection->sent - connection->read;
    size_t count = bytes < left ? bytes : left;
    if (count == 0 && bytes > 0 && !connection->hung_up) {
        errno = EAGAIN;
        return -1;
    }
    if (__sanitizer_syscall_pre_impl_read)
        __sanitizer_syscall_pre_impl_read(descriptor, (long)buffer,
                                          (long)count);
    copy(buffer, connection->request + connection->read, count);
    connection->read += count;
    return (ssize_t)count;
}

static void take_in(struct connection *connection, const char *bytes,
                    size_t count) {
    size_t used = connection->answered;
    size_t room = used < START_BYTES ? START_BYTES - used : 0;
    if (__sanitizer_syscall_pre_impl_write)
        __sanitizer_syscall_pre_impl_write(connection->theirs, (long)bytes,
                                           (long)count);
    copy(connection->start + used, bytes, count < room ? count : room);
    connection->answered += count;
}

ssize_t local_write(int descriptor, const struct iovec *parts, int count) {
    struct connection *connection = find_here(descriptor);
    size_t before = connection->answered, wanted = 0;
    for (int i = 0; i < count; i++) {
        size_t room = ROOM_BYTES - connection->answered;
        size_t bytes = parts[i].iov_len;
        wanted += bytes;
        take_in(connection, parts[i].iov_base, bytes < room ? bytes : room);
    }
    size_t taken = connection->answered - before;
    if (taken > 0 || wanted == 0)
        return (ssize_t)taken;
    errno = EAGAIN;
    return -1;
}

static const uv__io_t *watcher_of(const uv_loop_t *loop, int descriptor) {
    return descriptor != NONE && (unsigned)descriptor < loop->nwatchers
               ? loop->watchers[descriptor]
               : NULL;
}

// What a loop waits for and has: as the kernel, for as long as that is so.
static unsigned events_of(const struct connection *connection,
                          const uv_loop_t *loop) {
    const uv__io_t *watcher =
        connection->ours == NONE ? watcher_of(loop, connection->theirs) : NULL;
    if (!watcher)
        return 0;
    bool can_read = connection->sent > connection->read || connection->hung_up;
    bool can_write = connection->answered < ROOM_BYTES;
    return watcher->pevents &
           ((can_read ? POLLIN : 0) | (can_write ? POLLOUT : 0));
}

int local_events(const uv_loop_t *loop, struct epoll_event *events, int room) {
    int count = 0;
    for (int i = 0; i < connected && count < room; i++) {
        unsigned ready = events_of(&connections[i], loop);
        if (ready)
            events[count++] = (struct epoll_event){
                .events = ready, .data.fd = connections[i].theirs};
    }
    return count;
}

// libuv's own two, for other threads and for signals, are never used here.
static unsigned own_descriptors(const uv_loop_t *loop) {
    return (loop->async_io_watcher.fd >= 0) + (loop->signal_pipefd[0] >= 0);
}

bool local_watches_others(const uv_loop_t *loop) {
    unsigned known = own_descriptors(loop);
    for (int i = 0; i < connected; i++)
        known += connections[i].ours == NONE &&
                 watcher_of(loop, connections[i].theirs);
    return loop->nfds > known;
}

// In the kernel.

static void tell(int epoll, int descriptor, unsigned events) {
    struct epoll_event event = {.events = events, .data.fd = descriptor};
    syscall(SYS_epoll_ctl, epoll, EPOLL_CTL_ADD, descriptor, &event);
}

// From now on there is a pair of sockets, and the number is one of them. False:
// there is none to be had.
static bool hand_over(struct connection *connection, const uv_loop_t *loop) {
    int ends[2];
    const uv__io_t *watcher = watcher_of(loop, connection->theirs);
    if (syscall(SYS_socketpair, AF_UNIX,
                SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends))
        return false;
    syscall(SYS_dup3, ends[1], connection->theirs, O_CLOEXEC);
    syscall(SYS_close, ends[1]);
    connection->ours = ends[0];
    syscall(SYS_sendto, ends[0], connection->request + connection->read,
            connection->sent - connection->read, MSG_NOSIGNAL, NULL, 0);
    if (connection->hung_up)
        syscall(SYS_shutdown, ends[0], SHUT_WR);
    if (watcher && watcher->events)
        tell(loop->backend_fd, connection->theirs, watcher->events);
    return true;
}

int local_connect(const char *request, size_t bytes, int *theirs) {
    struct connection *connection = &connections[connected];
    if (connected == LIMIT_TASKS || bytes > sizeof connection->request)
        return NONE;
    *theirs = take_number();
    if (*theirs == NONE)
        return NONE;
    connection->theirs = *theirs;
    connection->ours = NONE;
    connection->hung_up = false;
    connection->sent = bytes;
    connection->read = connection->answered = 0;
    copy(connection->request, request, bytes);
    if (!kernel_is_asked() && !hand_over(connection, control.listener)) {
        give_number(*theirs);
        *theirs = NONE;
        return NONE;
    }
    return connected++;
}

// Who has the descriptor of a connection may do with it what is not known here.
int racelab_uv_fileno(const uv_handle_t *handle, uv_os_fd_t *descriptor) {
    int status = uv_fileno(handle, descriptor);
    if (status || !control_enter())
        return status;
    struct connection *connection = find_here(*descriptor);
    bool is_there = !connection || hand_over(connection, handle->loop);
    control_leave();
    return is_there ? 0 : UV_EMFILE;
}

// Its number is kept for another, if libuv is through with it; else libuv
// closes it.
void local_close_connection(uv_tcp_t *handle) {
    struct connection *connection = find(handle->io_watcher.fd);
    if (!connection)
        return;
    uv_read_stop((uv_stream_t *)handle);
    if (connection->ours == NONE && handle->io_watcher.pevents == 0 &&
        !handle->shutdown_req && give_number(connection->theirs))
        handle->io_watcher.fd = NONE;
    connection->theirs = NONE;
}

void local_hang_up(int number) {
    struct connection *connection = &connections[number];
    connection->hung_up = true;
    if (connection->ours != NONE)
        syscall(SYS_shutdown, connection->ours, SHUT_WR);
}

size_t local_answer(int number, char *text, size_t room) {
    const struct connection *connection = &connections[number];
    size_t kept =
        connection->answered < START_BYTES ? connection->answered : START_BYTES;
    size_t count = kept < room ? kept : room;
    copy(text, connection->start, count);
    long more = connection->ours == NONE
                    ? 0
                    : syscall(SYS_recvfrom, connection->ours, text + count,
                              room - count, MSG_DONTWAIT, NULL, NULL);
    return count + (more > 0 ? (size_t)more : 0);
}

void local_disconnect_all(void) {
    for (int i = 0; i < connected; i++)
        if (connections[i].ours != NONE)
            syscall(SYS_close, connections[i].ours);
    connected = 0;
}

// The program's port.

static struct port *port_of(const uv_tcp_t *handle) {
    for (int i = 0; i < control.port_count; i++)
        if (control.ports[i].handle == handle)
            return &control.ports[i];
    return NULL;
}

// Any free port is the first, and then the next.
static void note_port(uv_tcp_t *handle, int descriptor,
                      const struct sockaddr *address) {
    struct port *port = &control.ports[control.port_count++];
    size_t bytes = address->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6)
                                                  : sizeof(struct sockaddr_in);
    memset(port, 0, sizeof *port);
    port->handle = handle;
    port->descriptor = descriptor;
    memcpy(&port->address, address, bytes);
    // It has the same place in both families.
    struct sockaddr_in *numbered = (struct sockaddr_in *)&port->address;
    if (numbered->sin_port == 0)
        numbered->sin_port = htons((uint16_t)(FIRST_PORT + control.port_count));
}

int racelab_uv_tcp_init_ex(uv_loop_t *loop, uv_tcp_t *handle,
                           unsigned int flags) {
    return explores() ? uv_tcp_init(loop, handle)
                      : uv_tcp_init_ex(loop, handle, flags);
}

int racelab_uv_tcp_bind(uv_tcp_t *handle, const struct sockaddr *address,
                        unsigned int flags) {
    struct task *self = explores() ? control_enter() : NULL;
    if (!self)
        return uv_tcp_bind(handle, address, flags);
    if (control.port_count == LIMIT_PORTS)
        control_misuse(self, "more than %d ports", LIMIT_PORTS);
    int descriptor = take_number();
    if (descriptor != NONE) {
        note_port(handle, descriptor, address);
        handle->io_watcher.fd = descriptor;
        // The kernel has nothing to say of it, and libuv need not ask.
        handle->io_watcher.events = POLLIN;
    }
    control_leave();
    return descriptor == NONE ? UV_EMFILE : 0;
}

static int give_address(const struct sockaddr_storage *address,
                        struct sockaddr *name, int *bytes) {
    int most = *bytes;
    *bytes = address->ss_family == AF_INET6 ? (int)sizeof(struct sockaddr_in6)
                                            : (int)sizeof(struct sockaddr_in);
    memcpy(name, address, (size_t)(most < *bytes ? most : *bytes));
    return 0;
}

bool local_has_port(int descriptor) {
    for (int i = 0; explores() && i < control.port_count; i++)
        if (control.ports[i].descriptor == descriptor)
            return true;
    return false;
}

// libuv has nothing to close, and nothing to take back from the kernel, as it
// has never handed it over: the number is kept for another.
void local_close_port(uv_tcp_t *handle) {
    struct port *port = port_of(handle);
    if (!port || !give_number(port->descriptor))
        return;
    port->handle = NULL;
    port->descriptor = NONE;
    handle->io_watcher.fd = NONE;
    handle->io_watcher.pevents = 0;
}

// libuv sets an option of the socket, and closes it then and there: its number
// may be another's soon.
int racelab_uv_tcp_close_reset(uv_tcp_t *handle, uv_close_cb call) {
    int descriptor = handle->io_watcher.fd;
    int status = uv_tcp_close_reset(handle, call);
    if (status || !control_enter())
        return status;
    struct connection *connection = find(descriptor);
    struct port *port = port_of(handle);
    if (connection)
        connection->theirs = NONE;
    if (port)
        *port = (struct port){.descriptor = NONE};
    if ((uv_stream_t *)handle == control.port)
        control.port = NULL;
    control_leave();
    return status;
}

int racelab_uv_tcp_getsockname(const uv_tcp_t *handle, struct sockaddr *name,
                               int *bytes) {
    if (!explores())
        return uv_tcp_getsockname(handle, name, bytes);
    const struct port *port = port_of(handle);
    return give_address(port ? &port->address : &control.address, name, bytes);
}

int racelab_uv_tcp_getpeername(const uv_tcp_t *handle, struct sockaddr *name,
                               int *bytes) {
    return explores() ? give_address(&control.address, name, bytes)
                      : uv_tcp_getpeername(handle, name, bytes);
}

int racelab_uv_tcp_nodelay(uv_tcp_t *handle, int enable) {
    return explores() ? 0 : uv_tcp_nodelay(handle, enable);
}

int racelab_uv_tcp_keepalive(uv_tcp_t *handle, int enable,
                             unsigned int delay_s) {
    return explores() ? 0 : uv_tcp_keepalive(handle, enable, delay_s);
}

// Loops. To make one costs a third of an execution: an epoll, a pipe for
// signals, an eventfd. A loop that is closed and has nothing left in it is kept
// as it is, byte by byte, for the next execution that makes one. That may lie
// somewhere else, so what points into the loop is moved along.

struct kept_loop {
    const uv_loop_t *address; // where it was
    uv_loop_t bytes;
};

static struct kept_loop kept_loops[LIMIT_LOOPS];
static int kept_count;
static int nothing = NONE; // /dev/null

// libuv's queues are rings: the head of an empty one points to itself.
static bool is_empty(void *const *queue) {
    return queue[0] == (const void *)queue;
}

// All that is in its queue of handles is what libuv itself has put there.
static bool has_no_handles(const uv_loop_t *loop) {
    void *const *own[] = {loop->child_watcher.handle_queue,
                          loop->wq_async.handle_queue};
    void *const *at = loop->handle_queue[0];
    for (int i = 0; i < 2; i++, at = at[0])
        if (at != own[0] && at != own[1])
            return false;
    return at == loop->handle_queue;
}

bool local_keep_loop(const uv_loop_t *loop) {
    if (!explores() || kept_count == LIMIT_LOOPS || !has_no_handles(loop) ||
        uv_loop_alive(loop) || !is_empty(loop->pending_queue) ||
        !is_empty(loop->watcher_queue))
        return false;
    kept_loops[kept_count++] = (struct kept_loop){loop, *loop};
    return true;
}

// Of `count` words each that points into the loop at `from` now points to the
// same place in the one at `to`.
static void move_pointers(void *words, size_t count, uintptr_t from,
                          uintptr_t to) {
    uintptr_t *word = words;
    for (size_t i = 0; i < count; i++)
        if (word[i] - from < sizeof(uv_loop_t))
            word[i] += to - from;
}

bool local_take_loop(uv_loop_t *loop) {
    if (!explores() || kept_count == 0)
        return false;
    const struct kept_loop *kept = &kept_loops[--kept_count];
    uintptr_t from = (uintptr_t)kept->address, to = (uintptr_t)loop;
    void *data = loop->data;
    *loop = kept->bytes;
    loop->data = data;
    if (from != to) {
        move_pointers(loop, sizeof *loop / sizeof(void *), from, to);
        move_pointers(loop->watchers, loop->nwatchers, from, to);
    }
    return true;
}

// libuv keeps a descriptor in reserve for when there is none left, and opens it
// with a loop's first stream.
void local_prepare_loop(uv_loop_t *loop) {
    if (!explores())
        return;
    if (nothing == NONE)
        nothing = (int)syscall(SYS_openat, AT_FDCWD, "/dev/null",
                               O_RDONLY | O_CLOEXEC);
    if (nothing != NONE)
        loop->emfile_fd = copy_of(nothing);
}
