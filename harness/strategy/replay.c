#include "replay.h"
#include "nearest.h"
#include "schedule.h"
#include "scheduler.h"

#include <stdio.h>
#include <string.h>

enum { DIVERGED = -1, DONE = -2 };

static bool before(const struct scheduler *scheduler, int a, int b,
                   enum enabled rank) {
    if (b < 0)
        return true;
    if (rank != ENABLED_BY_TIME)
        return false; // the first in the table stands
    return scheduler->tasks[a].op.deadline_ns <
           scheduler->tasks[b].op.deadline_ns;
}

// The fixed order in which everything runs that the schedule leaves open.
int replay_rest(struct scheduler *scheduler) {
    int best = -1;
    enum enabled best_rank = ENABLED_NEVER;
    for (int i = 0; i < scheduler->task_count; i++) {
        const struct task *task = &scheduler->tasks[i];
        enum enabled rank = scheduler_enabled(scheduler, task);
        // A request that nobody sent waits until the program has no more to do.
        if (rank == ENABLED_NOW && task->kind == TASK_CLIENT)
            rank = ENABLED_LAST;
        // A loop takes what is ready by itself.
        if (task->kind == TASK_EVENT)
            rank = ENABLED_NEVER;
        bool better =
            rank > best_rank || (rank == best_rank && rank != ENABLED_NEVER &&
                                 before(scheduler, i, best, rank));
        if (better) {
            best = i;
            best_rank = rank;
        }
    }
    return best;
}

static size_t names_of_tasks(const struct scheduler *scheduler,
                             const char **names) {
    for (int i = 0; i < scheduler->task_count; i++)
        names[i] = scheduler->tasks[i].name;
    return (size_t)scheduler->task_count;
}

