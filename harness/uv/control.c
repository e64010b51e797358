#include "control.h"
#include "edges.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct control control;
int racelab_controlled; // read by POINT; see racelab/point.h

static bool ready(struct world *world, const struct op *op) {
    switch (op->kind) {
    case OP_SEND:
        return control.listening &&
               (!control.scheduler->explores || client_receiver(world) >= 0);
    case OP_POLL:
        return loop_ready((const uv_loop_t *)op->object);
    default:
        return control.scheduler->closing || work_ready();
    }
}

static const char *verb_of(enum op_access access) {
    if (access == ACCESS_NONE)
        return "";
    return access == ACCESS_READ ? "reads " : "writes ";
}

static void describe(struct world *world, const struct op *op, char *text,
                     unsigned long room) {
    (void)world;
    text[0] = '\0';
    if (op->detail) {
        snprintf(text, room, "%s", op->detail);
        return;
    }
    if (op->object == 0 || op->kind == OP_POLL)
        return;
    char object[LIMIT_NAME * 2];
    const struct name *name = names_find(&control.scheduler->names, op->object);
    if (name)
        names_print(name, object, sizeof object);
    else
        snprintf(object, sizeof object, "%s",
                 sync_name(&control.scheduler->sync, op->object));
    snprintf(text, room, "%s%s", verb_of(op->access), object);
}

void control_begin(struct scheduler *scheduler) {
    memset(&control, 0, sizeof control);
    control.scheduler = scheduler;
    control.world = (struct world){
        .ready = ready,
        .send = client_send,
        .receiver = client_receiver,
        .can_stop = client_can_stop,
        .stop = client_stop,
        .describe = describe,
    };
    scheduler->world = &control.world;
    work_begin();
    racelab_controlled = 1;
}

void control_end(void) {
    racelab_controlled = 0;
    client_end();
    work_end();
    control.scheduler = NULL;
}

bool control_under_way(void) {
    return racelab_controlled;
}

struct task *control_enter(void) {
    if (!racelab_controlled)
        return NULL;
    struct backend *backend = control.scheduler->backend;
    struct task *self = backend->self(backend);
    if (self)
        edges_ignore_begin();
    return self;
}

void control_leave(void) {
    edges_ignore_end();
}

void control_yield(struct task *self, const struct op *op) {
    scheduler_yield(control.scheduler, self, op);
}

void control_wait(struct task *self, enum op_kind kind, const char *call,
                  const void *object) {
    struct op op = {.kind = kind, .name = call, .object = (uintptr_t)object};
    control_yield(self, &op);
}

void control_call(struct task *self, const char *call, const void *object) {
    control_wait(self, OP_CALL, call, object);
}

void control_detail(const char *format, ...) {
    struct trace *trace = control.scheduler->trace;
    struct step *step = &trace->steps[trace->step_count - 1];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(step->detail, sizeof step->detail, format, arguments);
    va_end(arguments);
}

void control_misuse(struct task *self, const char *format, ...) {
    char text[LIMIT_MESSAGE / 2];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    scheduler_fail(control.scheduler, self, VERDICT_MISUSE, "%s", text);
}

void control_refuse(const char *call) {
    struct task *self = control_enter();
    if (self)
        scheduler_fail(control.scheduler, self, VERDICT_UNCONTROLLED,
                       "%s is not under the harness's control, so it cannot "
                       "be replayed; docs/harness lists what is",
                       call);
}

uint64_t control_deadline(uint64_t ms) {
    uint64_t now = control.scheduler->now_ns;
    uint64_t most = (UINT64_MAX - now) / 1000000;
    return now + (ms < most ? ms : most) * 1000000;
}
