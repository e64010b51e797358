#include "scheduler.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// 2025-06-18 16:21:06 UTC: the second in which the bug was first written down.
static const uint64_t START_NS = UINT64_C(1750263666) * 1000000000;

void scheduler_init(struct scheduler *scheduler, struct strategy *strategy,
                    struct backend *backend, struct world *world,
                    struct trace *trace, struct happens *happens,
                    struct owners *owners) {
    memset(scheduler, 0, offsetof(struct scheduler, verdict.text));
    scheduler->verdict.text[0] = '\0';
    scheduler->strategy = strategy;
    scheduler->backend = backend;
    scheduler->world = world;
    scheduler->trace = trace;
    scheduler->happens = happens;
    scheduler->owners = owners;
    scheduler->now_ns = START_NS;
    names_clear(&scheduler->names);
    sync_reset(&scheduler->sync);
}

void scheduler_done(struct scheduler *scheduler) {
    sync_done(&scheduler->sync);
}

struct task *scheduler_add(struct scheduler *scheduler, struct task *parent,
                           enum task_kind kind, const char *name,
                           const struct op *op) {
    if (scheduler->task_count == LIMIT_TASKS) {
        scheduler_end(scheduler, VERDICT_STEP_LIMIT, 0, 0, "more than %d tasks",
                      LIMIT_TASKS);
        return NULL;
    }
    struct task *task = &scheduler->tasks[scheduler->task_count];
    memset(task, 0, offsetof(struct task, op));
    task->id = scheduler->task_count++;
    task->kind = kind;
    task->state = TASK_WAITING;
    task->op = *op;
    task->parent = parent ? parent->id : -1;
    task->birth = parent ? parent->births++ : scheduler->orphans++;
    task->made_at = parent ? parent->place : NULL;
    names_copy(task->name, sizeof task->name, name);
    trace_task(scheduler->trace, task->id, task->name);
    happens_start(scheduler->happens, task->parent, task->id);
    return task;
}

struct task *scheduler_find(struct scheduler *scheduler, const char *name) {
    for (int i = 0; i < scheduler->task_count; i++)
        if (scheduler->tasks[i].name[0] == name[0] &&
            strcmp(scheduler->tasks[i].name, name) == 0)
            return &scheduler->tasks[i];
    return NULL;
}

void scheduler_name_child(struct scheduler *scheduler,
                          const struct task *parent, char *name) {
    const char *request = owners_name(scheduler->owners, parent->works_for);
    if (*request == '\0') {
        names_number(name, "thread.", ++scheduler->threads_named);
        return;
    }
    char stem[LIMIT_NAME];
    names_join(name, request, "job");
    names_join(stem, request, "job.");
    for (int next = 2; scheduler_find(scheduler, name); next++)
        names_number(name, stem, next);
}

int scheduler_receiver(struct scheduler *scheduler, const struct task *task) {
    return scheduler->world->receiver(scheduler->world, task);
}

bool scheduler_stands_for(struct scheduler *scheduler, const struct task *task,
                          int *maker, unsigned *birth) {
    return (task->kind == TASK_WORKER || task->kind == TASK_EVENT) &&
           scheduler->world->stands_for(scheduler->world, task, maker, birth);
}

unsigned scheduler_value(struct scheduler *scheduler, const struct op *op) {
    return op->kind == OP_TAKE_WORK
               ? (unsigned)scheduler->world->workers(scheduler->world)
               : sync_value(&scheduler->sync, op->object);
}

void scheduler_gap(struct scheduler *scheduler, const char *what) {
    if (!scheduler->gap)
        scheduler->gap = what;
}

void scheduler_arm(struct scheduler *scheduler, int maker, unsigned birth,
                   const struct task *by) {
    if (scheduler->strategy->armed)
        scheduler->strategy->armed(scheduler->strategy, scheduler, maker, birth,
                                   by);
}

bool scheduler_identify(struct scheduler *scheduler, uintptr_t address,
                        struct identity *identity) {
    const struct name *name = names_find(&scheduler->names, address);
    struct world *world = scheduler->world;
    identity->offset = 0;
    if (!name)
        return sync_made_by(&scheduler->sync, address, &identity->maker,
                            &identity->birth) ||
               world->made_by(world, address, &identity->maker,
                              &identity->birth);
    const struct name *whole = &scheduler->names.table[name->whole];
    identity->maker = whole->maker;
    identity->birth = whole->birth;
    identity->offset = address - whole->base;
    return true;
}

