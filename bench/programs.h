// programs.h - the least that a program can be: what exploring costs, and
// nothing of the program's own.
#ifndef RACELAB_PROGRAMS_H
#define RACELAB_PROGRAMS_H

#include <racelab/program.h>

// Three tasks and three variables: each task writes its own and then reads the
// two others'. Nine accesses, no lock, and nothing else is set up. One with
// relaxed atomics, the other with plain variables, which race.
extern const struct racelab_program programs_atomic, programs_racing;

#endif
