// loop.c - the event loop under control.
//
// uv_run becomes: while the loop is alive, stop at a poll until something is
// ready, then let the real loop turn once without waiting. Sockets, real ones
// or those of local.h, are watched by libuv itself; timers, signals and
// finished work are the model's and are run in the order in which libuv runs
// them.
#include "control.h"
#include "local.h"
#include "uv_prototypes.h"

#include <sys/epoll.h>
#include <sys/syscall.h>
#include <unistd.h>

// A turn that finds nothing to do.
enum { TURN_NS = 1000000 };

struct loop_state *loop_find(const uv_loop_t *loop) {
    for (int i = 0; i < control.loop_count; i++)
        if (control.loops[i].loop == loop)
            return &control.loops[i];
    return NULL;
}

void loop_update_time(struct loop_state *state) {
    uint64_t now_ns = control.scheduler->now_ns;
    state->turn++;
    state->now_ns = now_ns - now_ns % 1000000;
}

static struct loop_state *add(struct task *self, const uv_loop_t *loop) {
    struct loop_state *state = loop_find(NULL); // a place that is free again
    if (!state && control.loop_count < LIMIT_LOOPS)
        state = &control.loops[control.loop_count++];
    if (!state)
        control_misuse(self, "more than %d loops", LIMIT_LOOPS);
    *state = (struct loop_state){
        .loop = (uv_loop_t *)loop, .maker = self->id, .birth = self->births++};
    state->arrived = -1;
    uv_mutex_init(&state->done_lock);
    control_forget(&state->done_lock);
    control_forget(loop);
    loop_update_time(state);
    return state;
}

struct loop_state *loop_state(struct task *self, const uv_loop_t *loop) {
    struct loop_state *state = loop_find(loop);
    return state ? state : add(self, loop);
}

static void forget(struct task *self, struct loop_state *state) {
    if (!state)
        return;
    if (state->works > 0)
        control_misuse(self, "a loop that has work to do is taken away");
    uv_mutex_destroy(&state->done_lock);
    event_forget(state);
    state->loop = NULL;
}

static void close_descriptor(int descriptor) {
    if (descriptor >= 0)
        syscall(SYS_close, descriptor);
}

static void close_handle(uv_handle_t *handle, void *nothing) {
    uv_os_fd_t descriptor;
    (void)nothing;
    if (uv_fileno(handle, &descriptor) == 0)
        close_descriptor(descriptor);
}

void loop_abandon_all(void) {
    for (int i = 0; i < control.loop_count; i++) {
        uv_loop_t *loop = control.loops[i].loop;
        if (!loop)
            continue;
        uv_walk(loop, close_handle, NULL);
        close_descriptor(loop->backend_fd);
        close_descriptor(loop->async_io_watcher.fd);
        close_descriptor(loop->async_wfd);
        close_descriptor(loop->signal_pipefd[0]);
        close_descriptor(loop->signal_pipefd[1]);
        close_descriptor(loop->emfile_fd);
    }
}

int racelab_uv_loop_init(uv_loop_t *loop) {
    bool taken = local_take_loop(loop);
    int status = taken ? 0 : uv_loop_init(loop);
    struct task *self = status ? NULL : control_enter();
    if (self) {
        forget(self, loop_find(loop)); // it was never closed
        add(self, loop);
        if (!taken)
            local_prepare_loop(loop);
        control_leave();
    }
    return status;
}

// libuv's queues are rings: the head of an empty one points to itself.
static bool is_empty(const void *queue) {
    return *(const void *const *)queue == queue;
}

// By plain system call: the real one is intercepted. What is ready stays so:
// libuv waits for levels, not for edges.
static bool descriptor_ready(const uv_loop_t *loop) {
    struct epoll_event event;
    return local_events(loop, &event, 1) > 0 ||
           (local_watches_others(loop) &&
            syscall(SYS_epoll_pwait, uv_backend_fd(loop), &event, 1, 0, NULL,
                    0) > 0);
}

// The real loop has something to do: a handle that was started, but not yet
// handed to the kernel (libuv does that at the start of its next turn), a write
// to finish, a handle to close, a socket.
static bool really_busy(const uv_loop_t *loop) {
    return !is_empty(&loop->watcher_queue) || !is_empty(&loop->pending_queue) ||
           loop->closing_handles || descriptor_ready(loop);
}

// libuv runs prepare handles before it waits; here the wait comes first.
static bool must_prepare(const struct loop_state *state) {
    return !state->prepared && !is_empty(&state->loop->prepare_handles);
}

