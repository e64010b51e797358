#include "dpor.h"
#include "scheduler.h"

#include <stdlib.h>
#include <string.h>

enum { PROCESSES = 64, DEPTH = 2000 };

// What a step touches, in terms that mean the same in every execution.
struct footprint {
    enum op_kind kind;
    enum op_access access;
    uint64_t object, mutex; // 0: none
    bool timed;
};

// One step of the execution under way. A process is a task under a number that
// is the same in every execution.
struct event {
    int process;
    unsigned index; // 1 is the process's first
    struct footprint footprint;
    unsigned value;                   // of a semaphore, before the step
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
    struct event events[DEPTH + PROCESSES];
    int count;   // of events so far
    int pending; // events after `count` that were wanted and never came
    // By process, of the execution under way.
    unsigned steps[PROCESSES];
    unsigned short clocks[PROCESSES][PROCESSES];
    struct {
        int parent;
        unsigned birth;
    } known[PROCESSES];
    int known_count;
    bool stopped;                // the program has been told to stop
    int met;                     // tasks of this execution that are known
    int process_of[LIMIT_TASKS]; // by task id; -1: not met yet
    long blocked;
    const char *gap; // see ports.h
};

// Dependence.

static bool shares_object(const struct footprint *a,
                          const struct footprint *b) {
    return (a->object && (a->object == b->object || a->object == b->mutex)) ||
           (a->mutex && (a->mutex == b->object || a->mutex == b->mutex));
}

static bool reads_lock(const struct footprint *footprint) {
    return footprint->kind == OP_READ_LOCK || footprint->kind == OP_READ_UNLOCK;
}

// Does it matter which of the two comes first?
static bool dependent(const struct footprint *a, const struct footprint *b) {
    if (!shares_object(a, b))
        return false;
    if (a->kind == OP_POINT && b->kind == OP_POINT)
        return a->access == ACCESS_WRITE || b->access == ACCESS_WRITE;
    if (reads_lock(a) && reads_lock(b))
        return false;
    return a->kind != OP_POST || b->kind != OP_POST;
}

static bool acquires(const struct footprint *footprint) {
    switch (footprint->kind) {
    case OP_LOCK:
    case OP_READ_LOCK:
    case OP_WRITE_LOCK:
    case OP_COND_WAKE:
        return true;
    default:
        return false;
    }
}

static bool releases(const struct footprint *footprint) {
    return footprint->kind == OP_UNLOCK || footprint->kind == OP_READ_UNLOCK;
}

static bool happened_before(const struct event *a, const struct event *b) {
    return b->clock[a->process] >= a->index;
}

static void join_clock(unsigned short *clock, const unsigned short *other) {
    for (int i = 0; i < PROCESSES; i++)
        if (clock[i] < other[i])
            clock[i] = other[i];
}

// Which task is which process.

static int process_of(struct dpor *dpor, struct scheduler *scheduler,
                      int task_id) {
    int *process = &dpor->process_of[task_id];
    if (*process >= 0)
        return *process;
    const struct task *task = &scheduler->tasks[task_id];
    int parent =
        task->parent < 0 ? -1 : process_of(dpor, scheduler, task->parent);
    for (int i = 0; i < dpor->known_count; i++)
        if (dpor->known[i].parent == parent &&
            dpor->known[i].birth == task->birth)
            return *process = i;
    if (dpor->known_count == PROCESSES) {
        scheduler_end(scheduler, VERDICT_STEP_LIMIT, 0, 0,
                      "more than %d tasks cannot be explored", PROCESSES);
        return *process = PROCESSES - 1;
    }
    dpor->known[dpor->known_count].parent = parent;
    dpor->known[dpor->known_count].birth = task->birth;
    return *process = dpor->known_count++;
}

// A task that has just come to be knows what its parent knew.
static void meet_new_tasks(struct dpor *dpor, struct scheduler *scheduler) {
    for (; dpor->met < scheduler->task_count; dpor->met++) {
        int parent = scheduler->tasks[dpor->met].parent;
        int process = process_of(dpor, scheduler, dpor->met);
        if (parent >= 0)
            memcpy(dpor->clocks[process],
                   dpor->clocks[process_of(dpor, scheduler, parent)],
                   sizeof dpor->clocks[process]);
    }
}

