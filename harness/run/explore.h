// explore.h - many executions of one program: which outcomes are possible?
//
// Under `dpor` every kind of execution is run once and the answer is a proof,
// for these requests, under sequential consistency, at points and controlled
// calls. Under `all` every interleaving is run, with the same answer for those
// who have the time. Under `random` it is a sample.
#ifndef RACELAB_EXPLORE_H
#define RACELAB_EXPLORE_H

#include "execute.h"

enum explore_strategy { EXPLORE_DPOR, EXPLORE_ALL, EXPLORE_RANDOM };

struct explore_options {
    enum explore_strategy strategy;
    const char *requests; // "/test,/healthcheck": sent by A, B, …; or NULL
    long runs_max;        // 0: no limit
    uint64_t seed;        // of `random`
    // Called after each execution; true: stop here. May be NULL.
    bool (*stop)(void *context, long executions);
    void *context;
};

// What all tasks of an execution reported together, or how else it ended.
struct explored_outcome {
    char *text; // "A.job 时间戳相同, B.job 时间戳不同"
    enum verdict_kind verdict;
    char *message; // of the verdict, for the first such execution
    long executions;
    long raced;            // in how many of them ThreadSanitizer reported
    long raced_harness;    // in how many the harness's own detector saw a race
    char *witness;         // the shortest schedule that was seen to give it
    int witness_steps;     // its length, before the rest
    struct outcome *lines; // of the first such execution
    int line_count;
};

struct exploration {
    bool complete;   // every kind of execution has been run
    const char *gap; // why it is not, though no more is left to run; or NULL
    long executions, blocked;
    double seconds; // of real time; for people
    struct explored_outcome *outcomes;
    int outcome_count;
    bool races_checked;
};

// Explores `program`. 0 or an error; then `exploration` is empty. What it
// holds is owned by it.
int explore(struct exploration *exploration,
            const struct racelab_program *program,
            const struct explore_options *options, struct error *error);

void exploration_done(struct exploration *exploration);

// Replays the witness of `outcome` `runs` times on each backend; returns how
// many times the same was reported.
int explore_check_witness(const struct explored_outcome *outcome,
                          const struct racelab_program *program, int runs);

#endif
