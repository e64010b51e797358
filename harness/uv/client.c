// client.c - the program's clients: each sends one request over a socket of
// its own, and the last thing they do is leave and have SIGTERM raised.
//
// Every byte goes by plain system call, or by none (local.h). ThreadSanitizer
// takes all sockets for one synchronisation object; a client that wrote by the
// C library, in the thread of the task that has just stopped, would order that
// task before the loop that reads, and hide the very race that is to be shown.
#include "control.h"
#include "local.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "schedule.h"

enum { NONE = -1, CONNECT_NS = 500 * 1000 * 1000 };

// By task.
static int connections[LIMIT_TASKS]; // a descriptor, or local_connect's; NONE
static int sent_in[LIMIT_TASKS];     // the number of a step; 0: not sent
static bool answered[LIMIT_TASKS];

void client_begin(void) {
    for (int i = 0; i < LIMIT_TASKS; i++)
        connections[i] = NONE;
    memset(sent_in, 0, sizeof sent_in);
    memset(answered, 0, sizeof answered);
}

static bool send_all(int descriptor, const char *bytes, size_t count) {
    while (count > 0) {
        long sent = syscall(SYS_sendto, descriptor, bytes, count, MSG_NOSIGNAL,
                            NULL, 0);
        if (sent <= 0)
            return false;
        bytes += sent;
        count -= (size_t)sent;
    }
    return true;
}

// A port whose backlog is full does not answer; any other does at once, since
// it is on this machine.
static bool wait_until_connected(int descriptor) {
    struct pollfd watched = {.fd = descriptor, .events = POLLOUT};
    const struct timespec limit = {.tv_nsec = CONNECT_NS};
    return syscall(SYS_ppoll, &watched, 1, &limit, NULL, 0) > 0;
}

static void say_backlog_full(const struct task *task) {
    scheduler_end(control.scheduler, VERDICT_CRASH, 0, 0,
                  "request %s cannot be sent: the backlog of the program's "
                  "port is full",
                  task->name);
}

// NONE: the port takes no connection.
static int open_connection(const struct task *task) {
    const struct sockaddr *address = (struct sockaddr *)&control.address;
    socklen_t length = address->sa_family == AF_INET6
                           ? sizeof(struct sockaddr_in6)
                           : sizeof(struct sockaddr_in);
    int descriptor =
        (int)syscall(SYS_socket, address->sa_family,
                     SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0)
        return NONE;
    if (syscall(SYS_connect, descriptor, address, length) == 0)
        return descriptor;
    if (errno == EINPROGRESS) {
        if (wait_until_connected(descriptor))
            return descriptor; // or refused, which sending will tell
        say_backlog_full(task);
    }
    syscall(SYS_close, descriptor);
    return NONE;
}

// Returns how many bytes.
static size_t print_request(const struct task *task, char *text, size_t room) {
    const char *const parts[] = {task->request->method.text,
                                 " ",
                                 task->request->target.text,
                                 " HTTP/1.1\r\nHost: localhost\r\n",
                                 "X-Request-Id: ",
                                 task->name,
                                 "\r\n\r\n"};
    size_t used = 0;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        used += names_copy(text + used, room - used, parts[i]);
    return used;
}

// When every order is explored the loop takes it in the same step.
static int send_locally(const char *request, size_t bytes) {
    return control.port ? local_connect(request, bytes,
                                        &loop_find(control.listener)->arrived)
                        : NONE;
}

bool client_send(struct world *world, struct task *task) {
    (void)world;
    char text[LIMIT_LINE_BYTES * 2];
    size_t bytes = print_request(task, text, sizeof text);
    bool local = control.scheduler->explores;
    int connection = local ? send_locally(text, bytes) : open_connection(task);
    connections[task->id] = connection;
    sent_in[task->id] = control.scheduler->trace->step_count;
    return connection != NONE && (local || send_all(connection, text, bytes));
}

int client_receiver(void) {
    return control.listening ? loop_waits(control.listener) : -1;
}

bool client_can_stop(struct world *world) {
    (void)world;
    return !control.stop_sent && control.signal_count > 0 &&
           (signal_watched(SIGTERM) || signal_watched(SIGINT));
}

static size_t receive(int connection, char *bytes, size_t room) {
    long count = control.scheduler->explores
                     ? (long)local_answer(connection, bytes, room)
                     : syscall(SYS_recvfrom, connection, bytes, room,
                               MSG_DONTWAIT, NULL, NULL);
    return count > 0 ? (size_t)count : 0;
}

// "HTTP/1.1 200 OK\r\n…" -> "200 OK".
static void note_status(const struct task *task, const char *answer) {
    char status[LIMIT_NAME] = "no answer";
    const char *space = strchr(answer, ' ');
    if (space)
        snprintf(status, sizeof status, "%.*s", (int)strcspn(space + 1, "\r\n"),
                 space + 1);
    trace_answer(control.scheduler->trace, task->name, status);
}

static bool is_answered(const struct task *task, int connection) {
    char bytes[LIMIT_ANSWER_BYTES + 1];
    size_t count = receive(connection, bytes, LIMIT_ANSWER_BYTES);
    bytes[count] = '\0';
    if (control.scheduler->trace->detailed)
        note_status(task, bytes);
    return count > 0;
}

// Closed with a reset: no port is left waiting, however many executions run.
static void close_connection(int descriptor) {
    const struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    if (control.scheduler->explores)
        return; // all of them at once
    syscall(SYS_setsockopt, descriptor, SOL_SOCKET, SO_LINGER, &at_once,
            sizeof at_once);
    syscall(SYS_close, descriptor);
}

void client_end(void) {
    const struct scheduler *scheduler = control.scheduler;
    for (int i = 0; i < scheduler->task_count; i++) {
        if (connections[i] == NONE)
            continue;
        answered[i] = is_answered(&scheduler->tasks[i], connections[i]);
        close_connection(connections[i]);
        connections[i] = NONE;
    }
    local_disconnect_all();
}

void client_find_unanswered(void) {
    const struct scheduler *scheduler = control.scheduler;
    for (int i = 0; i < scheduler->task_count; i++) {
        if (sent_in[i] == 0 || answered[i])
            continue;
        const struct finding finding = {
            .kind = FINDING_UNANSWERED,
            .task = i,
            .step = sent_in[i],
            .name = "send",
            .works_for =
                owners_request(scheduler->owners, scheduler->tasks[i].name),
        };
        findings_add(scheduler->owners->findings, &finding);
    }
}

void client_stop(struct world *world) {
    (void)world;
    control.stop_sent = true;
    if (!control.scheduler->explores)
        client_end(); // else when the program does not close them by itself
    signal_raise(signal_watched(SIGTERM) ? SIGTERM : SIGINT);
}

bool client_leaves(const uv_loop_t *loop) {
    if (!control.stop_sent || control.hung_up || loop != control.listener)
        return false;
    for (int i = 0; i < control.scheduler->task_count; i++)
        if (connections[i] != NONE)
            return true;
    return false;
}

void client_hang_up(void) {
    control.hung_up = true;
    for (int i = 0; i < control.scheduler->task_count; i++)
        if (connections[i] != NONE)
            local_hang_up(connections[i]);
}
