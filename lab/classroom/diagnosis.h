// diagnosis.h - what a student says is wrong with the starter: schedules that
// defeat it, and answers to the exercise's questions.
#ifndef LAB_CLASSROOM_DIAGNOSIS_H
#define LAB_CLASSROOM_DIAGNOSIS_H

#include "build.h"
#include "judge.h"

// Adds a criterion for each schedule that is asked for, and one for the
// answers. `folder` holds them; NULL: nothing was handed in.
void diagnosis_judge(struct judgement *judgement, const char *folder,
                     const struct build *build);

#endif
