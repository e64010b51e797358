// exhaustive.h - the strategy that tries every choice, without any reduction.
//
// It is what dpor is measured against: the same outcomes, from as many
// executions as there are interleavings. Only for very small programs.
#ifndef RACELAB_EXHAUSTIVE_H
#define RACELAB_EXHAUSTIVE_H

#include "limit.h"
#include "ports.h"

struct exhaustive {
    struct strategy strategy; // first, so that one can be had from the other
    int taken[LIMIT_STEPS];   // at each step, which of those who could go on
    int able[LIMIT_STEPS];    // and how many they were
    int depth;                // steps of the execution under way
    int prefix;               // how many of them are prescribed
};

// NULL: no memory.
struct exhaustive *exhaustive_new(void);
void exhaustive_free(struct exhaustive *exhaustive);

// To be called after each execution. False: every choice has been tried.
bool exhaustive_next(struct exhaustive *exhaustive);

#endif
