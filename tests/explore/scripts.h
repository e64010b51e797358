// scripts.h - small programs made by chance: threads that each do a handful of
// steps, and a loop with timers, a message and work for the thread pool.
//
// Each step notes what it has seen, so that what a script reports tells the
// orders apart that a program can tell apart.
#ifndef RACELAB_SCRIPTS_H
#define RACELAB_SCRIPTS_H

#include <racelab/program.h>
#include <stdio.h>

// What a script may be made of; each is a word of it.
#define SCRIPT_STEPS(X)                                                        \
    X(READ, "read") /* of one of two variables */                              \
    X(WRITE, "write")                                                          \
    X(LOCKED, "locked") /* a read and a write under a mutex */                 \
    X(TRIED, "tried")   /* the same, if the mutex is free */                   \
    X(READ_LOCKED, "rdlocked")                                                 \
    X(WRITE_LOCKED, "wrlocked")                                                \
    X(TRY_READ_LOCKED, "tryrd")                                                \
    X(POST, "post")                                                            \
    X(WAIT, "wait")                                                            \
    X(TRY_WAIT, "trywait")                                                     \
    X(COND_WAIT, "condwait")                                                   \
    X(COND_TIMED_WAIT, "condtimed")                                            \
    X(SIGNAL, "signal")                                                        \
    X(BROADCAST, "broadcast")                                                  \
    X(ONCE, "once")                                                            \
    X(BARRIER, "barrier")                                                      \
    X(SLEEP, "sleep")                                                          \
    X(MESSAGE, "message") /* uv_async_send to the loop */                      \
    X(PUT, "put")         /* of a variable, as of what a pool gave */

enum script_step {
#define X(step, word) SCRIPT_##step,
    SCRIPT_STEPS(X)
#undef X
        SCRIPT_STEP_KINDS
};

enum { SCRIPT_THREADS = 4, SCRIPT_STEPS_MAX = 4, SCRIPT_TIMERS = 3 };

struct script_thread {
    struct {
        enum script_step step;
        int object; // 0 or 1
    } steps[SCRIPT_STEPS_MAX];
    int count;
};

struct script {
    struct script_thread threads[SCRIPT_THREADS];
    int thread_count;
    struct script_thread works[SCRIPT_THREADS]; // each done in the pool
    int work_count, workers;
    int cancelled; // the work that the first timer cancels; or -1
    unsigned timers_ms[SCRIPT_TIMERS];
    int timer_count;
    int stopped; // the timer that the first timer stops; or -1
    int started; // the timer that the first timer starts; 0: all start at once
    int hushed;  // the timer that a message stops; 0: none
    // Of these not every order is looked at, and that must be said.
    enum { NO_GAP, GAP_REPEATS, GAP_IDLES, GAP_RUNS_NOWAIT, GAP_RUNS_ONCE } gap;
};

struct racelab_program script_program(const struct script *script);
void script_print(const struct script *script, FILE *out);

#endif
