// loop.c - the event loop under control.
//
// uv_run becomes: while the loop is alive, stop at a poll until something is
// ready, then let the real loop turn once without waiting. Sockets are real
// and are watched by libuv itself; timers, signals and finished work are the
// model's and are run in the order in which libuv runs them.
#include "control.h"
#include "uv_prototypes.h"

#include <poll.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

struct loop_state *loop_state(uv_loop_t *loop) {
    for (int i = 0; i < control.loop_count; i++)
        if (control.loops[i].loop == loop)
            return &control.loops[i];
    if (control.loop_count == LIMIT_LOOPS)
        return NULL;
    struct loop_state *state = &control.loops[control.loop_count++];
    *state = (struct loop_state){.loop = loop};
    uv_mutex_init(&state->done_lock);
    return state;
}

// A handle that was started, but not yet handed to the kernel: libuv does that
// at the start of its next turn. The queue's head points to itself when empty.
static bool watchers_wait(const uv_loop_t *loop) {
    const void *const *head = (const void *const *)&loop->watcher_queue;
    return head[0] != (const void *)head;
}

// By plain system call: the real poll is intercepted.
static bool descriptor_ready(int descriptor) {
    struct pollfd watched = {.fd = descriptor, .events = POLLIN};
    const struct timespec now = {0};
    return syscall(SYS_ppoll, &watched, 1, &now, NULL, 0) > 0;
}

static bool real_loop_ready(const uv_loop_t *loop) {
    if (!uv_loop_alive(loop))
        return false;
    return uv_backend_timeout(loop) == 0 || watchers_wait(loop) ||
           descriptor_ready(uv_backend_fd(loop));
}

bool loop_ready(const uv_loop_t *loop) {
    uint64_t due_ns;
    if (timer_next(loop, &due_ns) && due_ns <= control.scheduler->now_ns)
        return true;
    return signal_pending(loop) || work_done_ready(loop) ||
           real_loop_ready(loop);
}

static bool alive(const struct loop_state *state) {
    return uv_loop_alive(state->loop) || timer_keeps_alive(state->loop) ||
           signal_keeps_alive(state->loop) || state->works > 0;
}

static void turn(uv_loop_t *loop) {
    for (int i = 0; i < LIMIT_TIMERS && timer_run_due(loop); i++)
        ;
    work_deliver(loop);
    signal_deliver(loop);
    control_leave(); // the program's callbacks are looked at
    uv_run(loop, UV_RUN_NOWAIT);
    control_enter();
}

// When every order is explored, what the loop has left to do for itself is no
// choice: it is done before the loop waits for others.
static void settle(uv_loop_t *loop) {
    for (int i = 0; i < LIMIT_STEPS && real_loop_ready(loop); i++)
        turn(loop);
}

static void wait_for_event(struct task *self, uv_loop_t *loop) {
    struct op op = {.kind = OP_POLL, .name = "poll", .object = (uintptr_t)loop};
    op.timed = timer_next(loop, &op.deadline_ns);
    control_yield(self, &op);
}

int racelab_uv_run(uv_loop_t *loop, uv_run_mode mode) {
    struct task *self = control_enter();
    if (!self)
        return uv_run(loop, mode);
    struct loop_state *state = loop_state(loop);
    if (!state)
        control_misuse(self, "more than %d loops", LIMIT_LOOPS);
    while (alive(state) && !state->stopped) {
        if (control.scheduler->explores)
            settle(loop);
        if (mode == UV_RUN_NOWAIT)
            control_call(self, "uv_run", NULL);
        else
            wait_for_event(self, loop);
        turn(loop);
        if (mode != UV_RUN_DEFAULT)
            break;
    }
    state->stopped = false;
    bool more = alive(state);
    control_leave();
    return more;
}

void racelab_uv_stop(uv_loop_t *loop) {
    if (control_enter()) {
        struct loop_state *state = loop_state(loop);
        if (state)
            state->stopped = true;
        control_leave();
    }
    uv_stop(loop);
}

int racelab_uv_loop_alive(const uv_loop_t *loop) {
    if (!control_enter())
        return uv_loop_alive(loop);
    struct loop_state *state = loop_state((uv_loop_t *)loop);
    int result = state ? alive(state) : uv_loop_alive(loop);
    control_leave();
    return result;
}

int racelab_uv_loop_close(uv_loop_t *loop) {
    if (control_enter()) {
        for (int i = 0; i < control.loop_count; i++)
            if (control.loops[i].loop == loop) {
                uv_mutex_destroy(&control.loops[i].done_lock);
                control.loops[i] = control.loops[--control.loop_count];
                break;
            }
        control_leave();
    }
    return uv_loop_close(loop);
}

int racelab_uv_async_send(uv_async_t *handle) {
    struct task *self = control_enter();
    if (self) {
        control_call(self, "uv_async_send", NULL);
        control_leave();
    }
    return uv_async_send(handle);
}

void racelab_uv_close(uv_handle_t *handle, uv_close_cb call) {
    if (control_enter()) {
        if (handle->type == UV_TIMER)
            timer_forget(handle);
        if (handle->type == UV_SIGNAL)
            signal_forget(handle);
        control_leave();
    }
    uv_close(handle, call);
}

int racelab_uv_is_active(const uv_handle_t *handle) {
    if (!control_enter())
        return uv_is_active(handle);
    int active = handle->type == UV_TIMER    ? timer_is_active(handle)
                 : handle->type == UV_SIGNAL ? signal_is_active(handle)
                                             : uv_is_active(handle);
    control_leave();
    return active;
}

// The first port that the program listens on is where requests go.
int racelab_uv_listen(uv_stream_t *stream, int backlog, uv_connection_cb call) {
    int status = uv_listen(stream, backlog, call);
    if (status || !control_enter())
        return status;
    int length = sizeof control.address;
    if (!control.listening && stream->type == UV_TCP &&
        uv_tcp_getsockname((uv_tcp_t *)stream,
                           (struct sockaddr *)&control.address, &length) == 0) {
        control.listening = true;
        control.listener = stream->loop;
    }
    control_leave();
    return status;
}
