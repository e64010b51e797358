// lab.h - what the lab brings to the command line of racelab.
#ifndef LAB_LAB_H
#define LAB_LAB_H

struct racelab_program;

// One a handler; ends with NULL.
extern const struct racelab_program *const lab_programs[];

#endif
