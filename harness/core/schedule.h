// schedule.h - a schedule: the choices of one execution, as a readable text.
//
//     racelab schedule 1
//     program raw
//     request A GET /test
//     request B GET /healthcheck
//
//     send A
//     run loop  until pool.put         # A is answered; its context is back
//     send B
//     run loop  until context.cleared
//     run A.job to end
//     expect A.job 数据不存在
//     expect race context.keys
//
// Names, not numbers: a schedule survives a rebuild. It states only what
// matters; what is left after the last line runs in a fixed order. Reader and
// writer of the format are both in schedule.c; docs/schedules has the grammar.
#ifndef RACELAB_SCHEDULE_H
#define RACELAB_SCHEDULE_H

#include "errors.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

// A word of the text, with its place for messages.
struct word {
    char *text; // owned by the schedule
    int line, column;
};

struct request {
    struct word name, method, target;
    bool last; // of exploring: sent when nobody has anything left to do
};

enum directive_kind {
    DIRECTIVE_SEND,        // send TASK
    DIRECTIVE_FIRE,        // fire TASK: a loop's timer, message or work
    DIRECTIVE_RUN_UNTIL,   // run TASK until POINT
    DIRECTIVE_RUN_TO_END,  // run TASK to end
    DIRECTIVE_CLOCK_STOP,  // clock stop: readings stand still
    DIRECTIVE_CLOCK_START, // clock start
};

struct directive {
    enum directive_kind kind;
    int line;
    // text is NULL where the kind has none. A point may be an access:
    // "read context.keys in context_get:117".
    struct word task, point;
};

enum expectation_kind {
    EXPECT_OUTCOME, // expect TASK LINE
    EXPECT_RACE,    // expect race OBJECT
    EXPECT_NO_RACE, // expect no race
};

struct expectation {
    enum expectation_kind kind;
    int line;
    struct word task, text; // text is the line, or the object
};

struct schedule {
    struct word program;
    struct word accesses; // are points; text is NULL: they are not
    struct request *requests;
    size_t request_count;
    struct directive *directives;
    size_t directive_count;
    struct expectation *expectations;
    size_t expectation_count;
};

// Reads `bytes` of `text`. 0, or an error with line and column; on an error
// `schedule` is empty. What was read is owned by `schedule`.
int schedule_parse(struct schedule *schedule, const char *text, size_t bytes,
                   struct error *error);

// The same from a file, "-" for standard input.
int schedule_read(struct schedule *schedule, const char *path,
                  struct error *error);

// Writes the text that parses to the same schedule.
void schedule_print(const struct schedule *schedule, FILE *out);

// The line of it that says that accesses are points, if they are.
void schedule_print_accesses(const struct schedule *schedule, FILE *out);

void schedule_done(struct schedule *schedule);

#endif
