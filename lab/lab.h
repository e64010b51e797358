// lab.h - what the lab brings to the command line of racelab.
#ifndef LAB_LAB_H
#define LAB_LAB_H

struct racelab_program;

// One a handler; ends with NULL.
extern const struct racelab_program *const lab_programs[];

// Serves with the handler that the program's data points to, until the loop
// is told to end. What every program of the lab runs.
int programs_run(const struct racelab_program *program);

#endif
