// explore.h - many executions of one program: which outcomes are possible?
//
// Under `dpor` every kind of execution is run once and the answer is a proof,
// for these requests, under sequential consistency, at points and controlled
// calls. Under `all` every interleaving is run, with the same answer for those
// who have the time. Under any other it is a sample.
#ifndef RACELAB_EXPLORE_H
#define RACELAB_EXPLORE_H

#include "execute.h"
#include "records.h"

#include <signal.h>

struct explore_strategy {
    const char *name;
    const char *summary; // a line for --help
    // NULL: no memory. What it returns is owned, until its `free`.
    struct strategy *(*make)(const struct strategy_options *options);
    bool is_sample; // by chance, from a seed: it has no end
    bool has_depth; // of the options: which are for it?
    bool has_bound;
};

// All that there are; ends with a NULL name. The first is the default.
extern const struct explore_strategy explore_strategies[];

// The one of that name, or NULL.
const struct explore_strategy *explore_find_strategy(const char *name);

// How far it is, for people. Seconds of real time.
struct explore_progress {
    long executions;
    int outcomes;
    double seconds;
    double done; // 0 to 1, a guess; below 0: nobody can say
};

struct explore_options {
    const struct explore_strategy *strategy; // NULL: the default
    struct strategy_options choice;
    const char *requests; // "/test,/healthcheck": sent by A, B, …; or NULL
    const char *then;     // likewise, when nobody has anything left to do
    bool accesses;        // to named memory are points
    long runs_max;        // 0: no limit
    // A point at which requests look at what they got first. It then matters
    // what others have written there by that time, read or not: every order of
    // the point and those writes is run. NULL: none is asked about.
    const char *look;
    bool clock_frozen; // all that happens happens at the same time
    // Called after each execution that counts. May be NULL.
    void (*each)(void *data, const struct execution *execution);
    void *data;
    // Not 0: stop here. Looked at before each execution; may be NULL.
    const volatile sig_atomic_t *stop;
    // Called once a second when it takes longer than two. May be NULL.
    void (*progress)(const struct explore_progress *progress);
};

struct explored_line {
    char *task_name, *line;
};

// What all tasks of an execution reported together, or how else it ended.
struct explored_outcome {
    char *text; // "A.job 时间戳相同, B.job 时间戳不同"
    enum verdict_kind verdict;
    char *message; // of the verdict, for the first such execution
    long executions;
    long raced;         // in how many of them ThreadSanitizer reported
    long raced_harness; // in how many the harness's own detector saw a race
    long found[FINDING_KINDS]; // in how many there was such a finding
    char *witness;             // the shortest schedule that was seen to give it
    int witness_lines;         // its length, before the rest
    bool of_build; // it stops at accesses: it holds for this build alone
    struct explored_line *lines; // by the names of the tasks
    int line_count;
};

// A race of two places in the program's code, however many executions have it.
struct explored_race {
    uint64_t places; // tells it apart from others of the same object
    char object[LIMIT_NAME];
    long executions;
    char *witness;         // the schedule of the first of them
    struct record *record; // of that schedule; NULL: nobody asked for it, or it
                           // did not show the race again
};

struct exploration {
    bool complete; // every kind of execution has been run
    char *gap;     // why it is not, though no more is left to run; or NULL
    long executions, blocked;
    double seconds;                    // of real time; for people
    struct explored_outcome *outcomes; // in the order in which they were found
    int outcome_count;
    // ThreadSanitizer's; in a build without it, the harness's.
    struct explored_race *races; // in the order in which they were found
    int race_count;
    bool races_checked;
};

// Explores `program`. Where accesses are points, it does so twice: an outcome
// that is possible without has its witness from there, and that holds for every
// build. 0 or an error; then `exploration` is empty. What it
// holds is owned by it.
int explore(struct exploration *exploration,
            const struct racelab_program *program,
            const struct explore_options *options, struct error *error);

void exploration_done(struct exploration *exploration);

// Runs the schedule of each race once more, to look closely: fills `record`.
void explore_record_races(struct exploration *exploration,
                          const struct racelab_program *program);

// Replays the witness of `outcome` `runs` times on each backend; returns how
// many times the same was reported.
int explore_check_witness(const struct explored_outcome *outcome,
                          const struct racelab_program *program, int runs);

#endif
