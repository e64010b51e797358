// shrink.h - the smallest schedule that still gives the same outcome.
//
// Lines are left out, and others put in the place of several, as long as the
// execution comes to the same: delta debugging (Zeller and Hildebrandt,
// "Simplifying and Isolating Failure-Inducing Input", TSE 2002), and
// replacements that know what a line means. Every candidate is run.
//
// Rules
//   - The same is: the outcomes of all tasks, how the execution ended, and
//     each of the file's `expect` lines that held.
//   - Fewer lines are better; then fewer requests; then `to end` over a point,
//     and a point over the name of a call; then to run on for longer; then the
//     order of the alphabet. So the same schedule is always shrunk to the same
//     bytes, and a shrunk one to itself.
#ifndef RACELAB_SHRINK_H
#define RACELAB_SHRINK_H

#include "execute.h"

enum {
    // Candidates that are tried at most: some seconds.
    SHRINK_CANDIDATES = 30000,
    // One that spins takes as long as thousands of others.
    SHRINK_SPIN_COST = 3000,
    // How often the result is replayed on each backend.
    SHRINK_RUNS = 10,
};

struct shrink_options {
    // Called after each candidate. May be NULL.
    void (*tried)(void *context, long candidates);
    void *context;
};

struct shrunk {
    char *text;                 // the schedule
    size_t lines_before, lines; // that are choices
    long candidates;
    bool cut; // SHRINK_CANDIDATES was reached: there may be a smaller one
    enum verdict_kind verdict;
    char *message;            // of the verdict
    char *summary;            // what all tasks reported together
    struct outcome *outcomes; // the same, by task
    int outcome_count;
    int reproduced; // of 2 * SHRINK_RUNS
    bool races_checked;
};

// Shrinks `file` for `program`. If that is not the program that the file
// names, its `expect` lines are left out. 0 or an error: ERROR_DIVERGED if the
// file does not fit, ERROR_EXECUTION if its execution says nothing of the
// program or is not the same twice. What `shrunk` holds is owned by it.
int shrink(struct shrunk *shrunk, const struct racelab_program *program,
           const struct schedule *file, const struct shrink_options *options,
           struct error *error);

void shrink_done(struct shrunk *shrunk);

#endif