// What was made in an execution is known by who made it and as which of his
// things; all else by its address, which does not move.
static uint64_t object_of(struct dpor *dpor, struct scheduler *scheduler,
                          uintptr_t address) {
    struct identity identity;
    if (address == 0)
        return 0;
    if (!scheduler_identify(scheduler, address, &identity))
        return address;
    uint64_t maker = (uint64_t)process_of(dpor, scheduler, identity.maker) + 1;
    return UINT64_C(1) << 63 | maker << 48 |
           (uint64_t)(identity.birth & 0xFFFF) << 32 |
           (identity.offset & 0xFFFFFFFF);
}

// Requests compete for the loop that takes them.
static uint64_t loop_of(struct dpor *dpor, struct scheduler *scheduler) {
    int loop = process_of(dpor, scheduler, scheduler_receiver(scheduler));
    return UINT64_C(3) << 62 | (uint64_t)loop;
}

static struct footprint footprint_of(struct dpor *dpor,
                                     struct scheduler *scheduler,
                                     const struct op *op) {
    return (struct footprint){
        .kind = op->kind,
        .access = op->access,
        .object = op->kind == OP_SEND ? loop_of(dpor, scheduler)
                                      : object_of(dpor, scheduler, op->object),
        .mutex = object_of(dpor, scheduler, op->mutex),
        .timed = op->timed,
    };
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

static int choose(struct strategy *strategy, struct scheduler *scheduler) {
    struct dpor *dpor = (struct dpor *)strategy;
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
                          dpor->count + 1);
        return task;
    }
    int task = any_task(dpor, scheduler, frame);
    if (task < 0)
        return give_up(dpor, scheduler);
    struct footprint footprint =
        footprint_of(dpor, scheduler, &scheduler->tasks[task].op);
    add_child(frame->tree, process_of(dpor, scheduler, task), &footprint);
    return task;
}

// Writing an event down.

// The event that `task` is about to make, with its clock but for what it owes
// to others who touched its object.
static void begin_event(struct dpor *dpor, struct scheduler *scheduler,
                        const struct task *task, struct event *event) {
    int process = process_of(dpor, scheduler, task->id);
    event->process = process;
    event->index = dpor->steps[process] + 1;
    event->footprint = footprint_of(dpor, scheduler, &task->op);
    event->value = sync_value(&scheduler->sync, task->op.object);
    event->fixed =
        task->op.kind == OP_STOP || task->op.kind == OP_POLL || task->last;
    memcpy(event->before, dpor->clocks[process], sizeof event->before);
    if (task->op.kind == OP_JOIN)
        join_clock(event->before,
                   dpor->clocks[process_of(dpor, scheduler, task->op.target)]);
    for (int i = 0; event->fixed && i < dpor->known_count; i++)
        join_clock(event->before, dpor->clocks[i]);
}

// Whose orders are not all looked at. A loop's own events are among them: what
// it is told by timers, other tasks and its pool comes in one order only. Told
// to stop, it has nobody left to compete with.
static bool is_gap(const struct dpor *dpor, const struct op *op) {
    switch (op->kind) {
    case OP_TRY:
    case OP_ONCE:
    case OP_COND_WAIT:
    case OP_COND_WAKE:
    case OP_BARRIER:
    case OP_TAKE_WORK:
        return true;
    case OP_POLL:
        return !dpor->stopped;
    default:
        return false;
    }
}

