// exploring.h - a row that explores a program, as `racelab explore` does.
#ifndef RACELAB_EXPLORING_H
#define RACELAB_EXPLORING_H

#include <racelab/program.h>

struct exploring {
    const struct racelab_program *program;
    const char *strategy;
    const char *requests; // or NULL
    long runs_max;        // of a sample; 0: to the end
};

// One whole exploring (`once` of a row, see measure.h). A unit is an execution.
long exploring_once(const void *exploring);

#endif
