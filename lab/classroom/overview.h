// overview.h - where a student stands: every exercise, and what comes next.
#ifndef LAB_CLASSROOM_OVERVIEW_H
#define LAB_CLASSROOM_OVERVIEW_H

#include "learner.h"

// `learn list`: all exercises, each with how far it is.
learner_command overview_list;

// The first exercise, in the order of the course, that was not passed; NULL
// when every one was.
const struct exercise *overview_next(const struct exercise_list *list,
                                     const struct progress *progress);

#endif
