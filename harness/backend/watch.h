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

// Returns true when `finished` is set, false when no step has been taken for so
// long that a task must be spinning or stuck; that is then the verdict.
bool watch_until(struct scheduler *scheduler, atomic_int *finished);

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
