// watch.h - a judgement on each save.
#ifndef LAB_CLASSROOM_WATCH_H
#define LAB_CLASSROOM_WATCH_H

#include "learner.h"

// `learn watch NN [--poll]`: until Ctrl-C, which ends it with a summary.
// Returns the status of the last judgement.
learner_command watch_run;

#endif