static bool ended(const struct scheduler *scheduler, int task) {
    return scheduler->tasks[task].state == TASK_ENDED;
}

// What `op` waits for, time apart.
static bool may_go_on(struct scheduler *scheduler, const struct task *task) {
    const struct op *op = &task->op;
    switch (op->kind) {
    case OP_SEND:
    case OP_FIRE:
    case OP_POLL:
    case OP_TAKE_WORK:
        return scheduler->world->ready(scheduler->world, task);
    case OP_SLEEP:
        return false;
    default:
        return sync_enabled(&scheduler->sync, task->id, op);
    }
}

// A wait that time ends may still need its mutex.
static bool time_may_end(struct scheduler *scheduler, const struct task *task) {
    if (!task->op.timed)
        return false;
    struct op lock = {.kind = OP_LOCK, .object = task->op.mutex};
    return task->op.kind != OP_COND_WAKE ||
           sync_enabled(&scheduler->sync, task->id, &lock);
}

// One that stands before an operation that may have to wait.
static enum enabled waits(struct scheduler *scheduler,
                          const struct task *task) {
    switch (task->op.kind) {
    case OP_JOIN:
        return ended(scheduler, task->op.target) ? ENABLED_NOW : ENABLED_NEVER;
    case OP_STOP:
        return scheduler->world->can_stop(scheduler->world) ? ENABLED_LAST
                                                            : ENABLED_NEVER;
    case OP_POLL:
        if (may_go_on(scheduler, task))
            return ENABLED_NOW;
        return task->op.timed && !scheduler->explores ? ENABLED_BY_TIME
                                                      : ENABLED_NEVER;
    default:
        if (may_go_on(scheduler, task))
            return task->last ? ENABLED_LAST : ENABLED_NOW;
        return time_may_end(scheduler, task) ? ENABLED_BY_TIME : ENABLED_NEVER;
    }
}

// Of most tasks it is told here: each is asked before each choice.
static inline enum enabled enabled(struct scheduler *scheduler,
                                   const struct task *task) {
    if (task->state != TASK_WAITING)
        return ENABLED_NEVER;
    return op_never_waits(task->op.kind) ? ENABLED_NOW : waits(scheduler, task);
}

enum enabled scheduler_enabled(struct scheduler *scheduler,
                               const struct task *task) {
    return enabled(scheduler, task);
}

void scheduler_end(struct scheduler *scheduler, enum verdict_kind kind,
                   int line, int column, const char *format, ...) {
    struct verdict *verdict = &scheduler->verdict;
    if (verdict->kind != VERDICT_NONE)
        return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(verdict->text, sizeof verdict->text, format, arguments);
    va_end(arguments);
    verdict->line = line ? line : scheduler->line;
    verdict->column = line ? column : scheduler->column;
    verdict->kind = kind;
}

// That it is over, however that came; once.
static void tell_strategy(struct scheduler *scheduler) {
    if (scheduler->told)
        return;
    scheduler->told = true;
    for (int i = 0; i < scheduler->task_count; i++)
        if (scheduler->tasks[i].state == TASK_WAITING)
            scheduler->trace->stands_at[i] = scheduler->tasks[i].op.name;
    if (scheduler->strategy->finished)
        scheduler->strategy->finished(scheduler->strategy, scheduler);
}

void scheduler_fail(struct scheduler *scheduler, struct task *self,
                    enum verdict_kind kind, const char *format, ...) {
    char text[LIMIT_MESSAGE / 2];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    scheduler_end(scheduler, kind, 0, 0, "task %s, after step %d (%s): %s",
                  self->name, scheduler->trace->step_count, self->op.name,
                  text);
    tell_strategy(scheduler);
    scheduler->backend->finish(scheduler->backend, self);
    scheduler->backend->abandon(scheduler->backend, self);
    abort(); // nobody comes back from there
}

static size_t append(char *text, size_t room, size_t used, const char *format,
                     ...) {
    if (used >= room)
        return used;
    va_list arguments;
    va_start(arguments, format);
    int more = vsnprintf(text + used, room - used, format, arguments);
    va_end(arguments);
    return used + (more > 0 ? (size_t)more : 0);
}

