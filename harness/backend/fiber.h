// fiber.h - tasks as stacks of one thread.
//
// A switch costs nanoseconds, not microseconds, so this is the backend for
// running very many executions. The one thread does everything in turn, so
// what the system keeps for each thread (thread-local variables, real thread
// ids) is shared by all tasks; errno is kept apart, and so are uv_key_t. A
// program that needs more than that wants the thread backend.
//
// ThreadSanitizer is told that each stack is a task of its own, and is told
// the edges that real threads would have shown it: from the one who starts a
// thread to the thread, from its end to the one who joins it, and from each
// execution to the next, which uses the same stacks again.
//
// The stacks belong to the process and are used again by every execution.
#ifndef RACELAB_FIBER_H
#define RACELAB_FIBER_H

#include "scheduler.h"

struct fiber_backend {
    struct backend backend;
    struct scheduler *scheduler;
    struct fiber *current; // NULL: the stage itself
};

void fiber_backend_init(struct fiber_backend *fibers,
                        struct scheduler *scheduler);

// As thread_backend_run: starts `root`, runs the execution to its end on the
// stage, and watches it. 0 or a negative errno.
int fiber_backend_run(struct fiber_backend *fibers, struct task *root,
                      void (*entry)(void *argument), void *argument);

// Calls function(argument) on the stage, a thread of its own, and waits for it.
// Executions that are run from within are watched too, and cost no thread each.
// 0 or a negative errno. -ECANCELED: a task of an execution came to no point.
// Its verdict says so, and the thread is parked for good where it stood.
int fiber_stage_call(void (*function)(void *argument), void *argument);

// Ends that thread, which otherwise waits for the next call, until there is one
// again. Before a fork(): the child has only the thread that forks.
void fiber_stage_close(void);

#endif
