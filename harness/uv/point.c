// point.c - what the program says: points, names, owners, outcomes; and what it
// does without a word to memory that has a name.
#include "access.h"
#include "control.h"
#include "label.h"
#include "symbol.h"

#define RACELAB_CONTROL 1 // this file is what the macros call
#include <racelab/point.h>

#include <errno.h>
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
    self->op.spoken_for =
        control.accesses &&
        names_find(&control.scheduler->names, self->op.object);
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
                    self->id, scheduler->trace->step_count + 1, name))
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
    if (!owners_has(scheduler->owners, self->works_for))
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
    point_watch_accesses();
    control_leave();
}

// Single accesses as points.

// What of it has a name, if anything.
static const struct name *clip(const struct access *access, struct op *op) {
    uintptr_t address = access->address, bytes = access->bytes;
    const struct name *name =
        names_clip(&control.scheduler->names, &address, &bytes);
    op->object = address;
    op->bytes = (unsigned)bytes;
    return name;
}

// Of two pieces with nothing in common one is left out.
static void check_whole(const struct access *access, const struct op *op) {
    const struct access rest = {.address = op->object + op->bytes,
                                .bytes = access->address + access->bytes -
                                         op->object - op->bytes};
    struct op other;
    if (rest.bytes > 0 && clip(&rest, &other))
        scheduler_gap(control.scheduler,
                      "one access to two pieces of named memory");
}

static bool is_alone(const struct task *self, const struct name *name,
                     const struct op *op) {
    const struct names *names = &control.scheduler->names;
    return control.touched &&
           !touched_touch(control.touched, &names->table[name->whole],
                          op->object, op->bytes, self->id);
}

// Is this the read of a statement that has just told of its write, of as many
// bytes? Then both may be done only now.
static bool may_write_now(const struct op *told, const struct op *op,
                          const void *place) {
    if (told->access != ACCESS_WRITE || told->bytes != op->bytes || told->alone)
        return false;
    const struct symbol *before = symbol_of(told->place);
    const struct symbol *now = symbol_of(place);
    return before->line == now->line &&
           strcmp(before->function, now->function) == 0;
}

static void stop_before(const struct access *access) {
    int error = errno;
    struct op op = {.kind = OP_POINT, .access = access->kind};
    const struct name *name = clip(access, &op);
    struct task *self = name ? control_enter_from(access->place) : NULL;
    if (!self)
        return;
    const struct op *last = &self->op;
    check_whole(access, &op);
    op.name = label_of(access->kind, name->text, access->place);
    op.alone = is_alone(self, name, &op);
    if (access->may_copy && may_write_now(last, &op, access->place)) {
        op.late = last->object;
        op.alone = false;
    }
    control_yield(self, &op);
    control_leave();
    errno = error;
}

// By words, each under the name that it has.
static void note(struct task *self, const struct access *access) {
    enum { WORD = 8 };
    struct scheduler *scheduler = control.scheduler;
    struct op op = self->op;
    op.access = access->kind;
    op.no_acquire = access->no_acquire;
    op.no_release = access->no_release;
    for (uintptr_t at = access->address, end = at + access->bytes; at < end;
         at += op.bytes) {
        const struct name *name = names_find(&scheduler->names, at);
        op.object = at;
        op.bytes = WORD - at % WORD < end - at ? WORD - at % WORD : end - at;
        if (name)
            happens_access(scheduler->happens, self->id, &op, name,
                           scheduler->trace->step_count);
    }
}

static void note_access(const struct access *access) {
    struct op op;
    struct task *self =
        clip(access, &op) ? control_enter_from(access->place) : NULL;
    if (!self)
        return;
    if (!self->op.alone) // which races with nothing
        note(self, access);
    control_leave();
}

void point_watch_accesses(void) {
    static const struct access_watcher watcher = {stop_before, note_access};
    const struct names *names = &control.scheduler->names;
    if (control.accesses)
        access_watch(&watcher, names->low, names->high);
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
    char made[LIMIT_NAME];
    const char *request =
        owners_name(control.scheduler->owners, self->works_for);
    const char *name = *request && self->role ? made : self->name;
    if (name == made)
        names_join(made, request, self->role);
    trace_outcome(control.scheduler->trace, self->id, name, self->works_for,
                  line);
    control_leave();
}
