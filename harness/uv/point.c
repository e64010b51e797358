// point.c - what the program says: points, names, owners, outcomes.
#include "control.h"

#define RACELAB_CONTROL 1 // this file is what the macros call
#include <racelab/point.h>

#include <stdio.h>

CONTROL_PART void stop_at(const char *name, const void *object,
                          enum op_access access) {
    struct task *self = control_enter();
    if (!self)
        return;
    // Made in its place: to copy it right after it is made costs a stall.
    self->op = (struct op){.kind = OP_POINT,
                           .name = name,
                           .object = (uintptr_t)object,
                           .access = access};
    scheduler_yield(control.scheduler, self);
    control_leave();
}

void racelab_point(const char *name) {
    stop_at(name, NULL, ACCESS_NONE);
}

void racelab_point_read(const char *name, const void *object) {
    stop_at(name, object, ACCESS_READ);
}

void racelab_point_write(const char *name, const void *object) {
    stop_at(name, object, ACCESS_WRITE);
}

void racelab_named(const void *memory, unsigned long bytes, const char *name) {
    struct task *self = control_enter();
    if (!self)
        return;
    struct name *added =
        names_add(&control.scheduler->names, (uintptr_t)memory, bytes, name);
    if (!added)
        control_misuse(self, "more than %d pieces of named memory",
                       LIMIT_NAMED);
    added->maker = self->id;
    added->birth = self->births++;
    control_leave();
}

void racelab_owned(const void *object, const char *owner) {
    (void)object;
    struct task *self = control_enter();
    if (!self)
        return;
    names_copy(self->owner, sizeof self->owner, owner);
    control_leave();
}

void racelab_disowned(const void *object) {
    (void)object;
    struct task *self = control_enter();
    if (!self)
        return;
    self->owner[0] = '\0';
    control_leave();
}

void racelab_outcome(const char *line) {
    struct task *self = control_enter();
    if (!self)
        return;
    trace_outcome(control.scheduler->trace, self->id, self->name, line);
    control_leave();
}