static bool busy(const struct loop_state *state) {
    uint64_t due_ns;
    if (timer_next(state->loop, &due_ns) && due_ns <= control.scheduler->now_ns)
        return true;
    return state->fired || signal_pending(state->loop) || state->done ||
           async_pending(state->loop) || must_prepare(state) ||
           really_busy(state->loop);
}

// Only asked of a loop that is alive. When every order is explored it is the
// events that are chosen, and a loop that waits has nothing else left to do.
bool loop_ready(const uv_loop_t *loop) {
    if (control.scheduler->explores)
        return signal_pending(loop) || client_leaves(loop);
    return busy(loop_find(loop)) || !is_empty(&loop->idle_handles);
}

int loop_waits(const uv_loop_t *loop) {
    const struct scheduler *scheduler = control.scheduler;
    for (int i = 0; i < scheduler->task_count; i++) {
        const struct task *task = &scheduler->tasks[i];
        if (task->state == TASK_WAITING && task->op.kind == OP_POLL &&
            task->op.object == (uintptr_t)loop)
            return i;
    }
    return -1;
}

static bool really_alive(const struct loop_state *state) {
    state->loop->active_handles -= state->lent;
    bool alive = uv_loop_alive(state->loop);
    state->loop->active_handles += state->lent;
    return alive;
}

static bool alive(const struct loop_state *state) {
    return really_alive(state) || timer_keeps_alive(state->loop) ||
           signal_keeps_alive(state->loop) || state->works > 0;
}

static bool goes_on(const struct loop_state *state) {
    return alive(state) && !state->stopped;
}

// One turn of the real loop, without waiting. It would do nothing if only the
// model kept it alive, so a handle is lent to it.
static void turn_really(struct loop_state *state) {
    bool lends = !state->lent;
    state->lent = true;
    state->loop->active_handles += lends;
    control_leave(); // the program's callbacks are looked at
    uv_run(state->loop, UV_RUN_NOWAIT);
    control_return();
    state->loop->active_handles -= lends;
    state->lent = !lends;
}

// Handles whose callbacks run with every turn.
static bool counts_turns(const uv_loop_t *loop) {
    return !is_empty(&loop->idle_handles) ||
           !is_empty(&loop->prepare_handles) || !is_empty(&loop->check_handles);
}

// Until nothing is left but to wait for others.
static void settle(struct loop_state *state) {
    for (int i = 0; i < LIMIT_STEPS; i++) {
        if (!goes_on(state) || !really_busy(state->loop))
            return;
        turn_really(state);
    }
}

// How many turns there are is libuv's business, and here nobody's choice.
static void look_for_gaps(const uv_loop_t *loop, uv_run_mode mode) {
    if (counts_turns(loop))
        scheduler_gap(control.scheduler, "idle, prepare or check handles");
    if (mode == UV_RUN_NOWAIT)
        scheduler_gap(control.scheduler, "uv_run with UV_RUN_NOWAIT");
    if (mode == UV_RUN_ONCE)
        scheduler_gap(control.scheduler, "uv_run with UV_RUN_ONCE");
}

static void turn(struct loop_state *state) {
    if (!busy(state))
        control.scheduler->now_ns += TURN_NS;
    // What sockets bring in comes after the prepare handles of this turn.
    state->prepared = !descriptor_ready(state->loop);
    loop_update_time(state);
    if (state->fired) { // behind what sockets bring in before it
        if (!really_busy(state->loop))
            event_deliver(state);
    } else {
        for (int i = 0; i < LIMIT_TIMERS && timer_run_due(state); i++)
            ;
        work_deliver(state);
        async_deliver(state);
        signal_deliver(state->loop);
    }
    turn_really(state);
}

// As libuv does when the kernel has a connection for the port: whoever is
// called back calls uv_accept.
static void take_connection(struct loop_state *state) {
    struct backend *backend = control.scheduler->backend;
    uv_stream_t *port = control.port;
    port->accepted_fd = state->arrived;
    state->arrived = -1;
    control_leave();
    port->connection_cb(port, 0);
    control_return();
    if (port->accepted_fd >= 0)
        control_misuse(backend->self(backend),
                       "a connection callback that does not call uv_accept, "
                       "while every order is explored");
}

// The same when every order is explored: the loop goes on for what was chosen,
// and then does what it has left to do for itself, which is no choice.
static void turn_for_choice(struct loop_state *state) {
    loop_update_time(state);
    if (state->arrived >= 0)
        take_connection(state);
    if (state->fired)
        event_deliver(state);
    if (!signal_pending(state->loop) && client_leaves(state->loop))
        client_hang_up();
    signal_deliver(state->loop);
    settle(state);
}

