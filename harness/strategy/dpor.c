#include "dpor.h"
#include "able.h"
#include "footprint.h"
#include "scheduler.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PROCESSES = 64, DEPTH = 2000, NOBODY = -1 };

// One step of the execution under way. A process is a task under a number that
// is the same in every execution; or a work of the thread pool, whichever
// worker has it. A step with which a loop takes something is the loop's as
// well.
struct event {
    int process;
    unsigned index; // 1 is the process's first
    int loop;       // the process of the loop that takes it; or NOBODY
    unsigned loop_index;
    struct footprint footprint;
    unsigned value;                   // what sync.h's object had, or workers
    unsigned generation;              // of a barrier
    bool recursive;                   // a mutex
    bool fixed;                       // cannot happen at another time
    unsigned short before[PROCESSES]; // clock without the step's own object
    unsigned short clock[PROCESSES];
};

// A wakeup tree: what is still to be explored from here, leftmost first. The
// leftmost branch of the tree of the frame under way is the execution itself.
struct node {
    int process;
    struct footprint footprint;
    struct node *first, *next;
};

struct sleeper {
    int process;
    struct footprint footprint;
};

// A state of the execution under way: before its event of the same number.
struct frame {
    struct node *tree;
    struct sleeper sleep[PROCESSES];
    int sleep_count;
};

struct dpor {
    struct strategy strategy; // first, so that one can be had from the other
    struct node root;
    struct frame frames[DEPTH + 1];
    int prefix; // how many frames come from the execution before
    struct event events[DEPTH + PROCESSES + 1]; // the last is for offer()
    int count;                                  // of events so far
    int pending; // events after `count` that were wanted and never came
    // By process, of the execution under way.
    unsigned steps[PROCESSES];
    unsigned short clocks[PROCESSES][PROCESSES];
    struct {
        int parent;
        unsigned birth;
    } known[PROCESSES];
    int known_count;
    int met;                     // tasks of this execution that are known
    int process_of[LIMIT_TASKS]; // by task id; NOBODY: not met yet
    struct sync order;           // what another order comes to: see allows()
    struct strategy *chooser;    // who chooses while we only look on; or NULL
    bool bounded;                // no execution with more than …
    int preemptions_max;         // … so many preemptions
    int preemptions, last;       // so far, and who ran last; NOBODY: nobody
    bool cut;                    // some would have needed more
    char gap[LIMIT_NAME];
    long blocked;
};

static bool happened_before(const struct event *a, const struct event *b) {
    return b->clock[a->process] >= a->index;
}

static void join_clock(unsigned short *clock, const unsigned short *other) {
    for (int i = 0; i < PROCESSES; i++)
        if (clock[i] < other[i])
            clock[i] = other[i];
}

// Which task is which process.

static int number_of(struct dpor *dpor, struct scheduler *scheduler, int parent,
                     unsigned birth) {
    for (int i = 0; i < dpor->known_count; i++)
        if (dpor->known[i].parent == parent && dpor->known[i].birth == birth)
            return i;
    if (dpor->known_count == PROCESSES) {
        scheduler_end(scheduler, VERDICT_STEP_LIMIT, 0, 0,
                      "more than %d tasks cannot be explored", PROCESSES);
        return PROCESSES - 1;
    }
    dpor->known[dpor->known_count].parent = parent;
    dpor->known[dpor->known_count].birth = birth;
    return dpor->known_count++;
}

static int process_of(struct dpor *dpor, struct scheduler *scheduler, int id) {
    const struct task *task = &scheduler->tasks[id];
    int *process = &dpor->process_of[id], maker;
    unsigned birth;
    if (scheduler_stands_for(scheduler, task, &maker, &birth))
        return number_of(dpor, scheduler, process_of(dpor, scheduler, maker),
                         birth);
    if (*process != NOBODY)
        return *process;
    int parent =
        task->parent < 0 ? NOBODY : process_of(dpor, scheduler, task->parent);
    return *process = number_of(dpor, scheduler, parent, task->birth);
}

// A task that has just come to be knows what its parent knew. A worker does
// nothing in its own name.
static void meet_new_tasks(struct dpor *dpor, struct scheduler *scheduler) {
    for (; dpor->met < scheduler->task_count; dpor->met++) {
        const struct task *task = &scheduler->tasks[dpor->met];
        if (task->kind == TASK_WORKER || task->parent < 0)
            continue;
        memcpy(dpor->clocks[process_of(dpor, scheduler, dpor->met)],
               dpor->clocks[process_of(dpor, scheduler, task->parent)],
               sizeof *dpor->clocks);
    }
}