// Writes `before`, the place and `after`; nothing where it is not known.
static void print_place(struct scheduler *scheduler, const void *place,
                        const char *before, const char *after, char *text,
                        size_t room) {
    char where[LIMIT_NAME * 5];
    scheduler->world->find_place(scheduler->world, place, where, sizeof where);
    text[0] = '\0';
    if (where[0])
        append(text, room, 0, "%s%s%s", before, where, after);
}

static size_t append_holders(struct scheduler *scheduler, uintptr_t object,
                             char *text, size_t room, size_t used) {
    int holders[LIMIT_TASKS];
    char since[LIMIT_NAME * 6];
    int count = sync_holders(&scheduler->sync, object, holders, LIMIT_TASKS);
    for (int i = 0; i < count; i++) {
        const void *place = sync_taken_at(&scheduler->sync, object, holders[i]);
        print_place(scheduler, place, " since ", "", since, sizeof since);
        used = append(text, room, used, "%s%s%s", i ? " and " : ", held by ",
                      scheduler->tasks[holders[i]].name, since);
    }
    return used;
}

static void describe_wait(struct scheduler *scheduler, const struct task *task,
                          const char *at, char *text, size_t room) {
    const struct op *op = &task->op;
    char object[LIMIT_NAME * 2] = "";
    scheduler->world->describe(scheduler->world, op, object, sizeof object);
    size_t used = append(text, room, 0, "waits in %s%s", op->name, at);
    if (object[0])
        used = append(text, room, used, " for %s", object);
    used = append_holders(scheduler, op->object, text, room, used);
    if (op->kind == OP_COND_WAKE)
        append_holders(scheduler, op->mutex, text, room, used);
}

void scheduler_describe(struct scheduler *scheduler, const struct task *task,
                        char *text, size_t room) {
    const struct op *op = &task->op;
    char at[LIMIT_NAME * 6] = "";
    if (task->state != TASK_ENDED)
        print_place(scheduler, op->place, " (", ")", at, sizeof at);
    if (task->state == TASK_ENDED)
        snprintf(text, room, "has ended");
    else if (op->kind == OP_POLL)
        snprintf(text, room, "waits in its loop%s, and nothing is ready", at);
    else if (op->kind == OP_SEND)
        snprintf(text, room, "is a request that has not been sent");
    else if (op->kind == OP_FIRE)
        snprintf(text, room, "has nothing to wake its loop for");
    else if (op->kind == OP_JOIN)
        snprintf(text, room, "waits in %s%s for %s to end", op->name, at,
                 scheduler->tasks[op->target].name);
    else if (scheduler_enabled(scheduler, task) != ENABLED_NEVER)
        snprintf(text, room, "stands at %s%s", op->name, at);
    else
        describe_wait(scheduler, task, at, text, room);
}

// Part of the program, and not a worker that waits for work.
static bool is_busy(const struct task *task) {
    return task->kind == TASK_PROGRAM ||
           (task->kind == TASK_WORKER && task->op.kind != OP_TAKE_WORK);
}

static void end_in_deadlock(struct scheduler *scheduler) {
    char text[LIMIT_MESSAGE];
    size_t used = append(text, sizeof text, 0, "deadlock: ");
    const char *between = "";
    for (int i = 0; i < scheduler->task_count; i++) {
        const struct task *task = &scheduler->tasks[i];
        if (task->state == TASK_ENDED || !is_busy(task))
            continue;
        char state[LIMIT_MESSAGE / 2];
        scheduler_describe(scheduler, task, state, sizeof state);
        used = append(text, sizeof text, used, "%s%s %s", between, task->name,
                      state);
        between = "; ";
    }
    scheduler_end(scheduler, VERDICT_DEADLOCK, 0, 0, "%s", text);
}

// A thread of the program's own, not the task that called run().
static bool is_thread(const struct task *task) {
    return task->kind == TASK_PROGRAM && task->parent >= 0;
}

// run() has returned: what of the program is there still?
static bool is_left_over(const struct task *task) {
    return (is_thread(task) && !task->joined) ||
           (is_busy(task) && task->state != TASK_ENDED);
}

static bool run_has_returned(const struct scheduler *scheduler) {
    for (int i = 0; i < scheduler->task_count; i++) {
        const struct task *task = &scheduler->tasks[i];
        if (is_busy(task) && task->parent < 0)
            return task->state == TASK_ENDED;
    }
    return true;
}

