// grade_run.h - judges, some at a time.
//
// Each submission is judged by a process of its own, `racelab check NN .
// --json` in the folder of the submission: what one does, however it ends, is
// no other's concern. A judge keeps the student's code within limits itself
// (sandbox.h); the limits here are for a judge that has lost its way.
//
// Rules
//   - A judge is stopped after options->limit_s, or when it prints too much.
//   - When grade_run() returns, no judge is left, nor anything that one left.
//   - SIGINT, SIGTERM and SIGHUP end all; what is known by then stays.
#ifndef LAB_CLASSROOM_GRADE_RUN_H
#define LAB_CLASSROOM_GRADE_RUN_H

#include "grade_book.h"
#include "grade_folder.h"

enum {
    GRADE_JOBS_MAX = 256, // processes and pipes below the usual limits
    GRADE_LIMIT_S = 120,  // a verdict takes a second or two
    GRADE_LIMIT_S_MAX = 86400,
};

struct grade_options {
    const char *judge; // the program; NULL: this one
    unsigned jobs;     // at a time
    unsigned limit_s;
    // Called about once a second, and whenever a mark is `new`; may be NULL.
    void (*on_progress)(void *data, const struct grade_book *book, bool is_new);
    void *data;
};

// Fills the marks that wait. 0, or the number of the signal that ended it.
int grade_run(struct grade_book *book, const struct grade_folder *folder,
              const struct grade_options *options);

#endif
