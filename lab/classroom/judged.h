// judged.h - `racelab check` asked for its judgement of what the student has,
// by a process of its own; shown as wide as the terminal is, and remembered.
#ifndef LAB_CLASSROOM_JUDGED_H
#define LAB_CLASSROOM_JUDGED_H

#include "learner.h"

// Prints the judgement. Returns the exit status of `racelab check`: 0 passed, 1
// not yet, 2 there is none.
int judged_ask(const struct learner *learner);

// What may be done next, after a judgement.
void judged_onward(const struct learner *learner, int status);

learner_command judged_check; // `learn check NN`

#endif
