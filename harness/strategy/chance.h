// chance.h - numbers by chance, the same for the same seed everywhere.
//
// Source: SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number
// Generators, OOPSLA 2014).
#ifndef RACELAB_CHANCE_H
#define RACELAB_CHANCE_H

#include <stdint.h>

// `state` begins as the seed. Every number is as likely as any other.
uint64_t chance_number(uint64_t *state);

// A number from 0 to `count` - 1.
int chance_below(uint64_t *state, int count);

#endif
