// ports.h - what the core needs and others fill in: who chooses, how a task
// runs, what the world outside the program does.
#ifndef RACELAB_PORTS_H
#define RACELAB_PORTS_H

#include "op.h"

struct scheduler;
struct task;

// Who chooses. `choose` returns the id of a task for which
// scheduler_enabled() says more than ENABLED_NEVER, or -1 after it has called
// scheduler_end() with the reason. It is only called while there is a choice.
// All but `choose` may be NULL.
struct strategy {
    int (*choose)(struct strategy *strategy, struct scheduler *scheduler);
    // `task` has been chosen and is about to do what it stands before.
    void (*granted)(struct strategy *strategy, struct scheduler *scheduler,
                    const struct task *task);
    // What `by` is doing makes the next step of another process possible: of
    // the task that is the `birth`th thing of `maker`, or of a work that is.
    void (*armed)(struct strategy *strategy, struct scheduler *scheduler,
                  int maker, unsigned birth, const struct task *by);
    // The execution is over. Where the program has come to its end it may still
    // call scheduler_end() with a reason why that is too early.
    void (*finished)(struct strategy *strategy, struct scheduler *scheduler);

    // For exploring: one execution after another.
    // After each of them: learns from it. False: everything that there is has
    // been run. NULL: that never comes.
    bool (*next)(struct strategy *strategy);
    // Why the end of it is no proof; NULL, or no function: it is one. Borrowed
    // until `free`.
    const char *(*gap)(const struct strategy *strategy);
    // What fraction of the tree of executions has been run, as far as it is
    // known after `next`: 0 to 1, and no more than a guess.
    double (*explored)(const struct strategy *strategy);
    // How many executions were given up because they could only have repeated
    // another.
    long (*blocked)(const struct strategy *strategy);
    void (*free)(struct strategy *strategy);
};

// What a strategy for exploring is made with; each takes what concerns it.
struct strategy_options {
    uint64_t seed;   // of chance: the same seed, the same executions
    int depth;       // pct: how many orders a bug may need; from 1
    bool bounded;    // no execution with more than …
    int preemptions; // … so many; able_preempts() says what counts
};

// How a task runs. Exactly one task of an execution runs at a time.
struct backend {
    // Starts the thread of `task`, which waits for its first turn and then
    // calls entry(argument). Fills `handle`, a uv_thread_t. 0 or a libuv error.
    int (*start)(struct backend *backend, struct task *task,
                 void (*entry)(void *argument), void *argument, void *handle);
    // Waits for the thread of `task`, which has left; what pthread_join does.
    int (*join)(struct backend *backend, struct task *task);
    // The task in whose thread this is called; NULL: no task's.
    struct task *(*self)(struct backend *backend);
    // `from` stops here and `to` goes on; returns when somebody switches back
    // to `from`.
    void (*switch_to)(struct backend *backend, struct task *from,
                      struct task *to);
    // The same, but `from` is over and its thread is about to end.
    void (*leave_to)(struct backend *backend, struct task *from,
                     struct task *to);
    // The execution has ended, in the thread of `from`.
    void (*finish)(struct backend *backend, struct task *from);
    // `from` never runs again. Does not return.
    void (*abandon)(struct backend *backend, struct task *from);
};

// What is outside the program: its clients, and what its loops wait for.
struct world {
    // Has this loop (OP_POLL) or worker (OP_TAKE_WORK) something to do now?
    // Is there a port that this request can go to (OP_SEND)? Can this event
    // come to be (OP_FIRE)?
    bool (*ready)(struct world *world, const struct task *task);
    // OP_SEND. False: it could not be sent; the execution ends.
    bool (*send)(struct world *world, struct task *client);
    // OP_FIRE: the loop's next turn takes this event and no other.
    void (*fire)(struct world *world, struct task *event);
    // The task whose loop, which waits, would take this request or event; -1:
    // none.
    int (*receiver)(struct world *world, const struct task *task);
    // Of a worker that is to take work, or has some, and of the event that
    // hands it back: who queued that work, and as which of his things. False:
    // the task stands for itself.
    bool (*stands_for)(struct world *world, const struct task *task, int *maker,
                       unsigned *birth);
    // Who made this loop or uv_async_t, and as which of his things. False: it
    // is neither.
    bool (*made_by)(struct world *world, uintptr_t address, int *maker,
                    unsigned *birth);
    // OP_TAKE_WORK: how many workers there are.
    int (*workers)(struct world *world);
    // OP_STOP: would anybody notice; and do it.
    bool (*can_stop)(struct world *world);
    void (*stop)(struct world *world);
    // Names the object of an operation for the trace.
    void (*describe)(struct world *world, const struct op *op, char *text,
                     unsigned long room);
    // Writes the file and the line of a call in the program, or nothing where
    // they are not known.
    void (*find_place)(struct world *world, const void *place, char *text,
                       unsigned long room);
};

#endif
