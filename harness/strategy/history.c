#include "history.h"

#include <string.h>

bool history_before(const struct history_event *a,
                    const struct history_event *b) {
    return b->clock[a->process] >= a->index;
}

// No branch and two clocks that are not the same: so the compiler can take
// eight numbers at a time.
void history_join(unsigned short *restrict clock,
                  const unsigned short *restrict other) {
    for (int i = 0; i < HISTORY_PROCESSES; i++)
        clock[i] = clock[i] < other[i] ? other[i] : clock[i];
}

// Which task is which process.

static int number_of(struct history *history, struct scheduler *scheduler,
                     int parent, unsigned birth) {
    for (int i = 0; i < history->known_count; i++)
        if (history->known[i].parent == parent &&
            history->known[i].birth == birth)
            return i;
    if (history->known_count == HISTORY_PROCESSES) {
        scheduler_end(scheduler, VERDICT_STEP_LIMIT, 0, 0,
                      "more than %d tasks cannot be explored",
                      HISTORY_PROCESSES);
        return HISTORY_PROCESSES - 1;
    }
    history->known[history->known_count].parent = parent;
    history->known[history->known_count].birth = birth;
    return history->known_count++;
}

int history_process(struct history *history, struct scheduler *scheduler,
                    int id) {
    const struct task *task = &scheduler->tasks[id];
    int *process = &history->process_of[id], maker;
    unsigned birth;
    if (scheduler_stands_for(scheduler, task, &maker, &birth))
        return number_of(history, scheduler,
                         history_process(history, scheduler, maker), birth);
    if (*process != HISTORY_NOBODY)
        return *process;
    int parent = task->parent < 0
                     ? HISTORY_NOBODY
                     : history_process(history, scheduler, task->parent);
    return *process = number_of(history, scheduler, parent, task->birth);
}

// A task that has just come to be knows what its parent knew. A worker does
// nothing in its own name.
void history_meet(struct history *history, struct scheduler *scheduler) {
    for (; history->met < scheduler->task_count; history->met++) {
        const struct task *task = &scheduler->tasks[history->met];
        if (task->kind == TASK_WORKER || task->parent < 0)
            continue;
        memcpy(
            history->clocks[history_process(history, scheduler, history->met)],
            history->clocks[history_process(history, scheduler, task->parent)],
            sizeof *history->clocks);
    }
}

void history_arm(struct history *history, struct scheduler *scheduler,
                 int maker, unsigned birth, const struct task *by) {
    history_meet(history, scheduler);
    int process = number_of(history, scheduler,
                            history_process(history, scheduler, maker), birth);
    history_join(history->clocks[process],
                 history->clocks[history_process(history, scheduler, by->id)]);
}

// What was made in an execution is known by who made it and as which of his
// things.
static uint64_t made_object(struct history *history,
                            struct scheduler *scheduler,
                            const struct identity *identity) {
    uint64_t maker =
        (uint64_t)history_process(history, scheduler, identity->maker) + 1;
    return UINT64_C(1) << 63 | maker << 48 |
           (uint64_t)(identity->birth & 0xFFFF) << 32 |
           (identity->offset & 0xFFFFFFFF);
}

// All else is known by its address, which does not move.
static uint64_t object_of(struct history *history, struct scheduler *scheduler,
                          uintptr_t address) {
    struct identity identity;
    if (address == 0 || !scheduler_identify(scheduler, address, &identity))
        return address;
    return made_object(history, scheduler, &identity);
}

// The uv_async_t whose message an event is, which may be closed by now.
static uint64_t message_of(struct history *history, struct scheduler *scheduler,
                           const struct task *event) {
    const struct identity identity = {event->parent, event->birth, 0};
    return made_object(history, scheduler, &identity);
}

// What is sent or fired competes for the loop that takes it.
static uint64_t turn_of(int loop) {
    return UINT64_C(3) << 62 | (uint64_t)loop;
}

int history_loop(struct history *history, struct scheduler *scheduler,
                 const struct task *task) {
    int loop = scheduler_stackless(task) ? scheduler_receiver(scheduler, task)
                                         : HISTORY_NOBODY;
    if (loop < 0 && task->sent_for)
        loop = task->runner;
    return loop < 0 ? HISTORY_NOBODY
                    : history_process(history, scheduler, loop);
}

static enum op_kind effect_of(struct scheduler *scheduler,
                              const struct task *task) {
    struct op op = task->op;
    int maker;
    unsigned birth;
    if (op.kind == OP_FIRE &&
        scheduler_stands_for(scheduler, task, &maker, &birth))
        return OP_WORK_DONE;
    if (op.kind != OP_TRY)
        return op.kind;
    op.kind = op.tries;
    return sync_enabled(&scheduler->sync, task->id, &op) ? op.kind : OP_CALL;
}

static enum op_access access_of(struct scheduler *scheduler,
                                const struct op *op) {
    if (op->kind != OP_ONCE)
        return op->access;
    return sync_once_state(&scheduler->sync, op->object) == ONCE_DONE
               ? ACCESS_READ
               : ACCESS_WRITE;
}

struct footprint history_footprint(struct history *history,
                                   struct scheduler *scheduler,
                                   const struct task *task) {
    const struct op *op = &task->op;
    struct footprint footprint = {
        .kind = op->kind,
        .effect = effect_of(scheduler, task),
        .access = access_of(scheduler, op),
        .object =
            op->spoken_for ? 0 : object_of(history, scheduler, op->object),
        .mutex = object_of(history, scheduler, op->mutex),
        .late = object_of(history, scheduler, op->late),
        .bytes = footprint_bytes(op),
        .timed = op->timed,
    };
    int loop = history_loop(history, scheduler, task);
    if (loop != HISTORY_NOBODY) {
        footprint.mutex =
            task->sent_for ? message_of(history, scheduler, task) : 0;
        footprint.object = turn_of(loop);
    }
    if (op->kind == OP_BARRIER_LEAVE)
        footprint.object = 0; // comes behind all arrivals, and that is all
    return footprint;
}

