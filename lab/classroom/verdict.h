// verdict.h - `racelab check` asked for its verdict on what the student has,
// by a process of its own; shown as wide as the terminal is, and remembered.
#ifndef LAB_CLASSROOM_VERDICT_H
#define LAB_CLASSROOM_VERDICT_H

#include "learner.h"

// Prints the verdict. Returns the exit status of `racelab check`: 0 passed, 1
// not yet, 2 there is none.
int verdict_ask(const struct learner *learner);

// What may be done next, after a verdict.
void verdict_onward(const struct learner *learner, int status);

learner_command verdict_check; // `learn check NN`

#endif
