// explain.h - why did the tasks of an execution report what they did?
//
// The execution is run under its schedule, and looked at: who touched what was
// not his own, what nothing orders. Then, for each outcome, it is looked for
// two steps that decide it: of different tasks, or of one loop for different
// requests, on the same object, and with another outcome if they come the other
// way round. Each such pair is run in both orders before it is said to be one.
//
// None of it knows the program: all names are the trace's.
#ifndef RACELAB_EXPLAIN_H
#define RACELAB_EXPLAIN_H

#include "cause.h"
#include "execute.h"

struct explanation {
    struct verdict verdict;
    struct cause causes[LIMIT_TASKS]; // by outcome, in the trace's order
    int cause_count;
    struct cause_finding findings[LIMIT_FINDINGS];
    int finding_count;
    struct cause_wait waits[LIMIT_TASKS]; // VERDICT_DEADLOCK: who waits
    int wait_count;
    int tried; // executions with two steps exchanged
    char task_names[LIMIT_TASKS][LIMIT_NAME]; // which the trace borrows
};

// Runs `program` under `schedule` into `execution`, whose edges are kept and
// whose trace then borrows from `explanation`, and explains that. 0, or an
// error if it could not be run.
int explain(struct explanation *explanation, struct execution *execution,
            const struct racelab_program *program,
            const struct schedule *schedule, struct error *error);

#endif
