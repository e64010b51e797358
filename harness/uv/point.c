// point.c - what the program says: points, names, owners, outcomes.
#include "control.h"

#define RACELAB_CONTROL 1 // this file is what the macros call
#include <racelab/point.h>

#include <stdio.h>
#include <string.h>

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
    const struct owner_object *pooled =
        owners_find(control.scheduler->owners, self->op.object);
    if (pooled)
        self->op.mutex = pooled->base;
    scheduler_yield(control.scheduler, self);
    control_leave();
}

// Where a request looks at what it got, or would: at the object that it was
// given first.
static uintptr_t looks_at(const struct task *self, const char *name) {
    const struct scheduler *scheduler = control.scheduler;
    if (!scheduler->look || strcmp(scheduler->look, name) != 0)
        return 0;
    return scheduler->owners->first[self->works_for];
}

void racelab_point(const char *name) {
    struct task *self = control_enter();
    if (!self)
        return;
    uintptr_t object = looks_at(self, name);
    self->op = (struct op){
        .kind = object ? OP_LOOK : OP_POINT, .name = name, .mutex = object};
    scheduler_yield(control.scheduler, self);
    control_leave();
}

void racelab_point_read(const char *name, const void *object) {
    stop_at(name, object, ACCESS_READ);
}

void racelab_point_write(const char *name, const void *object) {
    stop_at(name, object, ACCESS_WRITE);
}

void racelab_point_load(const char *name, const void *object) {
    stop_at(name, object, ACCESS_LOAD);
}

void racelab_point_store(const char *name, const void *object) {
    stop_at(name, object, ACCESS_STORE);
}

void racelab_point_update(const char *name, const void *object) {
    stop_at(name, object, ACCESS_UPDATE);
}

static int request_of(struct task *self, const char *owner) {
    int request = owners_request(control.scheduler->owners, owner);
    if (request == OWNER_NOBODY)
        control_misuse(self, "more than %d requests", LIMIT_TASKS);
    return request;
}

// "context#1 for A"
static void print_get(uintptr_t base, const char *owner, char *text,
                      size_t room) {
    char object[LIMIT_NAME * 2] = "memory without a name";
    const struct name *name = names_find(&control.scheduler->names, base);
    if (name)
        names_print(name, object, sizeof object);
    snprintf(text, room, "%s for %s", object, owner);
}

// A mark of the past: it is written down here and now, whoever goes on.
void racelab_point_get(const char *name, const void *object,
                       const char *owner) {
    struct task *self = control_enter();
    if (!self)
        return;
    struct scheduler *scheduler = control.scheduler;
    uintptr_t base = (uintptr_t)object;
    char detail[LIMIT_NAME * 2] = "";
    self->works_for = request_of(self, owner);
    self->role = NULL;
    if (!owners_get(scheduler->owners, base,
                    names_extent(&scheduler->names, base), self->works_for,
                    self->id, scheduler->trace->step_count + 1))
        control_misuse(self, "more than %d pooled objects", LIMIT_POOLED);
    if (scheduler->trace->detailed)
        print_get(base, owner, detail, sizeof detail);
    control_yield(self, &(struct op){.kind = OP_GET,
                                     .name = name,
                                     .object = base,
                                     .detail = detail});
    control_leave();
}

// To put is a step of its own, and may come before what others still do with
// the object, or behind it; the point marks that it has been done.
void racelab_point_put(const char *name, const void *object) {
    struct task *self = control_enter();
    if (!self)
        return;
    struct scheduler *scheduler = control.scheduler;
    uintptr_t base = (uintptr_t)object;
    control_wait(self, OP_PUT, "put", object);
    if (!owners_put(scheduler->owners, base, self->works_for, self->id,
                    scheduler->trace->step_count, name))
        control_misuse(self, "%s of what no POINT_GET has given", name);
    self->works_for = OWNER_NOBODY;
    control_wait(self, OP_POINT, name, NULL);
    control_leave();
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

// The program's name is its own; this one is kept for ever, each once.
static const char *kept(const char *what) {
    static char names[LIMIT_SAW][LIMIT_NAME];
    char cut[LIMIT_NAME];
    names_copy(cut, sizeof cut, what);
    for (int i = 0; i < LIMIT_SAW; i++) {
        if (names[i][0] == '\0')
            memcpy(names[i], cut, sizeof cut);
        if (strcmp(names[i], cut) == 0)
            return names[i];
    }
    return "value";
}

// What the task's last step has seen: shown with that step.
void racelab_saw(const char *what, long long value) {
    struct task *self = control_enter();
    if (!self)
        return;
    trace_saw(control.scheduler->trace, self->id, kept(what), value);
    control_leave();
}

// Of a callback or a work it is the request's, whichever task makes it.
void racelab_outcome(const char *line) {
    struct task *self = control_enter();
    if (!self)
        return;
    char name[LIMIT_NAME];
    const char *request =
        owners_name(control.scheduler->owners, self->works_for);
    if (*request && self->role)
        snprintf(name, sizeof name, "%.40s.%s", request, self->role);
    else
        names_copy(name, sizeof name, self->name);
    trace_outcome(control.scheduler->trace, self->id, name, line);
    control_leave();
}
