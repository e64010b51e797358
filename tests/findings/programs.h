// programs.h - small programs, each of which does one thing with a pooled
// object, or keeps a loop waiting.
#ifndef PROGRAMS_H
#define PROGRAMS_H

#include <racelab/program.h>

// Ends with one that has no name.
extern const struct racelab_program finding_programs[];

#endif