static void granted(struct strategy *strategy, struct scheduler *scheduler,
                    const struct task *task) {
    struct dpor *dpor = (struct dpor *)strategy;
    if (!dpor->gap && is_gap(dpor, &task->op))
        dpor->gap = task->op.name;
    dpor->stopped |= task->op.kind == OP_STOP;
    struct event *event = &dpor->events[dpor->count];
    struct frame *frame = &dpor->frames[dpor->count];
    struct frame *next = &dpor->frames[dpor->count + 1];
    begin_event(dpor, scheduler, task, event);
    dpor->steps[event->process]++;
    memcpy(event->clock, event->before, sizeof event->clock);
    event->clock[event->process] = (unsigned short)event->index;
    for (int i = 0; i < dpor->count; i++)
        if (dependent(&dpor->events[i].footprint, &event->footprint))
            join_clock(event->clock, dpor->events[i].clock);
    if (task->op.kind == OP_SEND) { // the loop takes it in the same step
        unsigned short *loop = dpor->clocks[process_of(
            dpor, scheduler, scheduler_receiver(scheduler))];
        join_clock(event->clock, loop);
        join_clock(loop, event->clock);
    }
    memcpy(dpor->clocks[event->process], event->clock, sizeof event->clock);
    dpor->count++;
    if (dpor->count < dpor->prefix)
        return; // what sleeps there is known from the execution before
    next->tree = frame->tree->first;
    next->sleep_count = 0;
    for (int i = 0; i < frame->sleep_count; i++)
        if (!dependent(&frame->sleep[i].footprint, &event->footprint))
            next->sleep[next->sleep_count++] = frame->sleep[i];
}

// What was wanted when the execution ended and never came, because it waited
// for another: it may have been possible earlier.
static void note_pending(struct dpor *dpor, struct scheduler *scheduler) {
    dpor->pending = 0;
    for (int i = 0; i < scheduler->task_count; i++) {
        const struct task *task = &scheduler->tasks[i];
        if (task->state != TASK_WAITING || task->kind == TASK_STOP ||
            task->op.kind == OP_POLL || task->op.kind == OP_SEND)
            continue;
        begin_event(dpor, scheduler, task,
                    &dpor->events[dpor->count + dpor->pending++]);
    }
}

