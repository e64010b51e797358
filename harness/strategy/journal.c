#include "journal.h"
#include "memory.h"
#include "scheduler.h"

#include <string.h>

static int choose(struct strategy *strategy, struct scheduler *scheduler) {
    struct journal *journal = (struct journal *)strategy;
    return journal->chooser->choose(journal->chooser, scheduler);
}

// What was made is known by who made it, all else by its address.
static uint64_t number_of(struct scheduler *scheduler, uintptr_t address) {
    struct identity identity;
    if (address == 0 || !scheduler_identify(scheduler, address, &identity))
        return address;
    return UINT64_C(1) << 63 | (uint64_t)identity.maker << 48 |
           (uint64_t)(identity.birth & 0xFFFF) << 32 |
           (identity.offset & 0xFFFFFFFF);
}

// "context#1.keys", "mutex#2"; or "" for what is neither named nor a lock.
static void print_name(struct scheduler *scheduler, uintptr_t address,
                       char *text, size_t room) {
    const struct name *name = names_find(&scheduler->names, address);
    text[0] = '\0';
    if (name)
        names_print(name, text, room);
    else if (sync_known(&scheduler->sync, address))
        names_copy(text, room, sync_name(&scheduler->sync, address));
}

// The step that a granted task has just made: of a mark of the past, the last
// of its own.
static int step_of(const struct scheduler *scheduler, const struct task *task) {
    const struct trace *trace = scheduler->trace;
    int step = trace->step_count;
    while (step > 0 && trace->steps[step - 1].task != task->id)
        step--;
    return step;
}

static void note_step(struct journal *journal, struct scheduler *scheduler,
                      const struct op *op, int step) {
    struct journal_step *noted = &journal->steps[step - 1];
    const struct owner_object *pooled =
        owners_find(scheduler->owners, op->object);
    noted->grant = journal->grant_count;
    noted->kind = op->kind;
    noted->access = op->access;
    noted->bytes = footprint_bytes(op);
    noted->object = number_of(scheduler, op->object);
    noted->pooled = pooled ? number_of(scheduler, pooled->base) : 0;
    print_name(scheduler, op->object, noted->object_name,
               sizeof noted->object_name);
    print_name(scheduler, pooled ? pooled->base : 0, noted->pooled_name,
               sizeof noted->pooled_name);
}

static void granted(struct strategy *strategy, struct scheduler *scheduler,
                    const struct task *task) {
    struct journal *journal = (struct journal *)strategy;
    bool polls_on = task->op.kind == OP_POLL && journal->polls[task->id];
    int step = step_of(scheduler, task);
    journal->polls[task->id] = task->op.kind == OP_POLL;
    if (journal->chooser->granted)
        journal->chooser->granted(journal->chooser, scheduler, task);
    if (!polls_on) {
        note_step(journal, scheduler, &task->op, step);
        journal->turns[task->id]++;
    }
    journal->grants[journal->grant_count++] = (struct journal_grant){
        .task = task->id,
        .turn = journal->turns[task->id],
        .again = polls_on,
        .step = step,
        .by_time = scheduler_enabled(scheduler, task) == ENABLED_BY_TIME,
        .clock_stopped = scheduler->clock_stopped,
    };
}

static void note_holders(struct journal_wait *wait, struct scheduler *scheduler,
                         const struct op *op) {
    int holders[LIMIT_TASKS];
    int count =
        sync_holders(&scheduler->sync, op->object, holders, LIMIT_TASKS);
    for (int i = 0; i < count && i < JOURNAL_HOLDERS; i++) {
        wait->holders[i] = holders[i];
        wait->held_since[i] =
            sync_taken_at(&scheduler->sync, op->object, holders[i]);
        wait->holder_count++;
    }
}

static void note_wait(struct journal *journal, struct scheduler *scheduler,
                      const struct task *task) {
    struct journal_wait *wait = &journal->waits[journal->wait_count++];
    *wait = (struct journal_wait){.task = task->id,
                                  .kind = task->op.kind,
                                  .call = task->op.name,
                                  .place = task->op.place};
    if (task->op.kind == OP_JOIN) {
        wait->holder_count = 1;
        wait->holders[0] = task->op.target;
        return;
    }
    if (task->op.kind == OP_POLL || task->op.kind == OP_SLEEP)
        return;
    print_name(scheduler, task->op.object, wait->object_name,
               sizeof wait->object_name);
    note_holders(wait, scheduler, &task->op);
}

static void finished(struct strategy *strategy, struct scheduler *scheduler) {
    struct journal *journal = (struct journal *)strategy;
    for (int i = 0; i < scheduler->task_count; i++) {
        const struct task *task = &scheduler->tasks[i];
        memcpy(journal->task_names[i], task->name, sizeof task->name);
        if (task->kind == TASK_PROGRAM && task->state == TASK_WAITING &&
            scheduler_enabled(scheduler, task) == ENABLED_NEVER)
            note_wait(journal, scheduler, task);
    }
    journal->task_count = scheduler->task_count;
    if (journal->chooser->finished)
        journal->chooser->finished(journal->chooser, scheduler);
}

int journal_init(struct journal *journal, struct strategy *chooser) {
    memset(journal, 0, sizeof *journal);
    journal->strategy.choose = choose;
    journal->strategy.granted = granted;
    journal->strategy.finished = finished;
    journal->chooser = chooser;
    journal->grants = memory_map(LIMIT_GRANTS * sizeof *journal->grants);
    journal->steps = memory_map(LIMIT_STEPS * sizeof *journal->steps);
    if (journal->grants && journal->steps)
        return 0;
    journal_done(journal);
    return -1;
}

void journal_done(struct journal *journal) {
    memory_unmap(journal->grants, LIMIT_GRANTS * sizeof *journal->grants);
    memory_unmap(journal->steps, LIMIT_STEPS * sizeof *journal->steps);
    journal->grants = NULL;
    journal->steps = NULL;
}
