// judge.h - what an execution amounts to, as an exit status.
#ifndef RACELAB_JUDGE_H
#define RACELAB_JUDGE_H

#include "execute.h"
#include "verbs.h"

// Of an execution that did not finish; EXIT_AS_IT_SHOULD_BE: it did.
int judge_verdict(const struct verdict *verdict);

// Of one that did: by the schedule's expect lines, if they are for `program`
// and not to be passed over, else by what is right. `expected`: 1 they hold, 0
// one does not, which is said, -1 there are none that apply.
int judge_finished(const char *file, const struct racelab_program *program,
                   const struct schedule *schedule, bool pass_over,
                   const struct execution *execution, int *expected);

// Says what the verdict is, and at which line of the file.
void judge_complain(const char *file, const struct verdict *verdict);

#endif