static void armed(struct strategy *strategy, struct scheduler *scheduler,
                  int maker, unsigned birth, const struct task *by) {
    struct dpor *dpor = (struct dpor *)strategy;
    meet_new_tasks(dpor, scheduler);
    int process =
        number_of(dpor, scheduler, process_of(dpor, scheduler, maker), birth);
    join_clock(dpor->clocks[process],
               dpor->clocks[process_of(dpor, scheduler, by->id)]);
}

// What was made in an execution is known by who made it and as which of his
// things.
static uint64_t made_object(struct dpor *dpor, struct scheduler *scheduler,
                            const struct identity *identity) {
    uint64_t maker = (uint64_t)process_of(dpor, scheduler, identity->maker) + 1;
    return UINT64_C(1) << 63 | maker << 48 |
           (uint64_t)(identity->birth & 0xFFFF) << 32 |
           (identity->offset & 0xFFFFFFFF);
}

// All else is known by its address, which does not move.
static uint64_t object_of(struct dpor *dpor, struct scheduler *scheduler,
                          uintptr_t address) {
    struct identity identity;
    if (address == 0 || !scheduler_identify(scheduler, address, &identity))
        return address;
    return made_object(dpor, scheduler, &identity);
}

// The uv_async_t whose message an event is, which may be closed by now.
static uint64_t message_of(struct dpor *dpor, struct scheduler *scheduler,
                           const struct task *event) {
    const struct identity identity = {event->parent, event->birth, 0};
    return made_object(dpor, scheduler, &identity);
}

// What is sent or fired competes for the loop that takes it.
static uint64_t turn_of(int loop) {
    return UINT64_C(3) << 62 | (uint64_t)loop;
}

