// thread.h - tasks as threads of the operating system, one running at a time.
//
// The hand-over must be invisible to ThreadSanitizer: a mutex, a pipe or an
// acquire/release pair that it can see would order the two accesses whose
// race is to be shown. So each task waits for its turn on a futex, by plain
// system call, from code that is not instrumented. What the program itself
// orders (its locks, thread creation, joins) stays visible, because those
// calls are made for real.
//
// All threads are pinned to one processor while an execution runs: a switch
// then costs a tenth, and nothing ever runs beside it.
#ifndef RACELAB_THREAD_H
#define RACELAB_THREAD_H

#include "scheduler.h"
#include "watch.h"

// How a turn passes from one thread to another: `turn` is 1 when its thread may
// run, and waiting takes it back to 0. Ours is the futex; a test puts an
// ordinary mutex in its place, to show what would be lost.
struct hand_over {
    void (*give)(atomic_int *turn);
    void (*wait)(atomic_int *turn);
};

struct thread_backend {
    struct backend backend;
    struct hand_over hand_over;
    struct scheduler *scheduler;
    struct watch watch;
};

void thread_backend_init(struct thread_backend *threads,
                         struct scheduler *scheduler);

// Starts `root` with entry(argument), lets the scheduler choose, and waits
// until the execution has ended, watching for a task that comes to no point.
// Threads of an execution that did not finish stay parked until the process
// ends. 0 or a negative errno.
int thread_backend_run(struct thread_backend *threads, struct task *root,
                       void (*entry)(void *argument), void *argument);

#endif
