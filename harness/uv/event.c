// event.c - what may wake a loop, as tasks without a stack: each timer, each
// uv_async_t, and the work that is done.
//
// When every order is explored these are what the scheduler chooses from, and
// the loop takes the one chosen and nothing else. A schedule may do the same by
// `fire`. Else they stay as they are, and a loop takes whatever is ready in the
// order in which libuv does.
#include "control.h"
#include "edges.h"
#include "uv_prototypes.h"

static struct event *event_of(const struct task *task) {
    return &control.events[task->id];
}

static struct task *task_of(const void *object) {
    struct scheduler *scheduler = control.scheduler;
    for (int i = scheduler->task_count - 1; i >= 0; i--) {
        struct task *task = &scheduler->tasks[i];
        if (task->kind == TASK_EVENT && task->state != TASK_ENDED &&
            event_of(task)->object == object)
            return task;
    }
    return NULL;
}

// "loop.timer.1": the first of the timers that `self` has made.
static void name_event(const struct task *self, const char *kind, char *name) {
    char stem[LIMIT_NAME];
    names_join(stem, self->name, kind);
    for (int next = 1;; next++) {
        names_number(name, stem, next);
        if (!scheduler_find(control.scheduler, name))
            return;
    }
}

static struct task *add(struct task *self, enum event_kind kind,
                        const void *object, uv_loop_t *loop) {
    static const char *const names[] = {"timer.", "async.", "work."};
    struct scheduler *scheduler = control.scheduler;
    const struct op fire = {
        .kind = OP_FIRE, .name = "fire", .object = (uintptr_t)object};
    char name[LIMIT_NAME];
    name_event(self, names[kind], name);
    if (scheduler->task_count == LIMIT_TASKS)
        scheduler_fail(scheduler, self, VERDICT_STEP_LIMIT,
                       "more than %d tasks", LIMIT_TASKS);
    struct task *task = scheduler_add(scheduler, self, TASK_EVENT, name, &fire);
    *event_of(task) =
        (struct event){.kind = kind, .object = object, .loop = loop};
    task->runner = -1;
    return task;
}

const struct task *event_message(const uv_async_t *handle) {
    const struct task *task = task_of(handle);
    return task && event_of(task)->kind == EVENT_ASYNC ? task : NULL;
}

void event_arm(struct task *self, enum event_kind kind, const void *object,
               uv_loop_t *loop) {
    struct task *task = task_of(object);
    if (!task)
        task = add(self, kind, object, loop);
    scheduler_arm(control.scheduler, task->parent, task->birth, self);
}

void event_forget(const void *object) {
    struct task *task = task_of(object);
    if (!task)
        return;
    struct loop_state *state = loop_find(event_of(task)->loop);
    if (state && state->fired == task)
        state->fired = NULL;
    task->fired = false;
    task->state = TASK_ENDED;
}

static bool has_happened(const struct task *task) {
    const struct event *event = event_of(task);
    switch (event->kind) {
    case EVENT_TIMER:
        return timer_may_fire(event->object);
    case EVENT_ASYNC:
        return task->sent_for;
    default:
        return work_is_done(loop_find(event->loop));
    }
}

int event_receiver(const struct task *task) {
    return loop_waits(event_of(task)->loop);
}

bool event_ready(const struct task *task) {
    const struct event *event = event_of(task);
    const struct loop_state *state = loop_find(event->loop);
    if (!state || state->fired || !has_happened(task))
        return false;
    return !control.scheduler->explores || event_receiver(task) >= 0;
}

void event_fire(struct task *task) {
    loop_find(event_of(task)->loop)->fired = task;
    task->fired = true;
}

static void deliver_async(struct loop_state *state, struct task *task) {
    const uv_async_t *handle = event_of(task)->object;
    task->sent_for = false;
    edges_acquire(&state->wake_up);
    control_acquire(state->loop);
    control_leave_for(event_of(task)->works_for, "async");
    handle->async_cb((uv_async_t *)handle);
    control_return_to_loop();
}

void event_deliver(struct loop_state *state) {
    struct task *task = state->fired;
    const struct event *event = event_of(task);
    task->fired = false;
    state->fired = NULL;
    switch (event->kind) {
    case EVENT_TIMER:
        timer_run(state, event->object);
        break;
    case EVENT_ASYNC:
        deliver_async(state, task);
        break;
    default:
        work_deliver_one(state);
    }
}

static struct task *first_sent(const uv_loop_t *loop) {
    struct scheduler *scheduler = control.scheduler;
    for (int i = 0; i < scheduler->task_count; i++) {
        struct task *task = &scheduler->tasks[i];
        if (task->sent_for && task->state != TASK_ENDED &&
            event_of(task)->loop == loop)
            return task;
    }
    return NULL;
}

void event_note_runner(const struct task *runner, const uv_loop_t *loop) {
    struct scheduler *scheduler = control.scheduler;
    for (int i = 0; i < scheduler->task_count; i++)
        if (scheduler->tasks[i].kind == TASK_EVENT &&
            control.events[i].loop == loop)
            scheduler->tasks[i].runner = runner->id;
}

bool async_pending(const uv_loop_t *loop) {
    return first_sent(loop);
}

// Each once: a callback that sends again has its next turn. One that another's
// callback closes has none.
void async_deliver(struct loop_state *state) {
    struct task *sent[LIMIT_TASKS];
    int count = 0;
    for (struct task *task; (task = first_sent(state->loop));) {
        task->sent_for = false;
        sent[count++] = task;
    }
    for (int i = 0; i < count; i++)
        if (sent[i]->state != TASK_ENDED)
            deliver_async(state, sent[i]);
}

int racelab_uv_async_init(uv_loop_t *loop, uv_async_t *handle,
                          uv_async_cb call) {
    int status = uv_async_init(loop, handle, call);
    struct task *self = status ? NULL : control_enter();
    if (!self)
        return status;
    add(self, EVENT_ASYNC, handle, loop);
    control_leave();
    return status;
}

// One that is sent for already is not sent for again, and what this sender has
// done is then ordered before nothing: as in libuv.
int racelab_uv_async_send(uv_async_t *handle) {
    struct task *self = control_enter();
    if (!self)
        return uv_async_send(handle);
    struct task *task = task_of(handle);
    if (task)
        control_yield(self, &(struct op){.kind = OP_ASYNC_SEND,
                                         .name = "uv_async_send",
                                         .object = (uintptr_t)handle,
                                         .detail = task->name});
    if (!task || task->state == TASK_ENDED)
        control_misuse(self, "uv_async_send of a handle that is not open");
    uv_loop_t *loop = event_of(task)->loop;
    if (!task->sent_for) {
        task->sent_for = true;
        event_of(task)->works_for = self->works_for;
        edges_release(&loop_state(self, loop)->wake_up);
        control_release(loop);
        event_arm(self, EVENT_ASYNC, handle, loop);
    }
    control_leave();
    return 0;
}