static size_t append_left_over(struct scheduler *scheduler,
                               const struct task *task, char *text, size_t room,
                               size_t used) {
    char made[LIMIT_NAME * 6] = "", state[LIMIT_MESSAGE / 2];
    if (is_thread(task))
        print_place(scheduler, task->made_at, "created at ", ", ", made,
                    sizeof made);
    scheduler_describe(scheduler, task, state, sizeof state);
    bool over = task->state == TASK_ENDED;
    return append(text, room, used, "%s%s was left over: %s%s%s",
                  used ? "; " : "", task->name, made,
                  over ? "never joined" : "it still ", over ? "" : state);
}

// Ends the execution if anything is.
static void end_if_left_over(struct scheduler *scheduler) {
    char text[LIMIT_MESSAGE];
    size_t used = 0;
    for (int i = 0; i < scheduler->task_count; i++)
        if (is_left_over(&scheduler->tasks[i]))
            used = append_left_over(scheduler, &scheduler->tasks[i], text,
                                    sizeof text, used);
    if (used > 0)
        scheduler_end(scheduler, VERDICT_LEFT_OVER, 0, 0, "%s", text);
}

static bool program_over(const struct scheduler *scheduler) {
    for (int i = 0; i < scheduler->task_count; i++)
        if (is_busy(&scheduler->tasks[i]) &&
            scheduler->tasks[i].state != TASK_ENDED)
            return false;
    return true;
}

// To stop the program comes last of all, and is asked about when there is
// nothing else. -1: that cannot be done either.
static int look_at_stop(struct scheduler *scheduler) {
    for (int i = 0; i < scheduler->task_count; i++) {
        struct task *task = &scheduler->tasks[i];
        if (task->kind != TASK_STOP)
            continue;
        task->enabled = enabled(scheduler, task);
        return task->enabled == ENABLED_NEVER ? -1 : i;
    }
    return -1;
}

bool scheduler_look(struct scheduler *scheduler) {
    int count = 0, last = -1, task_count = scheduler->task_count;
    for (int i = 0; i < task_count; i++) {
        struct task *task = &scheduler->tasks[i];
        task->enabled = ENABLED_NEVER;
        if (task->state != TASK_WAITING || task->kind == TASK_STOP)
            continue;
        enum enabled now = enabled(scheduler, task);
        task->enabled = now;
        if (now == ENABLED_NEVER ||
            (task->kind == TASK_EVENT && !scheduler->explores))
            continue;
        if (now != ENABLED_LAST)
            scheduler->able[count++] = i;
        else if (last < 0)
            last = i;
    }
    if (count == 0 && last < 0)
        last = look_at_stop(scheduler);
    if (count == 0 && last >= 0)
        scheduler->able[count++] = last;
    scheduler->able_count = count;
    return count > 0;
}

// A worker that is still there when the program is over goes home.
static struct task *next_worker(struct scheduler *scheduler) {
    tell_strategy(scheduler);
    scheduler->closing = true;
    for (int i = 0; i < scheduler->task_count; i++) {
        struct task *task = &scheduler->tasks[i];
        if (task->kind == TASK_WORKER && task->state != TASK_ENDED)
            return task;
    }
    end_if_left_over(scheduler);
    owners_end(scheduler->owners);
    if (scheduler->verdict.kind == VERDICT_NONE) {
        scheduler->verdict.kind = VERDICT_FINISHED;
        names_copy(scheduler->verdict.text, sizeof scheduler->verdict.text,
                   "finished");
    }
    return NULL;
}

// Polls in a row are one step: how often a loop must turn to take an event in
// is libuv's business and differs between its versions.
static bool continues_poll(const struct scheduler *scheduler,
                           const struct task *task) {
    const struct trace *trace = scheduler->trace;
    if (task->op.kind != OP_POLL || trace->step_count == 0)
        return false;
    const struct step *last = &trace->steps[trace->step_count - 1];
    return last->kind == OP_POLL && last->task == task->id;
}

// A point that announces no access, or a get, marks what has just been done: it
// is written down when the task comes to it. All else is about to be done, and
// is written down when it is granted.
static bool marks_the_past(const struct op *op) {
    return op->kind == OP_GET ||
           (op->kind == OP_POINT && op->access == ACCESS_NONE);
}

