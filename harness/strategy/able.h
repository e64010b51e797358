// able.h - who can go on, for the strategies that choose among those who can.
#ifndef RACELAB_ABLE_H
#define RACELAB_ABLE_H

#include "scheduler.h"

// Fills `able` with the ids of all who can go on, in the order in which they
// came to be; where that is nobody, with the first of those who go last.
// Returns how many they are, which is 1 or more while there is a choice.
int able_list(struct scheduler *scheduler, int able[LIMIT_TASKS]);

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
