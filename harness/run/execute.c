#include "execute.h"
#include "access.h"
#include "address.h"
#include "console.h"
#include "control.h"
#include "crash.h"
#include "edges.h"
#include "fiber.h"
#include "replay.h"
#include "thread.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// Everything that lives as long as one execution, and is used again by the
// next. An execution that does not finish leaves threads behind that stand in
// here, so it is then kept for them.
struct stage {
    struct scheduler scheduler;
    struct thread_backend threads;
    struct fiber_backend fibers;
    struct replay replay;
    const struct racelab_program *program;
    struct execution *execution;
    enum backend_kind backend;
    bool accesses; // are points
};

static struct stage *under_way; // NULL: no execution is
static struct stage *spare;
static bool is_one_of_many; // an execution that comes now

int execution_init(struct execution *execution, struct error *error) {
    // Of the tables, 160 KB, what their counts do not cover is left as it is.
    execution->verdict.kind = VERDICT_NONE;
    execution->verdict.text[0] = '\0';
    execution->gap = NULL;
    execution->race_count = 0;
    owners_clear(&execution->owners, &execution->findings, NULL);
    int failed = trace_init(&execution->trace);
    failed |= happens_init(&execution->happens);
    if (failed) {
        execution_done(execution);
        return error_set(error, ERROR_MEMORY, 0, 0, "%s",
                         error_text(ERROR_MEMORY));
    }
    execution->races_checked = edges_checked();
    return 0;
}

void execution_done(struct execution *execution) {
    trace_done(&execution->trace);
    happens_done(&execution->happens);
}

static void run_program(void *argument) {
    struct stage *stage = argument;
    int status = stage->program->run(stage->program);
    console_flush();
    if (status)
        scheduler_end(&stage->scheduler, VERDICT_CRASH, 0, 0,
                      "program %s failed: its run() returned %d",
                      stage->program->name, status);
}

static int add_clients(struct scheduler *scheduler,
                       const struct schedule *schedule, struct error *error) {
    for (size_t i = 0; i < schedule->request_count; i++) {
        const struct request *request = &schedule->requests[i];
        const struct op send = {
            .kind = OP_SEND, .name = "send", .detail = request->target.text};
        const char *name = request->name.text;
        if (scheduler_find(scheduler, name) || strcmp(name, "stop") == 0)
            return error_set(error, ERROR_SYNTAX, request->name.line,
                             request->name.column,
                             "a request cannot be called \"%s\": that is the "
                             "name of a task",
                             name);
        struct task *client =
            scheduler_add(scheduler, NULL, TASK_CLIENT, name, &send);
        if (!client)
            return error_set(error, ERROR_LIMIT, request->name.line,
                             request->name.column, "more than %d requests",
                             LIMIT_TASKS - 2);
        client->request = request;
        client->last = request->last;
    }
    return 0;
}

static int set_up(struct stage *stage, const struct racelab_program *program,
                  const struct schedule *schedule,
                  const struct execution_options *options,
                  struct error *error) {
    struct execution *execution = stage->execution;
    struct scheduler *scheduler = &stage->scheduler;
    const struct op begin = {.kind = OP_BEGIN, .name = "begin"};
    const struct op stop = {
        .kind = OP_STOP, .name = "stop", .detail = "SIGTERM"};
    stage->program = program;
    stage->accesses = schedule->accesses.text != NULL;
    if (stage->accesses && access_remedy())
        return error_set(error, ERROR_SYNTAX, schedule->accesses.line,
                         schedule->accesses.column,
                         "accesses cannot be points here: %s", access_remedy());
    replay_init(&stage->replay, schedule, options->followed);
    thread_backend_init(&stage->threads, scheduler);
    fiber_backend_init(&stage->fibers, scheduler);
    struct backend *backend = options->backend == BACKEND_FIBER
                                  ? &stage->fibers.backend
                                  : &stage->threads.backend;
    struct strategy *strategy =
        options->strategy ? options->strategy : &stage->replay.strategy;
    scheduler_init(scheduler, strategy, backend, NULL, &execution->trace,
                   &execution->happens, &execution->owners);
    owners_clear(&execution->owners, &execution->findings,
                 execution->trace.detailed ? &scheduler->names : NULL);
    scheduler->explores = options->strategy && !options->follows;
    scheduler->look = options->look;
    scheduler->clock_frozen = scheduler->clock_stopped = options->clock_frozen;
    scheduler_add(scheduler, NULL, TASK_PROGRAM, "loop", &begin);
    int status = add_clients(scheduler, schedule, error);
    if (status)
        return status;
    if (!scheduler_add(scheduler, NULL, TASK_STOP, "stop", &stop))
        return error_set(error, ERROR_LIMIT, 0, 0, "too many requests");
    return 0;
}

