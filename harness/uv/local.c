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
#include <string.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

enum { NONE = -1, FIRST_PORT = 40000, BACKLOG = 16 };

// Two ends; the program gets a copy of the second.
struct pair {
    int ends[2];
    bool used, is_open;
};

static struct pair pairs[LIMIT_TASKS];
static int listening = NONE; // never takes a connection
static int nothing = NONE;   // /dev/null

static int copy_of(int descriptor) {
    return (int)syscall(SYS_fcntl, descriptor, F_DUPFD_CLOEXEC, 0);
}

static bool make(struct pair *pair) {
    pair->is_open =
        syscall(SYS_socketpair, AF_UNIX,
                SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair->ends) == 0;
    return pair->is_open;
}

int local_connect(int *theirs) {
    for (int i = 0; i < LIMIT_TASKS; i++) {
        struct pair *pair = &pairs[i];
        if (pair->used || (!pair->is_open && !make(pair)))
            continue;
        *theirs = copy_of(pair->ends[1]);
        pair->used = *theirs != NONE;
        return pair->used ? pair->ends[0] : NONE;
    }
    return NONE;
}

void local_hang_up(int ours) {
    syscall(SYS_shutdown, ours, SHUT_WR);
}

// Takes what was not read. False: the other side has said that no more comes,
// so the pair is of no more use.
static bool drain(int descriptor) {
    char bytes[LIMIT_ANSWER_BYTES];
    long count;
    do
        count = syscall(SYS_recvfrom, descriptor, bytes, sizeof bytes,
                        MSG_DONTWAIT, NULL, NULL);
    while (count > 0);
    return count != 0;
}

void local_disconnect(int ours) {
    for (int i = 0; i < LIMIT_TASKS; i++) {
        struct pair *pair = &pairs[i];
        if (!pair->used || pair->ends[0] != ours)
            continue;
        pair->used = false;
        pair->is_open = drain(pair->ends[0]) && drain(pair->ends[1]);
        for (int end = 0; end < 2 && !pair->is_open; end++)
            syscall(SYS_close, pair->ends[end]);
        return;
    }
}

// The program's port.

static bool explores(void) {
    return control_under_way() && control.scheduler->explores;
}

static int listen_once(void) {
    const struct sockaddr_un unnamed = {.sun_family = AF_UNIX};
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
    int status =
        descriptor == NONE ? UV_EMFILE : uv_tcp_open(handle, descriptor);
    if (status == 0)
        note_address(handle, address);
    control_leave();
    return status;
}

static int give_address(const struct sockaddr_storage *address,
                        struct sockaddr *name, int *bytes) {
    int most = *bytes;
    *bytes = address->ss_family == AF_INET6 ? (int)sizeof(struct sockaddr_in6)
                                            : (int)sizeof(struct sockaddr_in);
    memcpy(name, address, (size_t)(most < *bytes ? most : *bytes));
    return 0;
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
// as it is, byte by byte, for the next execution, which makes its own at the
// same address: what points into it still does.

struct kept_loop {
    const uv_loop_t *address; // NULL: the place is free
    uv_loop_t bytes;
};

static struct kept_loop kept_loops[LIMIT_LOOPS];

static struct kept_loop *kept_at(const uv_loop_t *address) {
    for (int i = 0; i < LIMIT_LOOPS; i++)
        if (kept_loops[i].address == address)
            return &kept_loops[i];
    return NULL;
}

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
    struct kept_loop *kept = explores() ? kept_at(NULL) : NULL;
    if (!kept || !has_no_handles(loop) || uv_loop_alive(loop) ||
        !is_empty(loop->pending_queue) || !is_empty(loop->watcher_queue))
        return false;
    kept->address = loop;
    kept->bytes = *loop;
    return true;
}

bool local_take_loop(uv_loop_t *loop) {
    struct kept_loop *kept = explores() ? kept_at(loop) : NULL;
    if (!kept)
        return false;
    void *data = loop->data;
    *loop = kept->bytes;
    loop->data = data;
    kept->address = NULL;
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
