// able.h - what it means to choose one of those who can go on.
#ifndef RACELAB_ABLE_H
#define RACELAB_ABLE_H

#include "scheduler.h"

// Who stands before the next step when `chosen` has done its own: the loop that
// takes a request is the one that ran, and not the client. To be called before
// the step.
int able_runner(struct scheduler *scheduler, int chosen);

// Would it be a preemption to choose `chosen` where `last` ran before (-1:
// nobody did)? So it is when `last` could have gone on. One that sleeps has
// stopped by itself, as has a loop that is back at its poll; and to send a
// request takes nothing from anybody.
bool able_preempts(struct scheduler *scheduler, int last, int chosen);

#endif
