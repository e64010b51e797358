// timer.c - uv_timer_t under control. The handle itself is libuv's; when it
// fires is virtual.
#include "control.h"
#include "uv_prototypes.h"

static int find(const uv_timer_t *handle) {
    for (int i = 0; i < control.timer_count; i++)
        if (control.timers[i].handle == handle)
            return i;
    return -1;
}

static void drop(int index) {
    if (index >= 0)
        control.timers[index] = control.timers[--control.timer_count];
}

// The timer of `loop` that is due first, or -1.
static int first_of(const uv_loop_t *loop) {
    int best = -1;
    for (int i = 0; i < control.timer_count; i++) {
        const struct timer *timer = &control.timers[i];
        if (timer->handle->loop != loop)
            continue;
        const struct timer *first = best < 0 ? NULL : &control.timers[best];
        if (!first || timer->due_ns < first->due_ns ||
            (timer->due_ns == first->due_ns && timer->serial < first->serial))
            best = i;
    }
    return best;
}

bool timer_next(const uv_loop_t *loop, uint64_t *due_ns) {
    int first = first_of(loop);
    if (first >= 0)
        *due_ns = control.timers[first].due_ns;
    return first >= 0;
}

bool timer_keeps_alive(const uv_loop_t *loop) {
    for (int i = 0; i < control.timer_count; i++)
        if (control.timers[i].handle->loop == loop &&
            uv_has_ref((const uv_handle_t *)control.timers[i].handle))
            return true;
    return false;
}

bool timer_is_active(const uv_handle_t *handle) {
    return find((const uv_timer_t *)handle) >= 0;
}

void timer_forget(const uv_handle_t *handle) {
    drop(find((const uv_timer_t *)handle));
    event_forget(handle);
}

static int start(struct task *self, uv_timer_t *handle, uv_timer_cb call,
                 uint64_t timeout_ms) {
    const struct loop_state *state = loop_state(self, handle->loop);
    drop(find(handle));
    if (control.timer_count == LIMIT_TIMERS)
        control_misuse(self, "more than %d timers at once", LIMIT_TIMERS);
    control.timers[control.timer_count++] = (struct timer){
        .handle = handle,
        .call = call,
        .due_ns = control_later(state->now_ns, control_ns(timeout_ms)),
        .serial = control.timers_started++,
        .timeout_ns = control_ns(timeout_ms),
        .turn = state->turn,
        .works_for = self->works_for,
    };
    event_arm(self, EVENT_TIMER, handle, handle->loop);
    return 0;
}

// The time between two turns of a loop is any time. So of two timers the one
// that was started later is due later only if it was given no less.
static bool is_due_before(const struct timer *a, const struct timer *b) {
    if (a->turn == b->turn && a->timeout_ns != b->timeout_ns)
        return a->timeout_ns < b->timeout_ns;
    return a->serial < b->serial && a->timeout_ns <= b->timeout_ns;
}

bool timer_may_fire(const uv_timer_t *handle) {
    int index = find(handle);
    if (index < 0 || control.timers[index].repeated)
        return false;
    for (int i = 0; i < control.timer_count; i++)
        if (control.timers[i].handle->loop == handle->loop &&
            !control.timers[i].repeated &&
            is_due_before(&control.timers[i], &control.timers[index]))
            return false;
    return true;
}

int racelab_uv_timer_start(uv_timer_t *handle, uv_timer_cb call,
                           uint64_t timeout_ms, uint64_t repeat_ms) {
    struct task *self = control_enter();
    if (!self)
        return uv_timer_start(handle, call, timeout_ms, repeat_ms);
    int status = UV_EINVAL;
    if (call && !uv_is_closing((uv_handle_t *)handle))
        status = start(self, handle, call, timeout_ms);
    if (status == 0) { // where libuv keeps them
        handle->timer_cb = call;
        uv_timer_set_repeat(handle, repeat_ms);
    }
    control_leave();
    return status;
}

int racelab_uv_timer_stop(uv_timer_t *handle) {
    if (!control_enter())
        return uv_timer_stop(handle);
    drop(find(handle));
    control_leave();
    return 0;
}

// As in libuv, that of a handle that is being closed starts nothing, and does
// not say so.
int racelab_uv_timer_again(uv_timer_t *handle) {
    struct task *self = control_enter();
    if (!self)
        return uv_timer_again(handle);
    uint64_t repeat_ms = uv_timer_get_repeat(handle);
    int status = handle->timer_cb ? 0 : UV_EINVAL;
    if (status == 0 && repeat_ms > 0 && !uv_is_closing((uv_handle_t *)handle))
        start(self, handle, handle->timer_cb, repeat_ms);
    control_leave();
    return status;
}

uint64_t racelab_uv_timer_get_due_in(const uv_timer_t *handle) {
    struct task *self = control_enter();
    if (!self)
        return uv_timer_get_due_in(handle);
    int index = find(handle);
    uint64_t now_ns = loop_state(self, handle->loop)->now_ns, due_in_ms = 0;
    if (index >= 0 && control.timers[index].due_ns > now_ns)
        due_in_ms = (control.timers[index].due_ns - now_ns) / 1000000;
    control_leave();
    return due_in_ms;
}

// When every order is explored a timer that repeats does so once: else there
// would be no end to it.
static void start_again(struct task *self, const struct timer *timer,
                        uint64_t repeat_ms) {
    start(self, timer->handle, timer->call, repeat_ms);
    control.timers[control.timer_count - 1].works_for = timer->works_for;
    if (!control.scheduler->explores)
        return;
    control.timers[control.timer_count - 1].repeated = true;
    scheduler_gap(control.scheduler, "uv_timer_start with a repeat");
}

static void run(int index) {
    struct backend *backend = control.scheduler->backend;
    struct timer timer = control.timers[index];
    drop(index);
    uint64_t repeat_ms = uv_timer_get_repeat(timer.handle);
    if (repeat_ms > 0)
        start_again(backend->self(backend), &timer, repeat_ms);
    control_leave_for(timer.works_for, "timer");
    timer.call(timer.handle);
    control_return_to_loop();
}

// Runs the callback of the first timer that is due; false: none is.
bool timer_run_due(const struct loop_state *state) {
    int first = first_of(state->loop);
    if (first < 0 || control.timers[first].due_ns > state->now_ns)
        return false;
    run(first);
    return true;
}

// Time passes until it is due.
void timer_run(struct loop_state *state, const uv_timer_t *handle) {
    int index = find(handle);
    if (index < 0)
        return;
    uint64_t due_ns = control.timers[index].due_ns;
    if (control.scheduler->now_ns < due_ns)
        control.scheduler->now_ns = due_ns;
    loop_update_time(state);
    run(index);
}
