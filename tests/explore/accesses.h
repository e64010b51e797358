// accesses.h - programs without a point: all that they say is what their memory
// is called.
#ifndef ACCESSES_H
#define ACCESSES_H

#include <racelab/program.h>

extern const struct racelab_program *const accesses[]; // ends with NULL

// So many of them have no more accesses than an exploring has room for.
enum { ACCESSES_SMALL = 16 };

#endif
