#include "dpor.h"
#include "able.h"
#include "memory.h"
#include "reorder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
    struct sleeper sleep[HISTORY_PROCESSES];
    int sleep_count;
};

struct dpor {
    struct strategy strategy; // first, so that one can be had from the other
    struct node root;
    struct frame frames[HISTORY_EVENTS + 1];
    int prefix; // how many frames come from the execution before
    struct history history;
    struct reorder reorder;
    long blocked;
    bool bounded;             // no execution with more than …
    int preemptions_max;      // … so many preemptions
    int preemptions, last;    // so far, and the task that ran last; or -1
    bool cut;                 // some would have needed more
    char gap[LIMIT_NAME];     // which is then why the end is no proof
    struct strategy *chooser; // who chooses while we only look on; or NULL
};

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
        if (history_process(&dpor->history, scheduler, i) == process &&
            scheduler->tasks[i].enabled != ENABLED_NEVER)
            return i;
    return -1;
}

// Where nothing is prescribed: whoever ran last goes on, else the first.
static int any_task(struct dpor *dpor, struct scheduler *scheduler,
                    const struct frame *frame) {
    int best = -1;
    enum enabled best_rank = ENABLED_NEVER;
    int count = dpor->history.count;
    int last = count ? dpor->history.events[count - 1].process : -1;
    for (int i = 0; i < scheduler->task_count; i++) {
        enum enabled rank = scheduler->tasks[i].enabled;
        if (rank == ENABLED_BY_TIME)
            rank = ENABLED_NOW; // time orders nothing
        if (rank == ENABLED_NEVER ||
            sleeps(frame, history_process(&dpor->history, scheduler, i)))
            continue;
        bool goes_on = history_process(&dpor->history, scheduler, i) == last;
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
    history_meet(&dpor->history, scheduler);
    if (scheduler->verdict.kind != VERDICT_NONE)
        return -1;
    if (dpor->history.count >= HISTORY_EVENTS) {
        scheduler_end(scheduler, VERDICT_STEP_LIMIT, 0, 0,
                      "over %d steps that matter", HISTORY_EVENTS);
        return -1;
    }
    struct frame *frame = &dpor->frames[dpor->history.count];
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
        history_footprint(&dpor->history, scheduler, &scheduler->tasks[task]);
    add_child(frame->tree, history_process(&dpor->history, scheduler, task),
              &footprint);
    return task;
}

static int choose(struct strategy *strategy, struct scheduler *scheduler) {
    struct dpor *dpor = (struct dpor *)strategy;
    return keep_to_bound(dpor, scheduler, choose_freely(dpor, scheduler));
}

// The tree of a frame.

static struct node *child_that_may_begin(const struct node *node,
                                         const struct reorder *reorder) {
    for (struct node *child = node->first; child; child = child->next)
        if (reorder_may_begin(reorder, child->process, &child->footprint))
            return child;
    return NULL;
}

static void insert(const struct dpor *dpor, struct node *node,
                   struct reorder *reorder) {
    for (struct node *child; (child = child_that_may_begin(node, reorder));
         node = child) {
        if (!child->first)
            return; // whatever follows this leaf will be explored
        if (!reorder_take_out(reorder, child->process))
            return;
    }
    for (int i = 0; i < reorder->count; i++) {
        const struct history_event *event =
            &dpor->history.events[reorder->at[i]];
        node = add_child(node, event->process, &event->footprint);
    }
}

static bool explored_already(const struct frame *frame,
                             const struct reorder *reorder) {
    for (int i = 0; i < frame->sleep_count; i++)
        if (reorder_may_begin(reorder, frame->sleep[i].process,
                              &frame->sleep[i].footprint))
            return true;
    return false;
}

static void keep(struct dpor *dpor, struct frame *frame) {
    if (!explored_already(frame, &dpor->reorder))
        insert(dpor, frame->tree, &dpor->reorder);
}

// What a loop takes instead of something else may be gone after that (a timer
// that was stopped, a work that was cancelled), and then it is nowhere in this
// execution. So whatever else could be taken now is kept as a branch at once.
static void offer(struct dpor *dpor, struct scheduler *scheduler,
                  const struct task *task) {
    enum { PLACE = HISTORY_EVENTS + HISTORY_PROCESSES };
    struct history *history = &dpor->history;
    history_prepare(history, scheduler, task, &history->events[PLACE]);
    reorder_make_one(&dpor->reorder, history, PLACE);
    if (!history->events[PLACE].fixed)
        keep(dpor, &dpor->frames[history->count]);
}

static bool takes_away(const struct history_event *event,
                       const struct task *other) {
    return event->loop != HISTORY_NOBODY
               ? scheduler_stackless(other)
               : event->footprint.kind == OP_CANCEL_WORK &&
                     other->op.kind == OP_TAKE_WORK;
}

static void offer_others(struct dpor *dpor, struct scheduler *scheduler,
                         const struct task *task,
                         const struct history_event *event) {
    if (event->fixed)
        return;
    for (int i = 0; i < scheduler->task_count; i++) {
        const struct task *other = &scheduler->tasks[i];
        if (other == task || !takes_away(event, other) ||
            other->enabled < ENABLED_BY_TIME)
            continue;
        if (event->loop == history_loop(&dpor->history, scheduler, other))
            offer(dpor, scheduler, other);
    }
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

static void armed(struct strategy *strategy, struct scheduler *scheduler,
                  int maker, unsigned birth, const struct task *by) {
    struct dpor *dpor = (struct dpor *)strategy;
    history_arm(&dpor->history, scheduler, maker, birth, by);
}

static void granted(struct strategy *strategy, struct scheduler *scheduler,
                    const struct task *task) {
    struct dpor *dpor = (struct dpor *)strategy;
    struct history_event *event = &dpor->history.events[dpor->history.count];
    struct frame *frame = &dpor->frames[dpor->history.count];
    struct frame *next = &dpor->frames[dpor->history.count + 1];
    history_prepare(&dpor->history, scheduler, task, event);
    if (dpor->history.count + 1 >= dpor->prefix)
        offer_others(dpor, scheduler, task, event);
    history_add(&dpor->history, event);
    check_determinism(scheduler, task, &event->footprint,
                      &frame->tree->first->footprint);
    frame->tree->first->footprint = event->footprint;
    if (dpor->history.count < dpor->prefix)
        return; // what sleeps there is known from the execution before
    next->tree = frame->tree->first;
    next->sleep_count = 0;
    for (int i = 0; i < frame->sleep_count; i++)
        if (!footprint_dependent(&frame->sleep[i].footprint, &event->footprint))
            next->sleep[next->sleep_count++] = frame->sleep[i];
}

static void finished(struct strategy *strategy, struct scheduler *scheduler) {
    struct dpor *dpor = (struct dpor *)strategy;
    if (scheduler->verdict.kind != VERDICT_BLOCKED)
        history_note_pending(&dpor->history, scheduler);
}

// After an execution: which of its orders could have been another?

// Keeps the way to have `later` without `first`. False: there is none.
static bool reverse(struct dpor *dpor, int first, int later) {
    struct reorder *reorder = &dpor->reorder;
    reorder_make(reorder, &dpor->history, first, later);
    if (!reorder_allows(reorder)) {
        reorder_leave_takers_out(reorder);
        if (!reorder_allows(reorder))
            return false;
    }
    keep(dpor, &dpor->frames[first]);
    return true;
}

// Of the steps on which `later` depends, those between which and it nothing
// lies that could come behind it. So the owner of a lock is found past its
// unlock: it is the two locks whose order is a choice.
static void reverse_races_of(struct dpor *dpor, int later) {
    const struct history_event *end = &dpor->history.events[later];
    unsigned short seen[HISTORY_PROCESSES];
    int until = later < dpor->history.count ? later : dpor->history.count;
    memcpy(seen, end->before, sizeof seen);
    for (int i = until - 1; i >= 0 && !end->fixed; i--) {
        const struct history_event *event = &dpor->history.events[i];
        if (seen[event->process] >= event->index ||
            event->process == end->process ||
            !footprint_dependent(&event->footprint, &end->footprint))
            continue;
        if (event->fixed || reverse(dpor, i, later))
            history_join(seen, event->clock);
    }
}

// Leaves the deepest branch that is done, or was given up, puts it to sleep,
// and goes to the next one beside it. False: there is none anywhere.
static bool backtrack(struct dpor *dpor) {
    const struct frame *given_up = &dpor->frames[dpor->history.count];
    bool was_chosen = given_up->tree && given_up->tree->first;
    for (int depth = dpor->history.count - !was_chosen; depth >= 0; depth--) {
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
    history_begin(&dpor->history);
    dpor->preemptions = 0;
    dpor->last = -1;
}

// Of those that sleep in `frame`, how many sleep already in the one before it.
static int asleep_before(const struct dpor *dpor, int frame) {
    if (frame == 0)
        return 0;
    const struct frame *before = &dpor->frames[frame - 1];
    const struct footprint *step = &dpor->history.events[frame - 1].footprint;
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
    for (int later = fresh; later < dpor->history.count + dpor->history.pending;
         later++)
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
    reorder_done(&dpor->reorder);
    memory_unmap(dpor, sizeof *dpor);
}

struct strategy *dpor_new(const struct strategy_options *options) {
    struct dpor *dpor = memory_map(sizeof *dpor);
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
    history_meet(&dpor->history, scheduler);
    return dpor->chooser->choose(dpor->chooser, scheduler);
}

static void note(struct strategy *strategy, struct scheduler *scheduler,
                 const struct task *task) {
    struct history *history = &((struct dpor *)strategy)->history;
    if (history->count == HISTORY_EVENTS)
        return;
    history_prepare(history, scheduler, task, &history->events[history->count]);
    history_add(history, &history->events[history->count]);
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
    return history_kind(&((const struct dpor *)strategy)->history);
}