static void finished(struct strategy *strategy, struct scheduler *scheduler) {
    struct dpor *dpor = (struct dpor *)strategy;
    if (scheduler->verdict.kind != VERDICT_BLOCKED)
        note_pending(dpor, scheduler);
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

static void make_sequence(const struct dpor *dpor, int first, int later,
                          struct sequence *sequence) {
    const struct event *end = &dpor->events[later];
    sequence->count = 0;
    memcpy(sequence->last_clock, end->before, sizeof end->before);
    int until = later < dpor->count ? later : dpor->count;
    for (int i = first + 1; i < until; i++) {
        const struct event *event = &dpor->events[i];
        if (happened_before(&dpor->events[first], event))
            continue;
        sequence->at[sequence->count++] = i;
        if (dependent(&event->footprint, &end->footprint))
            join_clock(sequence->last_clock, event->clock);
    }
    sequence->at[sequence->count++] = later;
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
        if (dependent(&dpor->events[sequence->at[i]].footprint, footprint))
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

// Who holds `object`, and how many read it, after the events that come before
// the later one in the new order.
struct holding {
    int holders, readers;
    bool signalled;
    int value_change;
};

static void count_holding(const struct event *event, uint64_t object,
                          struct holding *holding) {
    const struct footprint *footprint = &event->footprint;
    if (footprint->kind == OP_COND_WAIT && footprint->mutex == object)
        holding->holders--;
    if (footprint->kind == OP_COND_WAKE && footprint->mutex == object)
        holding->holders++;
    if (footprint->object != object)
        return;
    holding->holders +=
        footprint->kind == OP_LOCK || footprint->kind == OP_WRITE_LOCK;
    holding->holders -= footprint->kind == OP_UNLOCK;
    holding->readers += footprint->kind == OP_READ_LOCK;
    holding->readers -= footprint->kind == OP_READ_UNLOCK;
    holding->signalled |= footprint->kind == OP_SIGNAL;
    holding->value_change += footprint->kind == OP_POST;
    holding->value_change -= footprint->kind == OP_SEM_WAIT;
}

static struct holding holding_of(const struct dpor *dpor, int first,
                                 const struct sequence *sequence,
                                 uint64_t object) {
    struct holding holding = {0};
    for (int i = 0; i < first; i++)
        count_holding(&dpor->events[i], object, &holding);
    for (int i = 0; i + 1 < sequence->count; i++)
        count_holding(&dpor->events[sequence->at[i]], object, &holding);
    return holding;
}

// Could the later event have gone ahead in the new order?
static bool could_go_ahead(const struct dpor *dpor, int first, int later,
                           const struct sequence *sequence) {
    const struct event *event = &dpor->events[later];
    const struct footprint *footprint = &event->footprint;
    struct holding object =
        holding_of(dpor, first, sequence, footprint->object);
    switch (footprint->kind) {
    case OP_LOCK:
        return object.holders == 0;
    case OP_READ_LOCK:
        return object.holders == 0;
    case OP_WRITE_LOCK:
        return object.holders == 0 && object.readers == 0;
    case OP_COND_WAKE:
        return holding_of(dpor, first, sequence, footprint->mutex).holders ==
                   0 &&
               (footprint->timed || object.signalled);
    case OP_SEM_WAIT: {
        struct sequence nothing = {.count = 1};
        int before = holding_of(dpor, later < dpor->count ? later : dpor->count,
                                &nothing, footprint->object)
                         .value_change;
        return (int)event->value - before + object.value_change > 0;
    }
    case OP_BARRIER_LEAVE:
    case OP_ONCE:
    case OP_JOIN:
        return false;
    default:
        return true;
    }
}

static void reverse(struct dpor *dpor, int first, int later) {
    static struct sequence sequence;
    struct frame *frame = &dpor->frames[first];
    make_sequence(dpor, first, later, &sequence);
    if (could_go_ahead(dpor, first, later, &sequence) &&
        !explored_already(dpor, frame, &sequence))
        insert(dpor, frame->tree, &sequence);
}

// Of the steps on which `later` depends, those between which and it nothing
// lies. A lock's owner is followed past its unlock: it is the two locks whose
// order is a choice.
static void reverse_races_of(struct dpor *dpor, int later) {
    const struct event *end = &dpor->events[later];
    unsigned short seen[PROCESSES];
    int until = later < dpor->count ? later : dpor->count;
    memcpy(seen, end->before, sizeof seen);
    for (int i = until - 1; i >= 0 && !end->fixed; i--) {
        const struct event *event = &dpor->events[i];
        if (!dependent(&event->footprint, &end->footprint) ||
            seen[event->process] >= event->index ||
            event->process == end->process ||
            (acquires(&end->footprint) && releases(&event->footprint)))
            continue;
        join_clock(seen, event->clock);
        if (!event->fixed)
            reverse(dpor, i, later);
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
    dpor->count = dpor->pending = dpor->met = 0;
    dpor->stopped = false;
    memset(dpor->steps, 0, sizeof dpor->steps);
    memset(dpor->clocks, 0, sizeof dpor->clocks);
    for (int i = 0; i < LIMIT_TASKS; i++)
        dpor->process_of[i] = -1;
}

// Of those that sleep in `frame`, how many sleep already in the one before it.
static int asleep_before(const struct dpor *dpor, int frame) {
    if (frame == 0)
        return 0;
    const struct frame *before = &dpor->frames[frame - 1];
    const struct footprint *step = &dpor->events[frame - 1].footprint;
    int count = 0;
    for (int i = 0; i < before->sleep_count; i++)
        count += !dependent(&before->sleep[i].footprint, step);
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
    for (int later = 0; later < dpor->count + dpor->pending; later++)
        reverse_races_of(dpor, later);
    bool more = backtrack(dpor);
    begin_execution(dpor);
    return more;
}

static const char *gap(const struct strategy *strategy) {
    return ((const struct dpor *)strategy)->gap;
}

static long blocked(const struct strategy *strategy) {
    return ((const struct dpor *)strategy)->blocked;
}

static void free_dpor(struct strategy *strategy) {
    struct dpor *dpor = (struct dpor *)strategy;
    free_tree(&dpor->root);
    free(dpor);
}

struct strategy *dpor_new(const struct strategy_options *options) {
    (void)options;
    struct dpor *dpor = calloc(1, sizeof *dpor);
    if (!dpor)
        return NULL;
    dpor->strategy = (struct strategy){.choose = choose,
                                       .granted = granted,
                                       .finished = finished,
                                       .next = next,
                                       .gap = gap,
                                       .explored = explored,
                                       .blocked = blocked,
                                       .free = free_dpor};
    dpor->frames[0].tree = &dpor->root;
    begin_execution(dpor);
    return &dpor->strategy;
}
