// sync.h - the state of locks and their kin: who holds, who waits.
//
// A pure model. The scheduler asks it which operations may go ahead; the
// controlled calls tell it what has happened and then make the real call,
// which by then never waits. It says nothing about memory order: that is the
// real primitive's business.
//
// An object is known by its address and comes to be when it is first used.
#ifndef RACELAB_SYNC_H
#define RACELAB_SYNC_H

#include "op.h"

struct sync_object;

struct sync {
    struct sync_object *by_address; // uthash; those of earlier executions too
    unsigned execution;             // the number of the one under way
    int next_serial;
    unsigned next_generation; // of barriers
};

enum sync_once_state { ONCE_NEW, ONCE_RUNNING, ONCE_DONE };

// Forgets every object. `sync` is all zero, or has been used before: then its
// memory is used again.
void sync_reset(struct sync *sync);
void sync_done(struct sync *sync);

// A lock's life. `count`: a semaphore's value, a barrier's number of tasks.
// init forgets what was at the address before.
// The object is the `birth`th thing that the task `maker` has made.
void sync_object_init(struct sync *sync, uintptr_t address, const char *type,
                      unsigned count, bool recursive, int maker,
                      unsigned birth);
void sync_object_destroy(struct sync *sync, uintptr_t address);

// May `task` do `op` now? Only for the kinds that wait for an object.
bool sync_enabled(struct sync *sync, int task, const struct op *op);

// `op` of `task` is done. Only after sync_enabled said yes, or, for
// OP_COND_WAKE, when its time is up. Returns false for such a time-out.
bool sync_apply(struct sync *sync, int task, const struct op *op);

// The calls that never wait. Those that return bool say whether the program
// may do that: false is misuse (unlock by one who does not hold).
bool sync_unlock(struct sync *sync, int task, uintptr_t mutex);
bool sync_read_unlock(struct sync *sync, int task, uintptr_t lock);
bool sync_write_unlock(struct sync *sync, int task, uintptr_t lock);
// A signal is for one of those who wait at that moment, and which of them is
// the schedule's choice, as it is the system's: see POSIX on
// pthread_cond_signal. One for whom nobody is left that has none is lost.
void sync_signal(struct sync *sync, uintptr_t cond);
void sync_broadcast(struct sync *sync, uintptr_t cond);
void sync_post(struct sync *sync, uintptr_t semaphore);
void sync_once_finished(struct sync *sync, uintptr_t guard);
enum sync_once_state sync_once_state(struct sync *sync, uintptr_t guard);
// True for a semaphore that was made before the execution: its value is not
// known.
bool sync_semaphore_unknown(struct sync *sync, uintptr_t semaphore);

// The generation of a barrier that the last arrival was part of, and whether
// that arrival completed it.
unsigned sync_barrier_generation(struct sync *sync, uintptr_t barrier,
                                 bool *completed);

// A semaphore's value; 0 for all else.
unsigned sync_value(struct sync *sync, uintptr_t semaphore);
// Is it a mutex that its holder may lock again?
bool sync_recursive(struct sync *sync, uintptr_t mutex);
// The generation that who arrives at a barrier now is part of.
unsigned sync_generation(struct sync *sync, uintptr_t barrier);
bool sync_known(struct sync *sync, uintptr_t address);

// Who made the object, and as which of his things. False: it was not seen
// being made.
bool sync_made_by(struct sync *sync, uintptr_t address, int *maker,
                  unsigned *birth);

// "mutex#2": its type and its number in order of first use. Never NULL.
const char *sync_name(struct sync *sync, uintptr_t address);

// The tasks that hold `address`: fills `tasks`, returns how many.
int sync_holders(struct sync *sync, uintptr_t address, int *tasks, int most);
// The place of the call by which `task`, one of them, took it first.
const void *sync_taken_at(struct sync *sync, uintptr_t address, int task);

#endif
