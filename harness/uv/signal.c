// signal.c - uv_signal_t under control: no signal of the system's is watched
// in an execution; the schedule's world raises them.
#include "control.h"
#include "uv_prototypes.h"

#include <signal.h>

static int find(const uv_signal_t *handle) {
    for (int i = 0; i < control.signal_count; i++)
        if (control.signals[i].handle == handle)
            return i;
    return -1;
}

// libuv takes a handle with a number for one that it watches itself.
static void drop(int index) {
    if (index < 0)
        return;
    control.signals[index].handle->signum = 0;
    control.signal_count--;
    for (int i = index; i < control.signal_count; i++)
        control.signals[i] = control.signals[i + 1];
}

static bool can_be_watched(int number) {
    return number > 0 && number < NSIG && number != SIGKILL &&
           number != SIGSTOP;
}

// As in libuv, a handle that watches the number already changes its callback
// and nothing else: a signal that is pending is not lost.
static int watch(struct task *self, uv_signal_t *handle, uv_signal_cb call,
                 int number, bool once) {
    if (!can_be_watched(number))
        return UV_EINVAL;
    int index = find(handle);
    if (index >= 0 && control.signals[index].number == number) {
        control.signals[index].call = call;
        return 0;
    }
    drop(index);
    if (control.signal_count == LIMIT_SIGNALS)
        control_misuse(self, "more than %d signal handles", LIMIT_SIGNALS);
    control.signals[control.signal_count++] = (struct signal_watch){
        .handle = handle, .call = call, .number = number, .once = once};
    handle->signum = number;
    return 0;
}

// libuv aborts when the handle is closing.
static int start(struct task *self, const char *name, uv_signal_t *handle,
                 uv_signal_cb call, int number, bool once) {
    if (uv_is_closing((uv_handle_t *)handle))
        control_misuse(self, "%s of a handle that is being closed", name);
    int status = watch(self, handle, call, number, once);
    control_leave();
    return status;
}

int racelab_uv_signal_start(uv_signal_t *handle, uv_signal_cb call,
                            int number) {
    struct task *self = control_enter();
    if (!self)
        return uv_signal_start(handle, call, number);
    return start(self, "uv_signal_start", handle, call, number, false);
}

int racelab_uv_signal_start_oneshot(uv_signal_t *handle, uv_signal_cb call,
                                    int number) {
    struct task *self = control_enter();
    if (!self)
        return uv_signal_start_oneshot(handle, call, number);
    return start(self, "uv_signal_start_oneshot", handle, call, number, true);
}

int racelab_uv_signal_stop(uv_signal_t *handle) {
    if (!control_enter())
        return uv_signal_stop(handle);
    drop(find(handle));
    control_leave();
    return 0;
}

void signal_raise(int number) {
    for (int i = 0; i < control.signal_count; i++)
        if (control.signals[i].number == number)
            control.signals[i].pending = true;
}

bool signal_watched(int number) {
    for (int i = 0; i < control.signal_count; i++)
        if (control.signals[i].number == number)
            return true;
    return false;
}

static int first_pending(const uv_loop_t *loop) {
    for (int i = 0; i < control.signal_count; i++)
        if (control.signals[i].pending &&
            control.signals[i].handle->loop == loop)
            return i;
    return -1;
}

bool signal_pending(const uv_loop_t *loop) {
    return first_pending(loop) >= 0;
}

bool signal_keeps_alive(const uv_loop_t *loop) {
    for (int i = 0; i < control.signal_count; i++)
        if (control.signals[i].handle->loop == loop &&
            uv_has_ref((const uv_handle_t *)control.signals[i].handle))
            return true;
    return false;
}

bool signal_is_active(const uv_handle_t *handle) {
    return find((const uv_signal_t *)handle) >= 0;
}

void signal_forget(const uv_handle_t *handle) {
    drop(find((const uv_signal_t *)handle));
}

void signal_deliver(uv_loop_t *loop) {
    for (int index; (index = first_pending(loop)) >= 0;) {
        struct signal_watch watch = control.signals[index];
        control.signals[index].pending = false;
        if (watch.once)
            drop(index);
        control_leave();
        watch.call(watch.handle, watch.number);
        control_return();
    }
}