static bool known(const char **names, size_t count, const char *name) {
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

// The points that the execution has come to so far, each once.
static size_t names_of_points(const struct scheduler *scheduler,
                              const char **names, size_t most) {
    size_t count = 0;
    const struct trace *trace = scheduler->trace;
    for (int i = 0; i < trace->step_count && count < most; i++)
        if ((trace->steps[i].kind == OP_POINT ||
             trace->steps[i].kind == OP_GET) &&
            !known(names, count, trace->steps[i].name))
            names[count++] = trace->steps[i].name;
    return count;
}

// "; these could have run: loop (stands at pool.put), A.job (…)"
static void append_choices(struct scheduler *scheduler, char *text,
                           size_t room) {
    size_t used = strlen(text);
    const char *between = "; these could have run: ";
    for (int i = 0; i < scheduler->task_count && used < room; i++) {
        const struct task *task = &scheduler->tasks[i];
        enum enabled rank = scheduler_enabled(scheduler, task);
        if (rank < ENABLED_BY_TIME)
            continue;
        int more = snprintf(text + used, room - used, "%s%s (at %s)", between,
                            task->name, task->op.name);
        used += more > 0 ? (size_t)more : 0;
        between = ", ";
    }
}

static int diverge(struct scheduler *scheduler, const struct word *word,
                   const char *what) {
    char text[LIMIT_MESSAGE];
    snprintf(text, sizeof text, "%s", what);
    append_choices(scheduler, text, sizeof text);
    scheduler_end(scheduler, VERDICT_DIVERGED, word->line, word->column, "%s",
                  text);
    return DIVERGED;
}

static int diverge_no_task(struct scheduler *scheduler,
                           const struct word *word) {
    const char *names[LIMIT_TASKS];
    size_t count = names_of_tasks(scheduler, names);
    const char *near = nearest_name(word->text, names, count);
    char text[LIMIT_NAME * 4];
    snprintf(text, sizeof text, "there is no task \"%s\" after step %d%s%s%s",
             word->text, scheduler->trace->step_count,
             near ? "; did you mean \"" : "", near ? near : "",
             near ? "\"?" : "");
    return diverge(scheduler, word, text);
}

// TASK ended, or cannot go on, and never came to the point it was to run to.
static int diverge_at(struct scheduler *scheduler,
                      const struct directive *directive,
                      const struct task *task) {
    char state[LIMIT_MESSAGE / 2];
    char text[LIMIT_MESSAGE / 2 + LIMIT_NAME * 6];
    scheduler_describe(scheduler, task, state, sizeof state);
    if (directive->kind != DIRECTIVE_RUN_UNTIL) {
        snprintf(text, sizeof text, "%s cannot %s: it %s", task->name,
                 directive->kind == DIRECTIVE_FIRE ? "fire" : "run to its end",
                 state);
        return diverge(scheduler, &directive->task, text);
    }
    const char *names[LIMIT_TASKS];
    const char *point = directive->point.text;
    size_t count = names_of_points(scheduler, names, LIMIT_TASKS);
    const char *near =
        known(names, count, point) ? NULL : nearest_name(point, names, count);
    snprintf(text, sizeof text, "%s never came to \"%s\": it %s%s%s%s",
             task->name, point, state, near ? "; did you mean \"" : "",
             near ? near : "", near ? "\"?" : "");
    return diverge(scheduler, &directive->point, text);
}

static bool pass_over(struct replay *replay, size_t line) {
    if (!replay->followed)
        return false;
    replay->followed[line].passed_over = true;
    return true;
}

static bool stands_before(const struct task *task, const char *point) {
    return task->state == TASK_WAITING && strcmp(task->op.name, point) == 0;
}

static int choose_run(struct replay *replay, struct scheduler *scheduler,
                      const struct directive *directive) {
    struct task *task = scheduler_find(scheduler, directive->task.text);
    if (!task)
        return pass_over(replay, replay->next)
                   ? DONE
                   : diverge_no_task(scheduler, &directive->task);
    if (directive->kind == DIRECTIVE_RUN_TO_END && task->state == TASK_ENDED)
        return DONE;
    if (directive->kind == DIRECTIVE_RUN_UNTIL && replay->started &&
        stands_before(task, directive->point.text))
        return DONE;
    if (scheduler_enabled(scheduler, task) < ENABLED_BY_TIME)
        return pass_over(replay, replay->next)
                   ? DONE
                   : diverge_at(scheduler, directive, task);
    replay->started = true;
    return task->id;
}

static int choose_send(struct replay *replay, struct scheduler *scheduler,
                       const struct directive *directive) {
    struct task *client = scheduler_find(scheduler, directive->task.text);
    if (client->state == TASK_ENDED)
        return pass_over(replay, replay->next)
                   ? DONE
                   : diverge(scheduler, &directive->task,
                             "this request has been sent already");
    // Until the program listens, it sets itself up.
    if (scheduler_enabled(scheduler, client) == ENABLED_NEVER)
        return replay_rest(scheduler);
    replay->started = true;
    return client->id;
}

// "loop.timer.1" -> the task "loop", which has made it.
static const struct task *maker_of(struct scheduler *scheduler,
                                   const char *event) {
    char name[LIMIT_NAME];
    snprintf(name, sizeof name, "%s", event);
    for (int dots = 0; dots < 2; dots++) {
        char *dot = strrchr(name, '.');
        if (!dot)
            return NULL;
        *dot = '\0';
    }
    return scheduler_find(scheduler, name);
}

// The one who goes on until `event` has been made, or has come to be: its
// maker; and then until it is taken: its loop.
static const struct task *runner_of(struct scheduler *scheduler,
                                    const struct task *event,
                                    const char *name) {
    int receiver = event ? scheduler_receiver(scheduler, event) : -1;
    return receiver >= 0 ? &scheduler->tasks[receiver]
                         : maker_of(scheduler, name);
}

static int choose_fire(struct replay *replay, struct scheduler *scheduler,
                       const struct directive *directive) {
    const char *name = directive->task.text;
    struct task *event = scheduler_find(scheduler, name);
    if (event && event->kind != TASK_EVENT)
        return pass_over(replay, replay->next)
                   ? DONE
                   : diverge(scheduler, &directive->task,
                             "this is no event; loop.timer.1 would be one");
    if (event && replay->started && !event->fired)
        return DONE;
    if (event && scheduler_enabled(scheduler, event) != ENABLED_NEVER) {
        replay->started = true;
        return event->id;
    }
    const struct task *runner = runner_of(scheduler, event, name);
    if (runner && scheduler_enabled(scheduler, runner) == ENABLED_NOW)
        return runner->id;
    if (pass_over(replay, replay->next))
        return DONE;
    return event ? diverge_at(scheduler, directive, event)
                 : diverge_no_task(scheduler, &directive->task);
}

static int choose_clock(struct scheduler *scheduler, bool stopped) {
    scheduler->clock_stopped = stopped;
    return DONE;
}

static int follow(struct replay *replay, struct scheduler *scheduler) {
    const struct directive *directive =
        &replay->schedule->directives[replay->next];
    switch (directive->kind) {
    case DIRECTIVE_SEND:
        if (replay->started)
            return DONE;
        return choose_send(replay, scheduler, directive);
    case DIRECTIVE_FIRE:
        return choose_fire(replay, scheduler, directive);
    case DIRECTIVE_CLOCK_STOP:
        return choose_clock(scheduler, true);
    case DIRECTIVE_CLOCK_START:
        return choose_clock(scheduler, false);
    default:
        return choose_run(replay, scheduler, directive);
    }
}

static int choose(struct strategy *strategy, struct scheduler *scheduler) {
    struct replay *replay = (struct replay *)strategy;
    while (replay->next < replay->schedule->directive_count) {
        const struct directive *directive =
            &replay->schedule->directives[replay->next];
        scheduler->line = directive->line;
        scheduler->column = 0;
        int chosen = follow(replay, scheduler);
        if (chosen != DONE)
            return chosen;
        if (replay->followed)
            replay->followed[replay->next].step = scheduler->trace->step_count;
        replay->next++;
        replay->started = false;
    }
    scheduler->line = 0;
    return replay_rest(scheduler);
}

// The program is over: has every line been followed?
static void finished(struct strategy *strategy, struct scheduler *scheduler) {
    struct replay *replay = (struct replay *)strategy;
    const struct schedule *schedule = replay->schedule;
    for (size_t i = replay->next; i < schedule->directive_count; i++) {
        const struct directive *directive = &schedule->directives[i];
        if (!directive->task.text)
            continue; // the clock
        if (directive->kind == DIRECTIVE_FIRE && i == replay->next &&
            replay->started)
            continue; // fired, and that was the last
        const struct task *task =
            scheduler_find(scheduler, directive->task.text);
        if (task && task->state == TASK_ENDED &&
            (directive->kind == DIRECTIVE_SEND ||
             directive->kind == DIRECTIVE_RUN_TO_END))
            continue;
        if (pass_over(replay, i))
            continue;
        scheduler_end(scheduler, VERDICT_DIVERGED, directive->line,
                      directive->task.column,
                      "the program ended before this line was followed%s%s",
                      directive->point.text ? "; nobody came to " : "",
                      directive->point.text ? directive->point.text : "");
        return;
    }
}

void replay_init(struct replay *replay, const struct schedule *schedule,
                 struct followed *followed) {
    replay->strategy.choose = choose;
    replay->strategy.finished = finished;
    replay->schedule = schedule;
    replay->next = 0;
    replay->started = false;
    replay->followed = followed;
}
