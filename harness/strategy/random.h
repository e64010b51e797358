// random.h - the strategy that chooses evenly among those who can go on.
#ifndef RACELAB_RANDOM_H
#define RACELAB_RANDOM_H

#include "ports.h"

struct random_strategy {
    struct strategy strategy; // first, so that one can be had from the other
    uint64_t state;
};

// The same seed makes the same choices. Each execution goes on where the one
// before it stopped.
void random_init(struct random_strategy *random, uint64_t seed);

#endif
