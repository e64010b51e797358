// op.h - an operation: what a task is about to do at a scheduling point.
//
// A task stops before each of its operations and says which it is; the
// scheduler grants one, and the task runs on to its next. What lies between
// two operations belongs to the first.
#ifndef RACELAB_OP_H
#define RACELAB_OP_H

#include <stdbool.h>
#include <stdint.h>

// In this order, so that a comparison tells the three groups apart.
enum op_kind {
    // Those that never wait.
    OP_BEGIN, // the task's first breath
    OP_POINT, // a named point
    OP_GET,   // the same: a pooled object has just been given to its owner
    OP_PUT,   // a pooled object is about to go back
    OP_LOOK, // a named point, of which it is asked when it comes: see explore.h
    OP_CALL, // a controlled call that never waits
    // Likewise; they change an object of sync.h.
    OP_UNLOCK,
    OP_READ_UNLOCK,
    OP_TRY,       // of a lock or a semaphore, by whichever call
    OP_SIGNAL,    // wakes one who waits for a condition
    OP_BROADCAST, // wakes all
    OP_POST,
    OP_ONCE_END,    // the callback of a uv_once has returned
    OP_ASYNC_SEND,  // a loop is to be woken
    OP_QUEUE_WORK,  // for the thread pool
    OP_CANCEL_WORK, // that may still be in the queue
    OP_WORK_DONE,   // a worker hands its work back to the loop
    // Operations on an object of sync.h; the first two never wait either.
    OP_COND_WAIT, // the mutex is given back, the wait begins
    OP_BARRIER,   // arrival
    OP_LOCK,      // of a mutex
    OP_READ_LOCK, // of a read-write lock
    OP_WRITE_LOCK,
    OP_COND_WAKE, // the wait ends, the mutex is taken again
    OP_SEM_WAIT,
    OP_BARRIER_LEAVE,
    OP_ONCE,
    // Those that wait for something else.
    OP_SEND, // a client sends its request
    OP_FIRE, // an event of a loop's comes to be
    OP_STOP, // the clients leave; the program is sent SIGTERM
    OP_POLL, // a loop waits for an event
    OP_JOIN,
    OP_SLEEP,
    OP_TAKE_WORK, // a worker of the thread pool waits for work
};

static inline bool op_never_waits(enum op_kind kind) {
    return kind <= OP_BARRIER;
}

// Does it change an object of sync.h when it is granted?
static inline bool op_is_on_object(enum op_kind kind) {
    return kind >= OP_COND_WAIT && kind <= OP_ONCE;
}

enum op_access {
    ACCESS_NONE,
    ACCESS_READ,
    ACCESS_WRITE,
    // Of an atomic object, as C11 has it by default: they race with no other of
    // their kind, and a load comes behind the store whose value it sees.
    ACCESS_LOAD,
    ACCESS_STORE,
    ACCESS_UPDATE, // atomic_fetch_add, atomic_exchange …
};

static inline bool op_access_writes(enum op_access access) {
    return access == ACCESS_WRITE || access == ACCESS_STORE ||
           access == ACCESS_UPDATE;
}

// "reads" …; "" for ACCESS_NONE.
static inline const char *op_access_verb(enum op_access access) {
    static const char *const verbs[] = {
        [ACCESS_NONE] = "",        [ACCESS_READ] = "reads",
        [ACCESS_WRITE] = "writes", [ACCESS_LOAD] = "loads",
        [ACCESS_STORE] = "stores", [ACCESS_UPDATE] = "updates",
    };
    return verbs[access];
}

static inline bool op_access_is_atomic(enum op_access access) {
    return access >= ACCESS_LOAD;
}

struct op {
    enum op_kind kind;
    enum op_access access; // OP_POINT: what comes next does to the object
    const char *name;      // of the point or the call; borrowed for ever
    uintptr_t object;      // the lock, loop, memory …; 0: none
    uintptr_t mutex;       // OP_COND_*: the mutex that goes with it; OP_POINT:
                           // the pooled object that `object` is part of
    enum op_kind tries;    // OP_TRY: what is done if it can be
    int target;            // OP_JOIN: the task waited for
    unsigned generation;   // OP_BARRIER_LEAVE: the one that must be over
    bool timed;            // time alone ends the wait …
    uint64_t deadline_ns;  // … at this virtual time
    const char *detail;    // shown with the step; borrowed for the execution
    const void *place;     // of the call in the program; NULL: not known
    // OP_POINT. A point's own announcement names its object alone.
    unsigned bytes;  // a single access: how many from `object` on; 0: a point
    bool alone;      // nobody else touches it: no choice
    bool spoken_for; // the accesses behind it are points themselves
    // Of an atomic access: what C11's default order does and this does not.
    bool no_acquire, no_release;
    uintptr_t late; // as many may be written here only now; 0: none
};

#endif