// Writing an event down.

// The clock of the last event to that effect on the same object, or on the same
// loop.
static void join_last(struct history *history, struct history_event *event,
                      enum op_kind effect) {
    for (int i = history->count - 1; i >= 0; i--) {
        const struct history_event *other = &history->events[i];
        if (other->footprint.effect == effect &&
            other->footprint.object == event->footprint.object) {
            history_join(event->before, other->clock);
            return;
        }
    }
}

static void join_arrivals(struct history *history, struct scheduler *scheduler,
                          struct history_event *event, const struct op *op) {
    uint64_t barrier = object_of(history, scheduler, op->object);
    for (int i = 0; i < history->count; i++)
        if (history->events[i].footprint.kind == OP_BARRIER &&
            history->events[i].footprint.object == barrier &&
            history->events[i].generation == op->generation)
            history_join(event->before, history->events[i].clock);
}

// What the event comes behind, whatever else is done in another order.
static void join_causes(struct history *history, struct scheduler *scheduler,
                        const struct task *task, struct history_event *event) {
    switch (task->op.kind) {
    case OP_JOIN:
        history_join(event->before, history->clocks[history_process(
                                        history, scheduler, task->op.target)]);
        break;
    case OP_BARRIER_LEAVE:
        join_arrivals(history, scheduler, event, &task->op);
        break;
    case OP_TAKE_WORK: // first in, first out
        join_last(history, event, OP_TAKE_WORK);
        break;
    case OP_FIRE:
        if (event->footprint.effect == OP_WORK_DONE)
            join_last(history, event, OP_WORK_DONE);
        break;
    default:
        break;
    }
}

// The event that `task` is about to make, with its clock but for what it owes
// to others who touched its object.
void history_prepare(struct history *history, struct scheduler *scheduler,
                     const struct task *task, struct history_event *event) {
    const struct op *op = &task->op;
    event->process = history_process(history, scheduler, task->id);
    event->index = history->steps[event->process] + 1;
    event->loop = history_loop(history, scheduler, task);
    if (event->loop != HISTORY_NOBODY)
        event->loop_index = history->steps[event->loop] + 1;
    event->footprint = history_footprint(history, scheduler, task);
    event->value = scheduler_value(scheduler, op);
    event->recursive = sync_recursive(&scheduler->sync, op->object);
    event->generation = op->kind == OP_BARRIER
                            ? sync_generation(&scheduler->sync, op->object)
                            : 0;
    event->fixed = op->kind == OP_STOP || op->kind == OP_POLL || task->last;
    memcpy(event->before, history->clocks[event->process],
           sizeof event->before);
    join_causes(history, scheduler, task, event);
    for (int i = 0; event->fixed && i < history->known_count; i++)
        history_join(event->before, history->clocks[i]);
}

static void join_dependent(struct history *history,
                           struct history_event *event) {
    for (int i = 0; i < history->count; i++)
        if (footprint_dependent(&history->events[i].footprint,
                                &event->footprint))
            history_join(event->clock, history->events[i].clock);
    if (event->loop != HISTORY_NOBODY)
        history_join(event->clock, history->clocks[event->loop]);
}

void history_add(struct history *history, struct history_event *event) {
    memcpy(event->clock, event->before, sizeof event->clock);
    join_dependent(history, event);
    event->clock[event->process] = (unsigned short)event->index;
    history->steps[event->process]++;
    if (event->loop != HISTORY_NOBODY) {
        event->clock[event->loop] = (unsigned short)event->loop_index;
        history->steps[event->loop]++;
        memcpy(history->clocks[event->loop], event->clock, sizeof event->clock);
    }
    memcpy(history->clocks[event->process], event->clock, sizeof event->clock);
    history->count++;
}

// What was wanted when the execution ended and never came: it may have been
// possible earlier. Of what waited for a loop that is only a message; all else
// has been offered wherever it was.
static bool is_wanted(const struct task *task) {
    if (scheduler_stackless(task))
        return task->sent_for && task->runner >= 0;
    return task->state == TASK_WAITING && task->op.kind != OP_POLL &&
           task->op.kind != OP_TAKE_WORK;
}

void history_note_pending(struct history *history,
                          struct scheduler *scheduler) {
    history->pending = 0;
    for (int i = 0; i < scheduler->task_count; i++) {
        const struct task *task = &scheduler->tasks[i];
        if (is_wanted(task))
            history_prepare(
                history, scheduler, task,
                &history->events[history->count + history->pending++]);
    }
}

void history_begin(struct history *history) {
    history->count = history->pending = history->met = 0;
    memset(history->steps, 0, sizeof history->steps);
    memset(history->clocks, 0, sizeof history->clocks);
    for (int i = 0; i < LIMIT_TASKS; i++)
        history->process_of[i] = HISTORY_NOBODY;
}

uint64_t history_kind(const struct history *history) {
    uint64_t kind = 0;
    for (int i = 0; i < history->count; i++) {
        const struct history_event *event = &history->events[i];
        uint64_t hash = (uint64_t)event->process << 32 | event->index;
        for (int p = 0; p < HISTORY_PROCESSES; p++)
            hash =
                (hash ^ event->clock[p]) * UINT64_C(0x100000001B3) + hash / 7;
        kind += hash; // whichever way the steps were put in a row
    }
    return kind;
}