static void end_at_limit(struct scheduler *scheduler, const struct task *task,
                         int limit) {
    scheduler_end(scheduler, VERDICT_STEP_LIMIT, 0, 0,
                  "over %d steps, and no end: the last was %s of %s", limit,
                  task->op.name, task->name);
}

// What somebody will read, or ask about.
static void write_details(struct scheduler *scheduler, const struct task *task,
                          struct step *step) {
    if (scheduler->happens->edges)
        happens_step(scheduler->happens, task->id,
                     scheduler->trace->step_count);
    if (scheduler->trace->detailed)
        scheduler->world->describe(scheduler->world, &task->op, step->detail,
                                   sizeof step->detail);
}

static bool write_down(struct scheduler *scheduler, const struct task *task) {
    struct trace *trace = scheduler->trace;
    bool polls_on = continues_poll(scheduler, task);
    if (polls_on && scheduler->grants < LIMIT_GRANTS)
        return true;
    struct step *step =
        polls_on ? NULL : trace_step(trace, task->id, &task->op);
    if (!step) {
        end_at_limit(scheduler, task, polls_on ? LIMIT_GRANTS : LIMIT_STEPS);
        return false;
    }
    step->works_for = task->works_for;
    step->place = task->op.place;
    step->pooled = task->op.kind == OP_GET ? task->op.object : task->op.mutex;
    if (trace->detailed || scheduler->happens->edges)
        write_details(scheduler, task, step);
    return true;
}

static void pass_time(struct scheduler *scheduler, const struct task *task) {
    if (task->op.timed && !scheduler->clock_frozen &&
        task->op.deadline_ns > scheduler->now_ns)
        scheduler->now_ns = task->op.deadline_ns;
}

static void do_stackless(struct scheduler *scheduler, struct task *task) {
    struct world *world = scheduler->world;
    if (task->kind == TASK_EVENT) {
        world->fire(world, task);
        return;
    }
    task->state = TASK_ENDED;
    if (task->kind == TASK_STOP)
        world->stop(world);
    else if (!world->send(world, task))
        scheduler_end(scheduler, VERDICT_CRASH, 0, 0,
                      "request %s cannot be sent: the program's port takes no "
                      "connection",
                      task->name);
}

// The harness's own detector hears of it in its turn.
static void tell(struct scheduler *scheduler, const struct task *task) {
    const struct op *op = &task->op;
    int step = scheduler->trace->step_count;
    if (op->kind == OP_POINT && op->bytes > 0)
        return; // who makes the access says what has been accessed
    if (op->kind == OP_POINT && op->access != ACCESS_NONE) {
        if (!op->spoken_for)
            happens_access(scheduler->happens, task->id, op,
                           names_find(&scheduler->names, op->object), step);
        if (op->mutex)
            owners_touch(scheduler->owners, op, task->works_for, task->id,
                         step);
    } else {
        happens_order(scheduler->happens, task->id, op);
    }
}

// Does `waiting` wait for `other`, or for one who waits for it, and so on? Only
// as far as it is known for whom one waits. `asked` has who was asked before.
static bool waits_for(struct scheduler *scheduler, const struct task *waiting,
                      const struct task *other, bool *asked) {
    int holders[LIMIT_TASKS], count = 1;
    if (waiting == other)
        return true;
    if (asked[waiting->id] || waiting->state != TASK_WAITING ||
        scheduler_enabled(scheduler, waiting) != ENABLED_NEVER)
        return false;
    asked[waiting->id] = true;
    if (waiting->op.kind == OP_JOIN)
        holders[0] = waiting->op.target;
    else
        count = sync_holders(&scheduler->sync, waiting->op.object, holders,
                             LIMIT_TASKS);
    for (int i = 0; i < count; i++)
        if (waits_for(scheduler, &scheduler->tasks[holders[i]], other, asked))
            return true;
    return false;
}

// `sleeper` has waited for time alone: which loop could not turn meanwhile?
static void find_blocked_loops(struct scheduler *scheduler,
                               const struct task *sleeper) {
    for (int i = 0; i < scheduler->task_count; i++) {
        const struct task *task = &scheduler->tasks[i];
        bool asked[LIMIT_TASKS] = {false};
        if (task->loops == 0 || !waits_for(scheduler, task, sleeper, asked))
            continue;
        const struct finding finding = {
            .kind = FINDING_BLOCKED_LOOP,
            .task = task->id,
            .step = scheduler->trace->step_count,
            .name = task->op.name,
            .works_for = task->works_for,
            .sleeper = sleeper->id,
        };
        findings_add(scheduler->owners->findings, &finding);
    }
}

