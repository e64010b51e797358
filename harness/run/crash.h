// crash.h - a task that crashes ends the execution with a verdict, and not the
// process without a word.
#ifndef RACELAB_CRASH_H
#define RACELAB_CRASH_H

#include "scheduler.h"

// Catches SIGSEGV, SIGBUS, SIGFPE, SIGILL and SIGABRT of the execution's tasks
// until crash_end; after that they do what they always do. With
// AddressSanitizer it does nothing: that has more to say of a crash than we
// have.
void crash_begin(struct scheduler *scheduler);
// Did one of them?
bool crash_end(void);

#endif
