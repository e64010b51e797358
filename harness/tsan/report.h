// report.h - races as data: what ThreadSanitizer reports, taken from its hook
// and not from its text.
#ifndef RACELAB_REPORT_H
#define RACELAB_REPORT_H

#include "scheduler.h"

struct race_access {
    char task[LIMIT_NAME];
    bool write;
    int bytes;
    char function[LIMIT_NAME];
    char file[LIMIT_NAME * 4]; // relative to the source's root
    int line;
};

struct race {
    char kind[LIMIT_NAME];   // "data-race", "heap-use-after-free" …
    char object[LIMIT_NAME]; // "context.keys"; "memory without a name"
    int step;                // after which it was seen
    // Equal for races of the same two places in the program's code, within one
    // process.
    uint64_t places;
    // The earlier one first. A report about locks has none: their tasks are "".
    struct race_access accesses[2];
};

// Collects the reports of the execution until report_end. In a build without
// ThreadSanitizer nothing is ever reported. `loud`: ThreadSanitizer prints its
// own text too.
void report_begin(struct scheduler *scheduler, bool loud);

// Fills `races` (LIMIT_RACES of them) with what was reported, in the order in
// which it was seen, and of each word of memory the first; returns how many.
// `detailed`: with both accesses, which takes a while to look up. To be called
// when no task runs.
int report_end(struct race *races, bool detailed);

// From now on ThreadSanitizer prints what it has to say, until report_begin. To
// tell it costs two system calls: after many executions once is enough.
void report_aloud(void);

// How many reports this process has had outside of executions: of a program
// that ran live. Where there were none, nothing more is printed at its end.
int report_finish(void);

#endif
