// execute.h - one execution: a program, a schedule, a verdict.
#ifndef RACELAB_EXECUTE_H
#define RACELAB_EXECUTE_H

#include "report.h"
#include "schedule.h"
#include "scheduler.h"
#include "touched.h"

#include <racelab/program.h>

struct execution {
    struct trace trace;
    struct verdict verdict;
    // What the program did of which not every order is offered; or NULL.
    const char *gap;
    bool races_checked; // by ThreadSanitizer, which is in this build
    struct race races[LIMIT_RACES];
    int race_count;
    // The harness's own races, in every build: `happens.races`.
    struct happens happens;
    // What was found in it, in every build, and whose things were whose.
    struct findings findings;
    struct owners owners;
};

// Lays out the memory for executions, one after the other. 0 or an error.
int execution_init(struct execution *execution, struct error *error);
void execution_done(struct execution *execution);

enum backend_kind { BACKEND_THREAD, BACKEND_FIBER };

// For a test that shows what the harness's own parts are good for: may put
// others in their place before the first step.
struct thread_backend;
typedef void change_parts(struct thread_backend *threads, struct world *world);

struct execution_options {
    enum backend_kind backend;
    bool loud;            // ThreadSanitizer prints its own reports as well
    change_parts *change; // or NULL
    // Who chooses instead of the schedule, which then only says what requests
    // there are; or NULL.
    struct strategy *strategy;
    // With a strategy: see explore.h.
    const char *look;
    bool clock_frozen;
    // Where accesses are points: only those to what is known to be shared. Or
    // NULL.
    struct touched *touched;
    // One for each line that is a choice: how it was followed. Lines that do
    // not fit are then passed over. Or NULL.
    struct followed *followed;
};

// Runs `program` under `schedule`; the result is in `execution` until the next
// call. 0, or an error if it could not be started; how it ended is the verdict.
// After a verdict other than VERDICT_FINISHED the program's tasks are parked
// where they stood, for the rest of the process.
int execute(struct execution *execution, const struct racelab_program *program,
            const struct schedule *schedule,
            const struct execution_options *options, struct error *error);

// Calls function(argument) where executions on the fiber backend cost least,
// for it to make many of them. 0 or an error. An execution in which a task
// comes to no point is an error: then the function does not return.
int execute_many(void (*function)(void *argument), void *argument,
                 struct error *error);

// Do the schedule's `expect` lines hold? Those about races are passed over in
// a build that cannot see them. If not: false, with the line and what happened
// instead in `error`.
bool execution_as_expected(const struct execution *execution,
                           const struct schedule *schedule,
                           struct error *error);

// Has every task reported what the program calls right?
bool execution_right(const struct execution *execution,
                     const struct racelab_program *program);

#endif
