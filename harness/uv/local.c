// local.c - ports and connections without a network, for when every order is
// explored and each execution opens and closes all of them.
//
// To make a socket costs more than all that an execution does with it. So pairs
// of sockets, and one socket that listens and that nobody can reach, are made
// once for the process; a program gets descriptors that are copies of them, and
// what it would see of a connection from this machine. It must not notice.
#include "control.h"
#include "uv_prototypes.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { NONE = -1, FIRST_PORT = 40000, BACKLOG = 16 };

// Two ends; the program gets a copy of the second, which stays when it closes
// that, for the next execution: most loops watch it already.
struct pair {
    int ends[2];
    bool is_open;
    int theirs;     // the copy, or NONE
    bool is_lent;   // the program has it
    int watched_by; // the epoll of the loop that was told of it last, or NONE
};

static struct pair pairs[LIMIT_TASKS];
static int connected;                       // the first so many are in use
static struct pollfd seen[LIMIT_TASKS * 2]; // both ends of each
static int listening = NONE;                // never takes a connection
static int spare_ports[LIMIT_PORTS];        // copies that nobody has any more
static int spare_count;
static int nothing = NONE; // /dev/null

static int copy_of(int descriptor) {
    return (int)syscall(SYS_fcntl, descriptor, F_DUPFD_CLOEXEC, 0);
}

static bool make(struct pair *pair) {
    pair->is_open =
        syscall(SYS_socketpair, AF_UNIX,
                SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair->ends) == 0;
    pair->theirs = NONE;
    pair->is_lent = false;
    return pair->is_open;
}

// One that an execution never gave back is left to it.
static bool lend(struct pair *pair) {
    if (pair->is_lent || pair->theirs == NONE) {
        pair->theirs = copy_of(pair->ends[1]);
        pair->watched_by = NONE;
    }
    pair->is_lent = pair->theirs != NONE;
    return pair->is_lent;
}

static struct pair *pair_lent(int theirs) {
    for (int i = 0; i < connected; i++)
        if (pairs[i].is_lent && pairs[i].theirs == theirs)
            return &pairs[i];
    return NULL;
}

int local_connect(int *theirs) {
    struct pair *pair = &pairs[connected];
    if (connected == LIMIT_TASKS || (!pair->is_open && !make(pair)))
        return NONE;
    if (!lend(pair))
        return NONE;
    *theirs = pair->theirs;
    connected++;
    return pair->ends[0];
}

static bool tell(int epoll, int operation, int descriptor) {
    struct epoll_event event = {.events = EPOLLIN, .data.fd = descriptor};
    return syscall(SYS_epoll_ctl, epoll, operation, descriptor, &event) == 0;
}

// Whoever reads from a connection waits for it to be readable. libuv need not
// tell the kernel what the kernel has known since an earlier execution.
uv__io_t *local_watch(uv_loop_t *loop, int theirs) {
    struct pair *pair = pair_lent(theirs);
    uv__io_t *watcher = pair && (unsigned)theirs < loop->nwatchers
                            ? loop->watchers[theirs]
                            : NULL;
    if (!watcher || watcher->events != 0) {
        if (pair)
            pair->watched_by = NONE; // libuv has it dropped, or will
        return NULL;
    }
    int epoll = loop->backend_fd;
    if (pair->watched_by != epoll) {
        if (pair->watched_by != NONE)
            tell(pair->watched_by, EPOLL_CTL_DEL, theirs);
        bool told = tell(epoll, EPOLL_CTL_ADD, theirs) ||
                    tell(epoll, EPOLL_CTL_MOD, theirs);
        pair->watched_by = told ? epoll : NONE;
    }
    if (pair->watched_by == NONE)
        return NULL;
    watcher->events = POLLIN;
    return watcher;
}

// What waits to read, and for nothing else, gives its descriptor back with what
// the kernel knows of it, and libuv has none to close. It closes any other.
void local_close_connection(uv_tcp_t *handle) {
    uv__io_t *watcher = &handle->io_watcher;
    struct pair *pair = pair_lent(watcher->fd);
    if (!pair)
        return;
    bool waits = pair->watched_by != NONE && watcher->events == POLLIN;
    uv_read_stop((uv_stream_t *)handle);
    pair->is_lent = false;
    if (waits && watcher->pevents == 0 && !handle->shutdown_req)
        watcher->fd = NONE;
    else
        pair->theirs = NONE;
}

