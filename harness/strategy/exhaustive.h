// exhaustive.h - the strategy that tries every choice, without any reduction.
//
// It is what dpor is measured against: the same outcomes, from as many
// executions as there are interleavings. Only for very small programs.
#ifndef RACELAB_EXHAUSTIVE_H
#define RACELAB_EXHAUSTIVE_H

#include "ports.h"

// Keeps to the bound on preemptions, if there is one. NULL: no memory.
struct strategy *exhaustive_new(const struct strategy_options *options);

#endif