// Does a thread still stand in the stage? A stack that was left stands in
// nothing: nobody will ever go back to it.
static bool is_parked(const struct stage *stage) {
    enum verdict_kind kind = stage->scheduler.verdict.kind;
    return stage->backend == BACKEND_THREAD ? kind != VERDICT_FINISHED
                                            : kind == VERDICT_SPIN;
}

// Whoever crashed may have been printing.
static bool may_print(const struct stage *stage) {
    return is_parked(stage) || stage->scheduler.verdict.kind == VERDICT_CRASH;
}

// Its stacks were left where they stood, and what they use is still whole.
static bool is_abandoned(const struct stage *stage, bool crashed) {
    enum verdict_kind kind = stage->scheduler.verdict.kind;
    if (stage->backend != BACKEND_FIBER || crashed)
        return false;
    if (kind == VERDICT_CRASH) // not if run() has failed
        return stage->scheduler.tasks[0].state != TASK_ENDED;
    return kind != VERDICT_FINISHED && kind != VERDICT_SPIN;
}

// A program that calls exit() has not come to its end.
static void exit_in_execution(void) {
    static const char text[] =
        "racelab: the program called exit() in the middle of an execution\n";
    if (!control_under_way())
        return;
    if (write(STDERR_FILENO, text, sizeof text - 1) < 0)
        _exit(2);
    _exit(1);
}

static int run_backend(struct stage *stage) {
    struct task *root = &stage->scheduler.tasks[0];
    return stage->backend == BACKEND_FIBER
               ? fiber_backend_run(&stage->fibers, root, run_program, stage)
               : thread_backend_run(&stage->threads, root, run_program, stage);
}

// Without what lies behind the end of its text.
static void keep_verdict(struct verdict *kept, const struct verdict *verdict) {
    memcpy(kept, verdict, offsetof(struct verdict, text));
    names_copy(kept->text, sizeof kept->text, verdict->text);
}

// However it ended.
static void end_stage(struct stage *stage) {
    struct execution *execution = stage->execution;
    bool crashed = crash_end();
    control_end(is_abandoned(stage, crashed));
    keep_verdict(&execution->verdict, &stage->scheduler.verdict);
    execution->gap = stage->scheduler.gap;
    console_end(may_print(stage));
    address_end();
    execution->race_count =
        report_end(execution->races, execution->trace.detailed);
    if (!is_one_of_many)
        report_aloud();
    under_way = NULL;
    if (!is_parked(stage))
        spare = stage;
}

static int run_stage(struct stage *stage,
                     const struct execution_options *options,
                     struct error *error) {
    struct scheduler *scheduler = &stage->scheduler;
    if (console_begin(&stage->execution->trace))
        return error_set(error, ERROR_MEMORY, 0, 0, "%s",
                         error_text(ERROR_MEMORY));
    static bool watches_exit;
    if (!watches_exit)
        watches_exit = atexit(exit_in_execution) == 0;
    control_begin(scheduler, stage->program->workers);
    if (stage->accesses)
        control_watch_accesses(options->touched);
    if (options->change)
        options->change(&stage->threads, scheduler->world);
    report_begin(scheduler, options->loud);
    address_begin(scheduler);
    crash_begin(scheduler);
    under_way = stage;
    int status = run_backend(stage);
    end_stage(stage);
    if (status)
        return error_set(error, ERROR_MEMORY, 0, 0,
                         "no thread could be started: %s", strerror(-status));
    return 0;
}

static struct stage *stage_get(void) {
    struct stage *stage = spare ? spare : calloc(1, sizeof *stage);
    if (!stage)
        abort(); // a quarter of a megabyte: nothing can go on
    spare = NULL;
    return stage;
}