static void wait_for_event(struct task *self, const struct loop_state *state) {
    uv_loop_t *loop = state->loop;
    struct op op = {.kind = OP_POLL, .name = "poll", .object = (uintptr_t)loop};
    op.timed = timer_next(loop, &op.deadline_ns);
    event_note_runner(self, loop);
    self->place = state->place; // callbacks made calls of their own
    self->works_for = OWNER_NOBODY;
    control_yield(self, &op);
}

// Every order is explored, and idle handles do not let the loop wait: they have
// one turn, and then it waits all the same.
static void run_explored(struct task *self, struct loop_state *state,
                         uv_run_mode mode) {
    look_for_gaps(state->loop, mode);
    settle(state);
    if (!is_empty(&state->loop->idle_handles))
        turn_really(state);
    while (goes_on(state)) {
        wait_for_event(self, state);
        turn_for_choice(state);
        look_for_gaps(state->loop, mode);
        if (mode != UV_RUN_DEFAULT)
            break;
    }
}

static void run_scheduled(struct task *self, struct loop_state *state,
                          uv_run_mode mode) {
    state->prepared = false;
    while (goes_on(state)) {
        if (mode == UV_RUN_NOWAIT)
            control_call(self, "uv_run", NULL);
        else
            wait_for_event(self, state);
        turn(state);
        if (mode != UV_RUN_DEFAULT)
            break;
    }
}

static void run(struct task *self, struct loop_state *state, uv_run_mode mode) {
    state->place = self->place;
    if (control.scheduler->explores && mode != UV_RUN_NOWAIT) {
        run_explored(self, state, mode);
    } else {
        if (control.scheduler->explores)
            look_for_gaps(state->loop, mode);
        run_scheduled(self, state, mode);
    }
    loop_update_time(state);
    state->stopped = false;
}

int racelab_uv_run(uv_loop_t *loop, uv_run_mode mode) {
    struct task *self = control_enter();
    if (!self)
        return uv_run(loop, mode);
    struct loop_state *state = loop_state(self, loop);
    int works_for = self->works_for;
    const char *role = self->role;
    self->loops++;
    run(self, state, mode);
    self->loops--;
    self->works_for = works_for; // for whoever it did before
    self->role = role;
    bool more = alive(state);
    control_leave();
    return more;
}

// The real loop is not told: it would break off the turn that is under way.
void racelab_uv_stop(uv_loop_t *loop) {
    struct task *self = control_enter();
    if (!self) {
        uv_stop(loop);
        return;
    }
    loop_state(self, loop)->stopped = true;
    control_leave();
}

int racelab_uv_loop_alive(const uv_loop_t *loop) {
    struct task *self = control_enter();
    if (!self)
        return uv_loop_alive(loop);
    bool result = alive(loop_state(self, loop));
    control_leave();
    return result;
}

int racelab_uv_loop_close(uv_loop_t *loop) {
    struct task *self = control_enter();
    if (!self)
        return uv_loop_close(loop);
    struct loop_state *state = loop_find(loop);
    int status = UV_EBUSY;
    if (!state || state->works == 0)
        status = local_keep_loop(loop) ? 0 : uv_loop_close(loop);
    if (status == 0)
        forget(self, state);
    control_leave();
    return status;
}

void racelab_uv_loop_delete(uv_loop_t *loop) {
    struct task *self = control_enter();
    if (self) {
        forget(self, loop_find(loop));
        control_leave();
    }
    uv_loop_delete(loop);
}

void racelab_uv_close(uv_handle_t *handle, uv_close_cb call) {
    if (control_enter()) {
        if (handle->type == UV_TIMER)
            timer_forget(handle);
        if (handle->type == UV_SIGNAL)
            signal_forget(handle);
        if (handle->type == UV_ASYNC)
            event_forget(handle);
        if ((uv_stream_t *)handle == control.port)
            control.port = NULL;
        if (handle->type == UV_TCP) {
            local_close_port((uv_tcp_t *)handle);
            local_close_connection((uv_tcp_t *)handle);
        }
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
        racelab_uv_tcp_getsockname((uv_tcp_t *)stream,
                                   (struct sockaddr *)&control.address,
                                   &length) == 0) {
        control.listening = true;
        control.listener = stream->loop;
        control.port = stream;
    }
    control_leave();
    return status;
}
