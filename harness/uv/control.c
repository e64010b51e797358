#include "control.h"
#include "access.h"
#include "edges.h"
#include "symbol.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct control control;
int racelab_controlled; // read by POINT; see racelab/point.h

static int receiver(struct world *world, const struct task *task) {
    (void)world;
    switch (task->kind) {
    case TASK_CLIENT:
        return client_receiver();
    case TASK_EVENT:
        return event_receiver(task);
    default:
        return -1;
    }
}

static bool ready(struct world *world, const struct task *task) {
    (void)world;
    switch (task->op.kind) {
    case OP_SEND:
        return control.listening &&
               (!control.scheduler->explores || client_receiver() >= 0);
    case OP_FIRE:
        return event_ready(task);
    case OP_POLL:
        return loop_ready((const uv_loop_t *)task->op.object);
    default:
        return control.scheduler->closing || work_ready(task);
    }
}

static void fire(struct world *world, struct task *event) {
    (void)world;
    event_fire(event);
}

static bool stands_for(struct world *world, const struct task *task, int *maker,
                       unsigned *birth) {
    (void)world;
    return work_stands_for(task, maker, birth);
}

static void describe(struct world *world, const struct op *op, char *text,
                     unsigned long room) {
    (void)world;
    text[0] = '\0';
    if (op->detail) {
        snprintf(text, room, "%s", op->detail);
        return;
    }
    if (op->object == 0 || op->kind == OP_POLL || op->kind == OP_FIRE)
        return;
    char object[LIMIT_NAME * 2];
    const struct name *name = names_find(&control.scheduler->names, op->object);
    if (name)
        names_print(name, object, sizeof object);
    else
        snprintf(object, sizeof object, "%s",
                 sync_name(&control.scheduler->sync, op->object));
    const char *verb = op_access_verb(op->access);
    snprintf(text, room, "%s%s%s", verb, *verb ? " " : "", object);
}

static bool made_by(struct world *world, uintptr_t address, int *maker,
                    unsigned *birth) {
    (void)world;
    const struct loop_state *loop = loop_find((const uv_loop_t *)address);
    const struct task *message = event_message((const uv_async_t *)address);
    if (!loop && !message)
        return false;
    *maker = loop ? loop->maker : message->parent;
    *birth = loop ? loop->birth : message->birth;
    return true;
}

static int workers_of(struct world *world) {
    (void)world;
    return control.workers_wanted;
}

static void find_place(struct world *world, const void *place, char *text,
                       unsigned long room) {
    (void)world;
    symbol_print(place, text, room);
}

void control_begin(struct scheduler *scheduler, int workers) {
    memset(&control, 0, offsetof(struct control, loops));
    control.scheduler = scheduler;
    control.world = (struct world){
        .ready = ready,
        .send = client_send,
        .fire = fire,
        .receiver = receiver,
        .stands_for = stands_for,
        .made_by = made_by,
        .workers = workers_of,
        .can_stop = client_can_stop,
        .stop = client_stop,
        .describe = describe,
        .find_place = find_place,
    };
    scheduler->world = &control.world;
    client_begin();
    work_begin(workers);
    racelab_controlled = 1;
}

void control_watch_accesses(struct touched *touched) {
    control.accesses = true;
    control.touched = touched;
    if (touched)
        touched_clear(touched);
}

void control_end(bool unfinished) {
    racelab_controlled = 0;
    access_watch(NULL, 0, 0);
    client_end();
    if (control.scheduler->verdict.kind == VERDICT_FINISHED)
        client_find_unanswered();
    if (unfinished)
        loop_abandon_all();
    work_end();
    control.scheduler = NULL;
}

bool control_under_way(void) {
    return racelab_controlled;
}

struct task *control_enter_from(const void *place) {
    if (!racelab_controlled)
        return NULL;
    struct backend *backend = control.scheduler->backend;
    struct task *self = backend->self(backend);
    if (self) {
        edges_ignore_begin();
        self->place = place;
    }
    return self;
}

void control_leave(void) {
    edges_ignore_end();
}

void control_return(void) {
    edges_ignore_begin();
}

static void work_for(int request, const char *role) {
    struct backend *backend = control.scheduler->backend;
    struct task *self = backend->self(backend);
    self->works_for = request;
    self->role = role;
}

void control_leave_for(int request, const char *role) {
    work_for(request, role);
    control_leave();
}

void control_return_to_loop(void) {
    control_return();
    work_for(OWNER_NOBODY, NULL);
}

void control_yield(struct task *self, const struct op *op) {
    self->op = *op;
    scheduler_yield(control.scheduler, self);
}

void control_wait(struct task *self, enum op_kind kind, const char *call,
                  const void *object) {
    self->op =
        (struct op){.kind = kind, .name = call, .object = (uintptr_t)object};
    scheduler_yield(control.scheduler, self);
}

void control_call(struct task *self, const char *call, const void *object) {
    control_wait(self, OP_CALL, call, object);
}

void control_detail(const char *format, ...) {
    struct trace *trace = control.scheduler->trace;
    if (!trace->detailed)
        return;
    struct step *step = &trace->steps[trace->step_count - 1];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(step->detail, sizeof step->detail, format, arguments);
    va_end(arguments);
}

static int running(void) {
    return atomic_load_explicit(&control.scheduler->running,
                                memory_order_relaxed);
}

void control_acquire(const void *object) {
    happens_acquire(control.scheduler->happens, running(), (uintptr_t)object);
}

void control_release(const void *object) {
    happens_release(control.scheduler->happens, running(), (uintptr_t)object);
}

void control_forget(const void *object) {
    happens_forget(control.scheduler->happens, (uintptr_t)object);
}

// " (FILE:LINE)", or nothing.
static void print_place(const void *place, char *text, size_t room) {
    char where[LIMIT_NAME * 5];
    symbol_print(place, where, sizeof where);
    snprintf(text, room, where[0] ? " (%s)" : "%s", where);
}

void control_misuse(struct task *self, const char *format, ...) {
    char text[LIMIT_MESSAGE / 4], at[LIMIT_NAME * 6];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    print_place(self->place, at, sizeof at);
    scheduler_fail(control.scheduler, self, VERDICT_MISUSE, "%s%s", text, at);
}

struct task *control_add(struct task *self, enum task_kind kind,
                         const char *name) {
    const struct op begin = {.kind = OP_BEGIN, .name = "begin"};
    struct scheduler *scheduler = control.scheduler;
    if (scheduler->task_count == LIMIT_TASKS)
        scheduler_fail(scheduler, self, VERDICT_STEP_LIMIT,
                       "more than %d tasks", LIMIT_TASKS);
    return scheduler_add(scheduler, self, kind, name, &begin);
}

void control_refuse_from(const char *call, const void *place) {
    struct task *self = control_enter_from(place);
    if (!self)
        return;
    char at[LIMIT_NAME * 6];
    print_place(place, at, sizeof at);
    scheduler_fail(control.scheduler, self, VERDICT_UNCONTROLLED,
                   "%s%s is not under the harness's control, so it cannot be "
                   "replayed; docs/harness lists what is",
                   call, at);
}

uint64_t control_later(uint64_t from_ns, uint64_t by_ns) {
    return by_ns < UINT64_MAX - from_ns ? from_ns + by_ns : UINT64_MAX;
}

uint64_t control_ns(uint64_t ms) {
    return ms < UINT64_MAX / 1000000 ? ms * 1000000 : UINT64_MAX;
}
