// reading.h - the texts of an exercise, as they are due: story and task at
// once, a hint at a time, the solution after passing.
#ifndef LAB_CLASSROOM_READING_H
#define LAB_CLASSROOM_READING_H

#include "learner.h"

learner_command reading_show;     // `learn show NN`, `learn next`
learner_command reading_hint;     // `learn hint NN [--all]`
learner_command reading_solution; // `learn solution NN`

#endif
