// trace.h - what happened in an execution: steps, console, outcomes, answers.
//
// Everything in a trace is the same for the same schedule, whatever the
// compiler, the sanitizer or the machine: names and numbers, never an address,
// a process id or the wall clock.
#ifndef RACELAB_TRACE_H
#define RACELAB_TRACE_H

#include "limit.h"
#include "op.h"

#include <stddef.h>

struct step {
    int task;
    enum op_kind kind;
    enum op_access access;
    int works_for;         // a request, by its number in owner.h
    const void *place;     // of the call in the program; NULL: none
    uintptr_t pooled;      // the object that it gets or touches; 0: none
    int receiver;          // whose loop took it in the same step; or -1
    const char *task_name; // borrowed from the trace
    const char *name;      // of the point or the call; for ever
    const char *saw; // what the program says that it found; for ever; or NULL
    long long value; // and that was
    char detail[LIMIT_NAME * 2]; // "writes context#1.keys"; or ""
};

struct outcome {
    int task;
    int step;      // the number of the step in which it was reported
    int works_for; // the request that it is the outcome of, as in a step
    char task_name[LIMIT_NAME];
    char line[LIMIT_NAME * 4];
};

struct answer {
    char request[LIMIT_NAME];
    char status[LIMIT_NAME]; // "200 OK", or "none"
};

struct trace {
    // Somebody will read the steps' details. Whoever runs thousands of
    // executions a second, and looks at what they report, does without.
    bool detailed;
    struct step *steps; // LIMIT_STEPS of them
    int step_count;
    const char *task_names[LIMIT_TASKS]; // borrowed until the next execution
    // What each task stood before when it was over; NULL: it had ended, or ran.
    const char *stands_at[LIMIT_TASKS];
    struct outcome outcomes[LIMIT_TASKS];
    int outcome_count;
    struct answer answers[LIMIT_TASKS];
    int answer_count;
    char *console; // LIMIT_CONSOLE_BYTES of it
    size_t console_bytes;
    bool console_cut;
};

// Lays out the memory. 0, or -1: no memory.
int trace_init(struct trace *trace);
void trace_done(struct trace *trace);
void trace_clear(struct trace *trace);

// The name of a task, before its first step. Borrows it.
void trace_task(struct trace *trace, int task, const char *name);
// Adds a step and returns it; NULL: the limit is reached. Step numbers are
// indexes plus one.
static inline struct step *trace_step(struct trace *trace, int task,
                                      const struct op *op) {
    if (trace->step_count == LIMIT_STEPS)
        return NULL;
    struct step *step = &trace->steps[trace->step_count++];
    step->task = task;
    step->kind = op->kind;
    step->access = op->access;
    step->saw = NULL;
    step->receiver = -1;
    step->task_name = trace->task_names[task];
    step->name = op->name;
    step->detail[0] = '\0';
    return step;
}
// The last step of `task` has seen that.
void trace_saw(struct trace *trace, int task, const char *what,
               long long value);
void trace_console(struct trace *trace, const char *bytes, size_t count);
void trace_outcome(struct trace *trace, int task, const char *task_name,
                   int works_for, const char *line);
void trace_answer(struct trace *trace, const char *request, const char *status);

#endif