// `task` may do its operation: written down, and done as far as the model
// goes. False: the execution is over.
static bool grant(struct scheduler *scheduler, struct task *task) {
    bool by_time = task->enabled == ENABLED_BY_TIME;
    scheduler->grants++;
    // One task runs at a time, so nobody else writes: no locked instruction.
    atomic_store_explicit(&scheduler->progress, scheduler->progress + 1,
                          memory_order_relaxed);
    if (!marks_the_past(&task->op) && !write_down(scheduler, task))
        return false;
    if (scheduler->strategy->granted)
        scheduler->strategy->granted(scheduler->strategy, scheduler, task);
    if (by_time)
        pass_time(scheduler, task);
    if (by_time && task->op.kind != OP_POLL)
        find_blocked_loops(scheduler, task);
    tell(scheduler, task);
    if (scheduler_stackless(task))
        do_stackless(scheduler, task);
    else if (op_is_on_object(task->op.kind))
        task->granted = sync_apply(&scheduler->sync, task->id, &task->op);
    return scheduler->verdict.kind == VERDICT_NONE;
}

// Lets the strategy choose until a task with a stack is to go on. NULL: the
// execution is over.
static struct task *choose_next(struct scheduler *scheduler, bool may_be_over) {
    while (scheduler->verdict.kind == VERDICT_NONE) {
        if (may_be_over && program_over(scheduler))
            return next_worker(scheduler);
        if (!scheduler_look(scheduler)) {
            if (run_has_returned(scheduler))
                end_if_left_over(scheduler);
            else
                end_in_deadlock(scheduler);
            return NULL;
        }
        int chosen =
            scheduler->strategy->choose(scheduler->strategy, scheduler);
        if (chosen < 0)
            return NULL;
        struct task *task = &scheduler->tasks[chosen];
        int receiver = scheduler->explores && scheduler_stackless(task)
                           ? scheduler_receiver(scheduler, task)
                           : -1;
        if (!grant(scheduler, task))
            return NULL;
        if (receiver >= 0) {
            scheduler->trace->steps[scheduler->trace->step_count - 1].receiver =
                receiver;
            return &scheduler->tasks[receiver];
        }
        if (!scheduler_stackless(task))
            return task;
    }
    return NULL;
}

// `may_be_over`: a task has ended, or a worker has nothing to do.
static struct task *next_task(struct scheduler *scheduler, bool may_be_over) {
    struct task *task = choose_next(scheduler, may_be_over);
    if (!task)
        tell_strategy(scheduler);
    return task;
}

static void set_running(struct scheduler *scheduler, struct task *task) {
    task->state = TASK_RUNNING;
    atomic_store_explicit(&scheduler->running, task->id, memory_order_relaxed);
}

struct task *scheduler_first(struct scheduler *scheduler) {
    struct task *task = next_task(scheduler, true);
    if (task)
        set_running(scheduler, task);
    return task;
}

void scheduler_yield(struct scheduler *scheduler, struct task *self) {
    const struct op *op = &self->op;
    self->op.place = self->place;
    self->state = TASK_WAITING;
    bool marked =
        (marks_the_past(op) || op->alone) && write_down(scheduler, self);
    if (scheduler->explores && marked) {
        self->state = TASK_RUNNING;
        return;
    }
    struct task *next = next_task(scheduler, op->kind == OP_TAKE_WORK);
    if (!next) {
        scheduler->backend->finish(scheduler->backend, self);
        scheduler->backend->abandon(scheduler->backend, self);
        abort(); // nobody comes back from there
    }
    set_running(scheduler, next);
    if (next != self)
        scheduler->backend->switch_to(scheduler->backend, self, next);
}

void scheduler_leave(struct scheduler *scheduler, struct task *self) {
    self->state = TASK_ENDED;
    struct task *next = next_task(scheduler, true);
    if (!next) {
        scheduler->backend->finish(scheduler->backend, self);
        return;
    }
    set_running(scheduler, next);
    scheduler->backend->leave_to(scheduler->backend, self, next);
}

uint64_t scheduler_read_clock(struct scheduler *scheduler, uint64_t tick_ns) {
    if (!scheduler->clock_stopped)
        scheduler->now_ns += tick_ns;
    return scheduler->now_ns;
}
