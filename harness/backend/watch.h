// watch.h - what both backends need of the system: a futex by plain system
// call, one processor, and an eye on a task that comes to no point.
#ifndef RACELAB_WATCH_H
#define RACELAB_WATCH_H

#include "scheduler.h"

#include <sched.h>
#include <time.h>

// Waits while `word` is `value`; NULL: without a limit. Spurious ends happen.
void futex_wait(atomic_int *word, int value, const struct timespec *timeout);
void futex_wake(atomic_int *word);

// An eye on executions, one at a time, that somebody else's thread runs. All
// zero at first.
struct watch {
    struct scheduler *_Atomic scheduler; // NULL: none is under way
    atomic_int over;                     // a futex
};

// For the one who runs: this execution is under way; NULL: it has ended.
void watch_scheduler(struct watch *watch, struct scheduler *scheduler);
// Nothing more is to come.
void watch_over(struct watch *watch);

// Returns true after watch_over, false when no step of the execution under way
// has been taken for so long that a task must be spinning or stuck; that is
// then its verdict.
bool watch_until_over(struct watch *watch);

// Parks the thread with this number of the kernel's for good: a task that spins
// may be printing all the while.
void watch_stop(int thread);

// Gives the calling thread a second stack for signal handlers, so that the
// overflow of its own can be told; and takes it away again.
void *watch_signal_stack(void);
void watch_signal_stack_done(void *memory);

// Keeps the calling thread, and those that it starts, on one processor.
void watch_pin(cpu_set_t *before);
void watch_unpin(const cpu_set_t *before);

#endif
