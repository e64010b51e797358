// random.h - the strategy that chooses evenly among those who can go on.
//
// Each execution goes on with the numbers where the one before it stopped.
#ifndef RACELAB_RANDOM_H
#define RACELAB_RANDOM_H

#include "ports.h"

// NULL: no memory.
struct strategy *random_new(const struct strategy_options *options);

#endif