static int loop_of(struct dpor *dpor, struct scheduler *scheduler,
                   const struct task *task) {
    int loop = scheduler_stackless(task) ? scheduler_receiver(scheduler, task)
                                         : NOBODY;
    if (loop < 0 && task->sent_for)
        loop = task->runner;
    return loop < 0 ? NOBODY : process_of(dpor, scheduler, loop);
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

static struct footprint footprint_of(struct dpor *dpor,
                                     struct scheduler *scheduler,
                                     const struct task *task) {
    const struct op *op = &task->op;
    struct footprint footprint = {
        .kind = op->kind,
        .effect = effect_of(scheduler, task),
        .access = access_of(scheduler, op),
        .object = object_of(dpor, scheduler, op->object),
        .mutex = object_of(dpor, scheduler, op->mutex),
        .timed = op->timed,
    };
    int loop = loop_of(dpor, scheduler, task);
    if (loop != NOBODY) {
        footprint.mutex =
            task->sent_for ? message_of(dpor, scheduler, task) : 0;
        footprint.object = turn_of(loop);
    }
    if (op->kind == OP_BARRIER_LEAVE)
        footprint.object = 0; // comes behind all arrivals, and that is all
    return footprint;
}

// Choosing.

static bool sleeps(const struct frame *frame, int process) {
    for (int i = 0; i < frame->sleep_count; i++)
        if (frame->sleep[i].process == process)
            return true;
    return false;
}

static struct node *add_child(struct node *node, int process,
                              const struct footprint *footprint) {
    struct node **last = &node->first;
    while (*last)
        last = &(*last)->next;
    struct node *child = calloc(1, sizeof *child);
    if (!child)
        abort(); // the tree of what is left to do: nothing can go on
    child->process = process;
    child->footprint = *footprint;
    return *last = child;
}

static void free_tree(struct node *node) {
    while (node->first) {
        struct node *child = node->first;
        node->first = child->next;
        free_tree(child);
        free(child);
    }
}

static int find_task(struct dpor *dpor, struct scheduler *scheduler,
                     int process) {
    for (int i = 0; i < scheduler->task_count; i++)
        if (process_of(dpor, scheduler, i) == process &&
            scheduler_enabled(scheduler, &scheduler->tasks[i]) != ENABLED_NEVER)
            return i;
    return -1;
}

// Where nothing is prescribed: whoever ran last goes on, else the first.
static int any_task(struct dpor *dpor, struct scheduler *scheduler,
                    const struct frame *frame) {
    int best = -1;
    enum enabled best_rank = ENABLED_NEVER;
    int last = dpor->count ? dpor->events[dpor->count - 1].process : -1;
    for (int i = 0; i < scheduler->task_count; i++) {
        enum enabled rank = scheduler_enabled(scheduler, &scheduler->tasks[i]);
        if (rank == ENABLED_BY_TIME)
            rank = ENABLED_NOW; // time orders nothing
        if (rank == ENABLED_NEVER ||
            sleeps(frame, process_of(dpor, scheduler, i)))
            continue;
        bool goes_on = process_of(dpor, scheduler, i) == last;
        if (rank > best_rank || (rank == best_rank && goes_on)) {
            best = i;
            best_rank = rank;
        }
    }
    return best;
}

static int give_up(struct dpor *dpor, struct scheduler *scheduler) {
    dpor->blocked++;
    scheduler_end(scheduler, VERDICT_BLOCKED, 0, 0,
                  "all that could go on from here has been explored");
    return -1;
}

// The bound is kept by giving an execution up where it would need more.
static int keep_to_bound(struct dpor *dpor, struct scheduler *scheduler,
                         int task) {
    if (task < 0 || !dpor->bounded)
        return task;
    dpor->preemptions += able_preempts(scheduler, dpor->last, task);
    dpor->last = able_runner(scheduler, task);
    if (dpor->preemptions <= dpor->preemptions_max)
        return task;
    dpor->cut = true;
    scheduler_end(scheduler, VERDICT_BLOCKED, 0, 0, "%s", dpor->gap);
    return -1;
}

static int choose_freely(struct dpor *dpor, struct scheduler *scheduler) {
    meet_new_tasks(dpor, scheduler);
    if (scheduler->verdict.kind != VERDICT_NONE)
        return -1;
    if (dpor->count >= DEPTH) {
        scheduler_end(scheduler, VERDICT_STEP_LIMIT, 0, 0,
                      "over %d steps that matter", DEPTH);
        return -1;
    }
    struct frame *frame = &dpor->frames[dpor->count];
    if (frame->tree->first) {
        int wanted = frame->tree->first->process;
        int task = find_task(dpor, scheduler, wanted);
        if (task < 0)
            scheduler_end(scheduler, VERDICT_DIVERGED, 0, 0,
                          "the program is not deterministic: step %d cannot "
                          "be done again as it was",
                          scheduler->trace->step_count + 1);
        return task;
    }
    int task = any_task(dpor, scheduler, frame);
    if (task < 0)
        return give_up(dpor, scheduler);
    struct footprint footprint =
        footprint_of(dpor, scheduler, &scheduler->tasks[task]);
    add_child(frame->tree, process_of(dpor, scheduler, task), &footprint);
    return task;
}

static int choose(struct strategy *strategy, struct scheduler *scheduler) {
    struct dpor *dpor = (struct dpor *)strategy;
    return keep_to_bound(dpor, scheduler, choose_freely(dpor, scheduler));
}

// Writing an event down.

// The clock of the last event to that effect on the same object, or on the same
// loop.
static void join_last(struct dpor *dpor, struct event *event,
                      enum op_kind effect) {
    for (int i = dpor->count - 1; i >= 0; i--) {
        const struct event *other = &dpor->events[i];
        if (other->footprint.effect == effect &&
            other->footprint.object == event->footprint.object) {
            join_clock(event->before, other->clock);
            return;
        }
    }
}

static void join_arrivals(struct dpor *dpor, struct scheduler *scheduler,
                          struct event *event, const struct op *op) {
    uint64_t barrier = object_of(dpor, scheduler, op->object);
    for (int i = 0; i < dpor->count; i++)
        if (dpor->events[i].footprint.kind == OP_BARRIER &&
            dpor->events[i].footprint.object == barrier &&
            dpor->events[i].generation == op->generation)
            join_clock(event->before, dpor->events[i].clock);
}

// What the event comes behind, whatever else is done in another order.
static void join_causes(struct dpor *dpor, struct scheduler *scheduler,
                        const struct task *task, struct event *event) {
    switch (task->op.kind) {
    case OP_JOIN:
        join_clock(event->before,
                   dpor->clocks[process_of(dpor, scheduler, task->op.target)]);
        break;
    case OP_BARRIER_LEAVE:
        join_arrivals(dpor, scheduler, event, &task->op);
        break;
    case OP_TAKE_WORK: // first in, first out
        join_last(dpor, event, OP_TAKE_WORK);
        break;
    case OP_FIRE:
        if (event->footprint.effect == OP_WORK_DONE)
            join_last(dpor, event, OP_WORK_DONE);
        break;
    default:
        break;
    }
}

// The event that `task` is about to make, with its clock but for what it owes
// to others who touched its object.
static void begin_event(struct dpor *dpor, struct scheduler *scheduler,
                        const struct task *task, struct event *event) {
    const struct op *op = &task->op;
    event->process = process_of(dpor, scheduler, task->id);
    event->index = dpor->steps[event->process] + 1;
    event->loop = loop_of(dpor, scheduler, task);
    if (event->loop != NOBODY)
        event->loop_index = dpor->steps[event->loop] + 1;
    event->footprint = footprint_of(dpor, scheduler, task);
    event->value = scheduler_value(scheduler, op);
    event->recursive = sync_recursive(&scheduler->sync, op->object);
    event->generation = op->kind == OP_BARRIER
                            ? sync_generation(&scheduler->sync, op->object)
                            : 0;
    event->fixed = op->kind == OP_STOP || op->kind == OP_POLL || task->last;
    memcpy(event->before, dpor->clocks[event->process], sizeof event->before);
    join_causes(dpor, scheduler, task, event);
    for (int i = 0; event->fixed && i < dpor->known_count; i++)
        join_clock(event->before, dpor->clocks[i]);
}

// After an execution: which of its orders could have been another?

// The events from `first` on that did not need it, and then the later one:
// the shortest way to have `later` without `first`.
struct sequence {
    int at[DEPTH + 1]; // indexes of events; the last is the later one
    int count;
    unsigned short last_clock[PROCESSES]; // of the later one, in this order
};

static bool comes_before(const struct dpor *dpor,
                         const struct sequence *sequence, int a, int b) {
    const struct event *first = &dpor->events[sequence->at[a]];
    const struct event *then = &dpor->events[sequence->at[b]];
    if (b == sequence->count - 1)
        return sequence->last_clock[first->process] >= first->index;
    return happened_before(first, then);
}

static void set_last_clock(const struct dpor *dpor, struct sequence *sequence) {
    const struct event *last = &dpor->events[sequence->at[sequence->count - 1]];
    memcpy(sequence->last_clock, last->before, sizeof last->before);
    for (int i = 0; i + 1 < sequence->count; i++) {
        const struct event *event = &dpor->events[sequence->at[i]];
        if (footprint_dependent(&event->footprint, &last->footprint))
            join_clock(sequence->last_clock, event->clock);
    }
}

static void make_sequence(const struct dpor *dpor, int first, int later,
                          struct sequence *sequence) {
    sequence->count = 0;
    int until = later < dpor->count ? later : dpor->count;
    for (int i = first + 1; i < until; i++)
        if (!happened_before(&dpor->events[first], &dpor->events[i]))
            sequence->at[sequence->count++] = i;
    sequence->at[sequence->count++] = later;
    set_last_clock(dpor, sequence);
}

// The place of the first event of `process`, or -1.
static int first_of(const struct dpor *dpor, const struct sequence *sequence,
                    int process) {
    for (int i = 0; i < sequence->count; i++)
        if (dpor->events[sequence->at[i]].process == process)
            return i;
    return -1;
}

static bool is_initial(const struct dpor *dpor, const struct sequence *sequence,
                       int place) {
    for (int i = 0; i < place; i++)
        if (comes_before(dpor, sequence, i, place))
            return false;
    return true;
}

static bool independent_of_all(const struct dpor *dpor,
                               const struct sequence *sequence,
                               const struct footprint *footprint) {
    for (int i = 0; i < sequence->count; i++)
        if (footprint_dependent(&dpor->events[sequence->at[i]].footprint,
                                footprint))
            return false;
    return true;
}

// May `sequence` just as well begin with the next step of `process`?
static bool may_begin(const struct dpor *dpor, const struct sequence *sequence,
                      int process, const struct footprint *footprint) {
    int place = first_of(dpor, sequence, process);
    return place >= 0 ? is_initial(dpor, sequence, place)
                      : independent_of_all(dpor, sequence, footprint);
}

static void take_out(const struct dpor *dpor, struct sequence *sequence,
                     int process) {
    int place = first_of(dpor, sequence, process);
    if (place < 0)
        return;
    sequence->count--;
    for (int i = place; i < sequence->count; i++)
        sequence->at[i] = sequence->at[i + 1];
}

static struct node *child_that_may_begin(const struct dpor *dpor,
                                         const struct node *node,
                                         const struct sequence *sequence) {
    for (struct node *child = node->first; child; child = child->next)
        if (may_begin(dpor, sequence, child->process, &child->footprint))
            return child;
    return NULL;
}

static void insert(struct dpor *dpor, struct node *node,
                   struct sequence *sequence) {
    int last = sequence->at[sequence->count - 1];
    for (struct node *child;
         sequence->count > 0 &&
         (child = child_that_may_begin(dpor, node, sequence));
         node = child) {
        if (!child->first)
            return; // whatever follows this leaf will be explored
        take_out(dpor, sequence, child->process);
        if (sequence->count == 0 || sequence->at[sequence->count - 1] != last)
            return;
    }
    for (int i = 0; i < sequence->count; i++) {
        const struct event *event = &dpor->events[sequence->at[i]];
        node = add_child(node, event->process, &event->footprint);
    }
}

static bool explored_already(const struct dpor *dpor, const struct frame *frame,
                             const struct sequence *sequence) {
    for (int i = 0; i < frame->sleep_count; i++)
        if (may_begin(dpor, sequence, frame->sleep[i].process,
                      &frame->sleep[i].footprint))
            return true;
    return false;
}

// What a loop takes instead of something else may be gone after that (a timer
// that was stopped, a work that was cancelled), and then it is nowhere in this
// execution. So whatever else could be taken now is kept as a branch at once.
static void offer(struct dpor *dpor, struct scheduler *scheduler,
                  const struct task *task) {
    static struct sequence sequence;
    struct frame *frame = &dpor->frames[dpor->count];
    struct event *event = &dpor->events[DEPTH + PROCESSES];
    begin_event(dpor, scheduler, task, event);
    sequence.at[0] = DEPTH + PROCESSES;
    sequence.count = 1;
    memcpy(sequence.last_clock, event->before, sizeof event->before);
    if (!event->fixed && !explored_already(dpor, frame, &sequence))
        insert(dpor, frame->tree, &sequence);
}

static bool takes_away(const struct event *event, const struct task *other) {
    return event->loop != NOBODY ? scheduler_stackless(other)
                                 : event->footprint.kind == OP_CANCEL_WORK &&
                                       other->op.kind == OP_TAKE_WORK;
}

static void offer_others(struct dpor *dpor, struct scheduler *scheduler,
                         const struct task *task, const struct event *event) {
    if (event->fixed)
        return;
    for (int i = 0; i < scheduler->task_count; i++) {
        const struct task *other = &scheduler->tasks[i];
        if (other == task || !takes_away(event, other) ||
            scheduler_enabled(scheduler, other) < ENABLED_BY_TIME)
            continue;
        if (event->loop == loop_of(dpor, scheduler, other))
            offer(dpor, scheduler, other);
    }
}

static void join_dependent(struct dpor *dpor, struct event *event) {
    for (int i = 0; i < dpor->count; i++)
        if (footprint_dependent(&dpor->events[i].footprint, &event->footprint))
            join_clock(event->clock, dpor->events[i].clock);
    if (event->loop != NOBODY)
        join_clock(event->clock, dpor->clocks[event->loop]);
}

static void end_event(struct dpor *dpor, struct event *event) {
    memcpy(event->clock, event->before, sizeof event->clock);
    join_dependent(dpor, event);
    event->clock[event->process] = (unsigned short)event->index;
    dpor->steps[event->process]++;
    if (event->loop != NOBODY) {
        event->clock[event->loop] = (unsigned short)event->loop_index;
        dpor->steps[event->loop]++;
        memcpy(dpor->clocks[event->loop], event->clock, sizeof event->clock);
    }
    memcpy(dpor->clocks[event->process], event->clock, sizeof event->clock);
}

// Objects that nobody was seen making may lie at another address.
static bool is_made(uint64_t object) {
    return object >> 62 == 2;
}

// The same operation? What a try or a uv_once comes to may have changed.
static bool is_as_before(const struct footprint *now,
                         const struct footprint *before) {
    return now->kind == before->kind &&
           (now->kind != OP_POINT || now->access == before->access) &&
           (now->object == before->object || !is_made(now->object) ||
            !is_made(before->object));
}

static void check_determinism(struct scheduler *scheduler,
                              const struct task *task,
                              const struct footprint *now,
                              const struct footprint *before) {
    char state[LIMIT_MESSAGE / 2];
    if (is_as_before(now, before))
        return;
    scheduler_describe(scheduler, task, state, sizeof state);
    scheduler_end(scheduler, VERDICT_DIVERGED, 0, 0,
                  "the program is not deterministic: step %d cannot be done "
                  "again as it was; %s now %s",
                  scheduler->trace->step_count, task->name, state);
}

static void granted(struct strategy *strategy, struct scheduler *scheduler,
                    const struct task *task) {
    struct dpor *dpor = (struct dpor *)strategy;
    struct event *event = &dpor->events[dpor->count];
    struct frame *frame = &dpor->frames[dpor->count];
    struct frame *next = &dpor->frames[dpor->count + 1];
    begin_event(dpor, scheduler, task, event);
    if (dpor->count + 1 >= dpor->prefix)
        offer_others(dpor, scheduler, task, event);
    end_event(dpor, event);
    check_determinism(scheduler, task, &event->footprint,
                      &frame->tree->first->footprint);
    frame->tree->first->footprint = event->footprint;
    dpor->count++;
    if (dpor->count < dpor->prefix)
        return; // what sleeps there is known from the execution before
    next->tree = frame->tree->first;
    next->sleep_count = 0;
    for (int i = 0; i < frame->sleep_count; i++)
        if (!footprint_dependent(&frame->sleep[i].footprint, &event->footprint))
            next->sleep[next->sleep_count++] = frame->sleep[i];
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

static void note_pending(struct dpor *dpor, struct scheduler *scheduler) {
    dpor->pending = 0;
    for (int i = 0; i < scheduler->task_count; i++) {
        const struct task *task = &scheduler->tasks[i];
        if (is_wanted(task))
            begin_event(dpor, scheduler, task,
                        &dpor->events[dpor->count + dpor->pending++]);
    }
}

static void finished(struct strategy *strategy, struct scheduler *scheduler) {
    struct dpor *dpor = (struct dpor *)strategy;
    if (scheduler->verdict.kind != VERDICT_BLOCKED)
        note_pending(dpor, scheduler);
}

// What another order comes to: the events before `first`, and then `sequence`.

typedef void visit_event(struct dpor *dpor, const struct event *event,
                         void *context);

static void visit_order(struct dpor *dpor, int first,
                        const struct sequence *sequence, visit_event *visit,
                        void *context) {
    for (int i = 0; i < first; i++)
        visit(dpor, &dpor->events[i], context);
    for (int i = 0; i + 1 < sequence->count; i++)
        visit(dpor, &dpor->events[sequence->at[i]], context);
}

// What an object was when it was made: its first event has seen it so.
static void make_object(struct dpor *dpor, uint64_t object) {
    if (object == 0 || sync_known(&dpor->order, object))
        return;
    for (int i = 0; i < dpor->count + dpor->pending; i++) {
        const struct event *event = &dpor->events[i];
        if (event->footprint.object != object)
            continue;
        sync_object_init(&dpor->order, object, "object", event->value,
                         event->recursive, 0, 0);
        return;
    }
}

static void apply(struct dpor *dpor, const struct event *event, void *context) {
    const struct footprint *footprint = &event->footprint;
    const struct op op = {.kind = footprint->effect,
                          .object = footprint->object,
                          .mutex = footprint->mutex};
    struct sync *order = &dpor->order;
    if (!footprint_shares(footprint, context))
        return;
    make_object(dpor, footprint->object);
    make_object(dpor, footprint->mutex);
    switch (footprint->effect) {
    case OP_UNLOCK:
        sync_unlock(order, event->process, op.object);
        break;
    case OP_READ_UNLOCK:
        sync_read_unlock(order, event->process, op.object);
        break;
    case OP_SIGNAL:
        sync_signal(order, op.object);
        break;
    case OP_BROADCAST:
        sync_broadcast(order, op.object);
        break;
    case OP_POST:
        sync_post(order, op.object);
        break;
    case OP_ONCE_END:
        sync_once_finished(order, op.object);
        break;
    default:
        sync_apply(order, event->process, &op);
    }
}

static bool lock_allows(struct dpor *dpor, int first,
                        const struct sequence *sequence,
                        const struct event *event) {
    const struct footprint *footprint = &event->footprint;
    struct footprint objects = *footprint;
    const struct op op = {.kind = footprint->kind,
                          .object = footprint->object,
                          .mutex = footprint->mutex};
    const struct op mutex = {.kind = OP_LOCK, .object = footprint->mutex};
    sync_reset(&dpor->order);
    visit_order(dpor, first, sequence, apply, &objects);
    make_object(dpor, footprint->object);
    make_object(dpor, footprint->mutex);
    return sync_enabled(&dpor->order, event->process, &op) ||
           (footprint->timed &&
            sync_enabled(&dpor->order, event->process, &mutex));
}

static void count_busy(struct dpor *dpor, const struct event *event,
                       void *busy) {
    (void)dpor;
    *(int *)busy += event->footprint.kind == OP_TAKE_WORK;
    *(int *)busy -= event->footprint.kind == OP_WORK_DONE;
}

static bool pool_allows(struct dpor *dpor, int first,
                        const struct sequence *sequence,
                        const struct event *event) {
    int busy = 0;
    visit_order(dpor, first, sequence, count_busy, &busy);
    return busy < (int)event->value;
}

struct progress {
    int loop;
    unsigned steps;
};

static void count_steps(struct dpor *dpor, const struct event *event,
                        void *context) {
    struct progress *progress = context;
    (void)dpor;
    progress->steps +=
        event->process == progress->loop || event->loop == progress->loop;
}

// The loop must have come to its wait: its next step in this execution is one
// with which it takes something.
static bool loop_allows(struct dpor *dpor, int first,
                        const struct sequence *sequence,
                        const struct event *event) {
    struct progress progress = {event->loop, 0};
    visit_order(dpor, first, sequence, count_steps, &progress);
    for (int i = 0; i < dpor->count; i++)
        if (dpor->events[i].loop == event->loop &&
            dpor->events[i].loop_index == progress.steps + 1)
            return true;
    return false;
}

// Which timers a loop has is its own doing: where they could be taken, they
// have been offered.
static bool is_timer(const struct footprint *footprint) {
    return footprint->effect == OP_FIRE && footprint->mutex == 0;
}

// Could the last event of `sequence` have gone ahead in this order?
static bool allows(struct dpor *dpor, int first,
                   const struct sequence *sequence) {
    const struct event *event =
        &dpor->events[sequence->at[sequence->count - 1]];
    switch (event->footprint.kind) {
    case OP_LOCK:
    case OP_READ_LOCK:
    case OP_WRITE_LOCK:
    case OP_COND_WAKE:
    case OP_SEM_WAIT:
    case OP_ONCE:
        return lock_allows(dpor, first, sequence, event);
    case OP_TAKE_WORK:
        return pool_allows(dpor, first, sequence, event);
    case OP_SEND:
    case OP_FIRE:
        return !is_timer(&event->footprint) &&
               loop_allows(dpor, first, sequence, event);
    default:
        return true;
    }
}

// Without those who take the last event's object before it and need not, and
// what they do after that.
static void leave_takers_out(const struct dpor *dpor,
                             struct sequence *sequence) {
    const struct event *last = &dpor->events[sequence->at[sequence->count - 1]];
    bool out[PROCESSES] = {false};
    unsigned since[PROCESSES];
    int kept = 0;
    for (int i = 0; i + 1 < sequence->count; i++) {
        const struct event *event = &dpor->events[sequence->at[i]];
        bool needs = last->before[event->process] >= event->index;
        bool leaves =
            !needs && footprint_dependent(&event->footprint, &last->footprint);
        for (int p = 0; p < PROCESSES && !leaves; p++)
            leaves = out[p] && event->clock[p] >= since[p];
        if (!leaves)
            sequence->at[kept++] = sequence->at[i];
        else if (!out[event->process]) {
            out[event->process] = true;
            since[event->process] = event->index;
        }
    }
    sequence->at[kept++] = sequence->at[sequence->count - 1];
    sequence->count = kept;
}

// Keeps the way to have `later` without `first`. False: there is none.
static bool reverse(struct dpor *dpor, int first, int later) {
    static struct sequence sequence;
    struct frame *frame = &dpor->frames[first];
    make_sequence(dpor, first, later, &sequence);
    if (!allows(dpor, first, &sequence)) {
        leave_takers_out(dpor, &sequence);
        set_last_clock(dpor, &sequence);
        if (!allows(dpor, first, &sequence))
            return false;
    }
    if (!explored_already(dpor, frame, &sequence))
        insert(dpor, frame->tree, &sequence);
    return true;
}

// Of the steps on which `later` depends, those between which and it nothing
// lies that could come behind it. So the owner of a lock is found past its
// unlock: it is the two locks whose order is a choice.
static void reverse_races_of(struct dpor *dpor, int later) {
    const struct event *end = &dpor->events[later];
    unsigned short seen[PROCESSES];
    int until = later < dpor->count ? later : dpor->count;
    memcpy(seen, end->before, sizeof seen);
    for (int i = until - 1; i >= 0 && !end->fixed; i--) {
        const struct event *event = &dpor->events[i];
        if (seen[event->process] >= event->index ||
            event->process == end->process ||
            !footprint_dependent(&event->footprint, &end->footprint))
            continue;
        if (event->fixed || reverse(dpor, i, later))
            join_clock(seen, event->clock);
    }
}

// Leaves the deepest branch that is done, puts it to sleep, and goes to the
// next one beside it. False: there is none anywhere.
static bool backtrack(struct dpor *dpor) {
    for (int depth = dpor->count - 1; depth >= 0; depth--) {
        struct frame *frame = &dpor->frames[depth];
        struct node *done = frame->tree->first;
        frame->tree->first = done->next;
        frame->sleep[frame->sleep_count].process = done->process;
        frame->sleep[frame->sleep_count++].footprint = done->footprint;
        free_tree(done);
        free(done);
        if (frame->tree->first) {
            dpor->prefix = depth + 1;
            return true;
        }
    }
    return false;
}

static void begin_execution(struct dpor *dpor) {
    dpor->count = dpor->pending = dpor->met = dpor->preemptions = 0;
    dpor->last = NOBODY;
    memset(dpor->steps, 0, sizeof dpor->steps);
    memset(dpor->clocks, 0, sizeof dpor->clocks);
    for (int i = 0; i < LIMIT_TASKS; i++)
        dpor->process_of[i] = NOBODY;
}

// Of those that sleep in `frame`, how many sleep already in the one before it.
static int asleep_before(const struct dpor *dpor, int frame) {
    if (frame == 0)
        return 0;
    const struct frame *before = &dpor->frames[frame - 1];
    const struct footprint *step = &dpor->events[frame - 1].footprint;
    int count = 0;
    for (int i = 0; i < before->sleep_count; i++)
        count += !footprint_dependent(&before->sleep[i].footprint, step);
    return count;
}

// The weighted backtrack estimator (Kilby, Slaney, Thiébaux, Walsh: Estimating
// Search Tree Size, AAAI 2006): what has been done at a place and sleeps there,
// against that and what its wakeup tree still has. The trees may yet grow.
static double explored(const struct strategy *strategy) {
    const struct dpor *dpor = (const struct dpor *)strategy;
    double weight = 1, sum = 0;
    for (int i = 0; i < dpor->prefix; i++) {
        const struct frame *frame = &dpor->frames[i];
        int done = frame->sleep_count - asleep_before(dpor, i), left = 0;
        for (struct node *node = frame->tree->first; node; node = node->next)
            left++;
        weight /= done + left;
        sum += weight * done;
    }
    return sum;
}

// For the table of strategies.

static bool next(struct strategy *strategy) {
    struct dpor *dpor = (struct dpor *)strategy;
    // The steps before the branch that was new are those of the execution
    // before, and so are their orders.
    int fresh = dpor->prefix > 0 ? dpor->prefix - 1 : 0;
    for (int later = fresh; later < dpor->count + dpor->pending; later++)
        reverse_races_of(dpor, later);
    bool more = backtrack(dpor);
    begin_execution(dpor);
    return more;
}

static const char *gap(const struct strategy *strategy) {
    const struct dpor *dpor = (const struct dpor *)strategy;
    return dpor->cut ? dpor->gap : NULL;
}

static long blocked(const struct strategy *strategy) {
    return ((const struct dpor *)strategy)->blocked;
}

static void free_dpor(struct strategy *strategy) {
    struct dpor *dpor = (struct dpor *)strategy;
    free_tree(&dpor->root);
    sync_done(&dpor->order);
    free(dpor);
}

struct strategy *dpor_new(const struct strategy_options *options) {
    struct dpor *dpor = calloc(1, sizeof *dpor);
    if (!dpor)
        return NULL;
    dpor->strategy = (struct strategy){.choose = choose,
                                       .granted = granted,
                                       .armed = armed,
                                       .finished = finished,
                                       .next = next,
                                       .gap = gap,
                                       .explored = explored,
                                       .blocked = blocked,
                                       .free = free_dpor};
    dpor->bounded = options->bounded;
    dpor->preemptions_max = options->preemptions;
    snprintf(dpor->gap, sizeof dpor->gap, "more than %d preemption%s",
             options->preemptions, options->preemptions == 1 ? "" : "s");
    dpor->frames[0].tree = &dpor->root;
    begin_execution(dpor);
    return &dpor->strategy;
}

// For tests.

static int choose_other(struct strategy *strategy,
                        struct scheduler *scheduler) {
    struct dpor *dpor = (struct dpor *)strategy;
    meet_new_tasks(dpor, scheduler);
    return dpor->chooser->choose(dpor->chooser, scheduler);
}

static void note(struct strategy *strategy, struct scheduler *scheduler,
                 const struct task *task) {
    struct dpor *dpor = (struct dpor *)strategy;
    struct event *event = &dpor->events[dpor->count];
    begin_event(dpor, scheduler, task, event);
    end_event(dpor, event);
    if (dpor->count + 1 < DEPTH)
        dpor->count++;
}

static bool next_other(struct strategy *strategy) {
    struct dpor *dpor = (struct dpor *)strategy;
    begin_execution(dpor);
    return dpor->chooser->next(dpor->chooser);
}

void dpor_observe(struct strategy *strategy, struct strategy *chooser) {
    struct dpor *dpor = (struct dpor *)strategy;
    dpor->strategy.choose = choose_other;
    dpor->strategy.granted = note;
    dpor->strategy.finished = NULL;
    dpor->strategy.next = next_other;
    dpor->chooser = chooser;
    begin_execution(dpor);
}

uint64_t dpor_kind(const struct strategy *strategy) {
    const struct dpor *dpor = (const struct dpor *)strategy;
    uint64_t kind = 0;
    for (int i = 0; i < dpor->count; i++) {
        const struct event *event = &dpor->events[i];
        uint64_t hash = (uint64_t)event->process << 32 | event->index;
        for (int p = 0; p < PROCESSES; p++)
            hash =
                (hash ^ event->clock[p]) * UINT64_C(0x100000001B3) + hash / 7;
        kind += hash; // whichever way the steps were put in a row
    }
    return kind;
}
