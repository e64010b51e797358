#include "records.h"
#include "symbol.h"

#include <stdio.h>
#include <string.h>

static void set_place(struct record_place *place, const void *address) {
    const struct symbol *symbol = address ? symbol_of(address) : NULL;
    if (!symbol || !symbol->of_program)
        return;
    memcpy(place->function, symbol->function, sizeof place->function);
    memcpy(place->file, symbol->file, sizeof place->file);
    place->line = symbol->line;
}

static bool takes_lock(enum op_kind kind) {
    return kind == OP_LOCK || kind == OP_READ_LOCK || kind == OP_WRITE_LOCK;
}

static bool gives_lock(enum op_kind kind) {
    return kind == OP_UNLOCK || kind == OP_READ_UNLOCK;
}

static void drop_lock(struct record_side *side, const char *lock) {
    for (int i = side->lock_count - 1; i >= 0; i--)
        if (strcmp(side->locks[i], lock) == 0) {
            side->lock_count--;
            memmove(side->locks[i], side->locks[i + 1],
                    (size_t)(side->lock_count - i) * sizeof side->locks[0]);
            return;
        }
}

// What the side's task holds in its step.
static void set_locks(struct record_side *side, const struct trace *trace) {
    int task = trace->steps[side->step - 1].task;
    for (int i = 0; i < side->step; i++) {
        const struct step *step = &trace->steps[i];
        if (step->task != task)
            continue;
        if (gives_lock(step->kind))
            drop_lock(side, step->detail);
        else if (takes_lock(step->kind) && side->lock_count < RECORD_LOCKS)
            names_copy(side->locks[side->lock_count++], sizeof side->locks[0],
                       step->detail);
    }
}

// The step that started the side's task, which it names.
static void set_parent(struct record_side *side, const struct trace *trace) {
    for (int i = 0; i < side->step; i++) {
        const struct step *step = &trace->steps[i];
        if (strcmp(step->name, "uv_thread_create") != 0 ||
            strcmp(step->detail, side->task) != 0)
            continue;
        names_copy(side->parent, sizeof side->parent, step->task_name);
        set_place(&side->made_at, step->place);
        side->made_step = i + 1;
        return;
    }
}

static void set_step(struct record_side *side,
                     const struct execution *execution, int step) {
    const struct trace *trace = &execution->trace;
    side->step = step;
    if (step == 0)
        return;
    names_copy(
        side->request, sizeof side->request,
        owners_name(&execution->owners, trace->steps[step - 1].works_for));
    set_locks(side, trace);
    set_parent(side, trace);
}

// The harness's own race of the same two over the same memory; NULL: it has
// none, or another pair.
static const struct happens_race *like(const struct execution *execution,
                                       const struct race *race) {
    for (int i = 0; i < execution->happens.race_count; i++) {
        const struct happens_race *own = &execution->happens.races[i];
        bool alike = strcmp(own->object, race->object) == 0;
        for (int k = 0; k < 2; k++)
            alike &= own->accesses[k].write == race->accesses[k].write &&
                     strcmp(execution->trace.task_names[own->accesses[k].task],
                            race->accesses[k].task) == 0;
        if (alike)
            return own;
    }
    return NULL;
}

static void of_sanitizer(const struct execution *execution,
                         const struct race *race, struct record *record) {
    const struct happens_race *own = like(execution, race);
    memcpy(record->kind, race->kind, sizeof record->kind);
    memcpy(record->object, race->object, sizeof record->object);
    record->step = race->step;
    for (int i = 0; i < 2 && race->accesses[i].task[0]; i++) {
        const struct race_access *access = &race->accesses[i];
        struct record_side *side = &record->sides[record->side_count++];
        memcpy(side->task, access->task, sizeof side->task);
        side->write = access->write;
        side->bytes = access->bytes;
        memcpy(side->place.function, access->function,
               sizeof side->place.function);
        memcpy(side->place.file, access->file, sizeof side->place.file);
        side->place.line = access->line;
        side->point = own ? own->accesses[i].point : NULL;
        set_step(side, execution, own ? own->accesses[i].step : 0);
    }
}

static void of_harness(const struct execution *execution,
                       const struct happens_race *race, struct record *record) {
    record->step = race->accesses[1].step;
    names_copy(record->kind, sizeof record->kind, "data-race");
    memcpy(record->object, race->object, sizeof record->object);
    for (int i = 0; i < 2; i++) {
        const struct happens_access *access = &race->accesses[i];
        struct record_side *side = &record->sides[record->side_count++];
        names_copy(side->task, sizeof side->task,
                   execution->trace.task_names[access->task]);
        side->write = access->write;
        side->point = access->point;
        set_place(&side->place, execution->trace.steps[access->step - 1].place);
        set_step(side, execution, access->step);
    }
}

int records_of(const struct execution *execution, struct record *records) {
    int count = execution->race_count;
    memset(records, 0, (size_t)count * sizeof *records);
    for (int i = 0; i < count; i++)
        of_sanitizer(execution, &execution->races[i], &records[i]);
    return count;
}

int records_of_harness(const struct execution *execution,
                       struct record *records) {
    int count = execution->happens.race_count;
    memset(records, 0, (size_t)count * sizeof *records);
    for (int i = 0; i < count; i++)
        of_harness(execution, &execution->happens.races[i], &records[i]);
    return count;
}
