// scenarios.h - small programs, each of which shows what one primitive orders,
// or that it does not.
//
// Each is an ordinary libuv program. It is compiled twice: for the harness,
// where a schedule says who comes when, and without it, where order.h does.
// Both ways the same task writes scenario_value before the same other task
// reads it, and ThreadSanitizer says whether anything orders the two. It must
// say the same both times: that is what is tested.
#ifndef SCENARIOS_H
#define SCENARIOS_H

#include <stdbool.h>

enum { SCENARIO_THREADS = 3 };

struct scenario {
    const char *sentence; // what it shows
    bool races;           // on scenario_value
    int sees;             // what the reader reads: that the order was kept
    // The main task: starts the threads and waits for them, or more than that.
    void (*run)(const struct scenario *scenario);
    void (*threads[SCENARIO_THREADS])(void);
    const char *schedule; // the lines behind "program scenario"
    const char *workers;  // of the thread pool; NULL: no matter
};

extern const struct scenario scenarios[];
extern const int scenario_count;

extern int scenario_value;

// Runs it; returns what the reader read.
int scenario_run(const struct scenario *scenario);

#endif