// Its epoll is closed: another may have the same number.
void local_forget_loop(const uv_loop_t *loop) {
    for (int i = 0; i < LIMIT_TASKS; i++)
        if (pairs[i].watched_by == loop->backend_fd)
            pairs[i].watched_by = NONE;
}

void local_hang_up(int ours) {
    syscall(SYS_shutdown, ours, SHUT_WR);
}

// Takes what was not read.
static void drain(int descriptor) {
    char bytes[LIMIT_ANSWER_BYTES];
    long count;
    do
        count = syscall(SYS_recvfrom, descriptor, bytes, sizeof bytes,
                        MSG_DONTWAIT, NULL, NULL);
    while (count == (long)sizeof bytes); // less is all that there was
}

// `events` are those of both ends. Where one has said that no more comes, the
// pair is of no more use.
static void clean(struct pair *pair, const struct pollfd *events) {
    pair->is_open =
        !((events[0].revents | events[1].revents) & (POLLRDHUP | POLLHUP));
    if (events[1].revents & POLLIN)
        pair->watched_by = NONE; // a loop that was told of these bytes and
                                 // waited for none has dropped it
    for (int end = 0; end < 2; end++) {
        if (!pair->is_open)
            syscall(SYS_close, pair->ends[end]);
        else if (events[end].revents & POLLIN)
            drain(pair->ends[end]);
    }
    if (!pair->is_open && !pair->is_lent && pair->theirs != NONE)
        syscall(SYS_close, pair->theirs);
}

void local_look(void) {
    const struct timespec now = {0};
    for (int i = 0; i < connected * 2; i++)
        seen[i] = (struct pollfd){.fd = pairs[i / 2].ends[i % 2],
                                  .events = POLLIN | POLLRDHUP};
    if (connected > 0)
        syscall(SYS_ppoll, seen, connected * 2, &now, NULL, 0);
}

// Of an end that nothing comes to any more the kernel says that it can be read,
// whether or not there is anything.
bool local_answered(int ours) {
    char byte;
    for (int i = 0; i < connected; i++) {
        const struct pollfd *end = &seen[(size_t)i * 2];
        if (end->fd != ours)
            continue;
        return (end->revents & POLLRDHUP)
                   ? syscall(SYS_recvfrom, ours, &byte, 1,
                             MSG_DONTWAIT | MSG_PEEK, NULL, NULL) == 1
                   : (end->revents & POLLIN) != 0;
    }
    return false;
}

void local_disconnect_all(void) {
    for (int i = 0; i < connected; i++)
        clean(&pairs[i], &seen[(size_t)i * 2]);
    connected = 0;
}

// The program's port.

static bool explores(void) {
    return control_under_way() && control.scheduler->explores;
}

static int listen_once(void) {
    const struct sockaddr_un unnamed = {.sun_family = AF_UNIX};
    if (spare_count > 0)
        return spare_ports[--spare_count];
    if (listening != NONE)
        return copy_of(listening);
    int made = (int)syscall(SYS_socket, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (made == NONE)
        return NONE;
    if (syscall(SYS_bind, made, &unnamed, sizeof unnamed.sun_family) ||
        syscall(SYS_listen, made, BACKLOG)) {
        syscall(SYS_close, made);
        return NONE;
    }
    listening = made;
    return copy_of(listening);
}

static struct port *port_of(const uv_tcp_t *handle) {
    for (int i = 0; i < control.port_count; i++)
        if (control.ports[i].handle == handle)
            return &control.ports[i];
    return NULL;
}

// Any free port is the first, and then the next.
static void note_address(uv_tcp_t *handle, const struct sockaddr *address) {
    struct port *port = &control.ports[control.port_count++];
    size_t bytes = address->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6)
                                                  : sizeof(struct sockaddr_in);
    memset(port, 0, sizeof *port);
    port->handle = handle;
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
    int descriptor = listen_once();
    if (descriptor != NONE) {
        note_address(handle, address);
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

// Its descriptor is kept for who binds next: libuv has nothing to close, and
// nothing to take back from the kernel, as it has never handed it over.
void local_close_port(uv_tcp_t *handle) {
    struct port *port = port_of(handle);
    if (!port || spare_count == LIMIT_PORTS)
        return;
    port->handle = NULL;
    spare_ports[spare_count++] = handle->io_watcher.fd;
    handle->io_watcher.fd = NONE;
    handle->io_watcher.pevents = 0;
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
