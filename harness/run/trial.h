// trial.h - one schedule, tried in a process of its own.
//
// An execution that does not finish leaves behind what its tasks held: memory,
// descriptors, a lock in the middle of an allocation. Who tries thousands of
// schedules cannot have that. So a child runs them, one after the other, and
// after an execution that did not finish it is replaced by a new one.
//
// Rules
//   - The process that tries runs no execution itself: it has one thread, and
//     ThreadSanitizer lets a process with one thread fork.
//   - What a trial shows is in memory that both see, until the next trial.
#ifndef RACELAB_TRIAL_H
#define RACELAB_TRIAL_H

#include "execute.h"
#include "replay.h"

enum {
    // "send A" and a newline is the shortest line.
    TRIAL_LINES = LIMIT_SCHEDULE_BYTES / 7,
    TRIAL_SUMMARY_BYTES = LIMIT_TASKS * LIMIT_NAME * 6,
};

// What a task came to: a point, or a call. A task's first is `begin`.
struct trial_stop {
    char task[LIMIT_NAME];
    char name[LIMIT_NAME];
};

struct trial_result {
    struct verdict verdict;
    char summary[TRIAL_SUMMARY_BYTES];
    struct outcome lines[LIMIT_TASKS];
    int line_count;
    bool races_checked;
    uint64_t picture; // equal if console, steps, outcomes and races are
    // By line that is a choice; only if lines were to be passed over.
    struct followed followed[TRIAL_LINES];
    bool held[TRIAL_LINES];               // by `expect` line
    struct trial_stop stops[LIMIT_STEPS]; // each once, as they were come to
    int stop_count;
};

struct trial;

// For trials of `program`, and of schedules that come from `file`. Both are
// borrowed. 0 or an error.
int trial_begin(struct trial **trial, const struct racelab_program *program,
                const struct schedule *file, struct error *error);
void trial_end(struct trial *trial);

// Runs `schedule` (or the file, with its own places in messages: NULL) by the
// rules. 0 and `*result`, which is borrowed until the next trial; or an error:
// it could not be run, or took the process along.
int trial_run(struct trial *trial, const struct schedule *schedule,
              enum backend_kind backend, const struct trial_result **result,
              struct error *error);

// The same on fibers, and lines that do not fit are passed over.
int trial_follow(struct trial *trial, const struct schedule *schedule,
                 const struct trial_result **result, struct error *error);

#endif