int execute(struct execution *execution, const struct racelab_program *program,
            const struct schedule *schedule,
            const struct execution_options *options, struct error *error) {
    edges_ignore_begin();
    trace_clear(&execution->trace);
    happens_clear(&execution->happens);
    execution->race_count = 0;
    struct stage *stage = stage_get();
    stage->execution = execution;
    stage->backend = options->backend;
    int status = set_up(stage, program, schedule, options, error);
    if (status == 0)
        // It is the spare one then, or its threads stand in it.
        // NOLINTNEXTLINE(clang-analyzer-unix.Malloc)
        status = run_stage(stage, options, error);
    else
        spare = stage;
    edges_ignore_end();
    return status;
}

int execute_many(void (*function)(void *argument), void *argument,
                 struct error *error) {
    is_one_of_many = true;
    int status = fiber_stage_call(function, argument);
    is_one_of_many = false;
    report_aloud();
    if (status != -ECANCELED)
        return status == 0 ? 0
                           : error_set(error, ERROR_MEMORY, 0, 0,
                                       "no thread could be started: %s",
                                       strerror(-status));
    struct stage *stage = under_way;
    end_stage(stage);
    return error_set(error, ERROR_EXECUTION, 0, 0, "%s",
                     stage->scheduler.verdict.text);
}

// The last line that `task` reported, or NULL.
static const char *outcome_of(const struct trace *trace, const char *task) {
    for (int i = trace->outcome_count - 1; i >= 0; i--)
        if (strcmp(trace->outcomes[i].task_name, task) == 0)
            return trace->outcomes[i].line;
    return NULL;
}

static bool has_race(const struct execution *execution, const char *object) {
    for (int i = 0; i < execution->race_count; i++)
        if (strcmp(execution->races[i].object, object) == 0)
            return true;
    return false;
}

static bool check_outcome(const struct execution *execution,
                          const struct expectation *expectation,
                          struct error *error) {
    const char *task = expectation->task.text;
    const char *line = outcome_of(&execution->trace, task);
    if (line && strcmp(line, expectation->text.text) == 0)
        return true;
    error_set(error, ERROR_SYNTAX, expectation->line, expectation->task.column,
              "expected %s to report \"%s\", and it reported %s%s%s", task,
              expectation->text.text, line ? "\"" : "", line ? line : "nothing",
              line ? "\"" : "");
    return false;
}

static bool check_race(const struct execution *execution,
                       const struct expectation *expectation,
                       struct error *error) {
    if (!execution->races_checked ||
        has_race(execution, expectation->text.text))
        return true;
    error_set(error, ERROR_SYNTAX, expectation->line, 1,
              "expected a race on %s, and ThreadSanitizer reported %s%s",
              expectation->text.text,
              execution->race_count ? "one on " : "none",
              execution->race_count ? execution->races[0].object : "");
    return false;
}

static bool check_no_race(const struct execution *execution,
                          const struct expectation *expectation,
                          struct error *error) {
    if (execution->race_count == 0)
        return true;
    error_set(error, ERROR_SYNTAX, expectation->line, 1,
              "expected no race, and ThreadSanitizer reported one on %s",
              execution->races[0].object);
    return false;
}

bool execution_as_expected(const struct execution *execution,
                           const struct schedule *schedule,
                           struct error *error) {
    for (size_t i = 0; i < schedule->expectation_count; i++) {
        const struct expectation *expectation = &schedule->expectations[i];
        bool held = true;
        switch (expectation->kind) {
        case EXPECT_OUTCOME:
            held = check_outcome(execution, expectation, error);
            break;
        case EXPECT_RACE:
            held = check_race(execution, expectation, error);
            break;
        case EXPECT_NO_RACE:
            held = check_no_race(execution, expectation, error);
            break;
        }
        if (!held)
            return false;
    }
    return true;
}

bool execution_right(const struct execution *execution,
                     const struct racelab_program *program) {
    const struct trace *trace = &execution->trace;
    for (int i = 0; program->right && i < trace->outcome_count; i++)
        if (strcmp(trace->outcomes[i].line, program->right) != 0)
            return false;
    return true;
}
