// debug.h - the student's program under a debugger.
#ifndef LAB_CLASSROOM_DEBUG_H
#define LAB_CLASSROOM_DEBUG_H

#include "learner.h"

// `learn debug NN`: builds fix.c and runs it under gdb, or under what
// RACELAB_DEBUGGER names, with the schedule replayed under which it failed.
learner_command debug_run;

#endif
