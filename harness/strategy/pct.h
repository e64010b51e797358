// pct.h - the strategy that always lets the most important task go on, and
// changes its mind about who that is at few steps.
//
// Each task has a priority by chance. At depth - 1 steps, drawn by chance, the
// one who runs becomes less important than all others. A bug that needs `depth`
// orders of steps to be what they must be is found in an execution of n tasks
// and k steps with a probability of at least 1 / (n k^(depth - 1)), for every
// such bug and every execution.
//
// Source: Burckhardt, Kothari, Musuvathi, Nagarakatte: A Randomized Scheduler
// with Probabilistic Guarantees of Finding Bugs, ASPLOS 2010.
//
// Rules
//   - Only steps at which somebody else could have gone on are counted: at the
//     others a change of priorities changes nothing.
//   - How many there are is learned: k is the most that an execution so far
//     had. The first one has no changes.
//   - It is not fair: one that waits by asking again and again is let ask, up
//     to the limit of steps.
#ifndef RACELAB_PCT_H
#define RACELAB_PCT_H

#include "ports.h"

// NULL: no memory.
struct strategy *pct_new(const struct strategy_options *options);

#endif
