// scheduler.h - who runs next?
//
// The scheduler keeps the tasks of one execution and the operation before
// which each of them stands. The task that runs calls scheduler_yield() before
// each operation; there the strategy chooses, the scheduler writes the step
// down, and the backend switches. There is no thread of the scheduler's own:
// it runs in whichever task has just stopped.
//
// Rules
//   - One task runs at a time, so nothing in here needs a lock.
//   - Clients are tasks too, and so is each thing that may wake a loop (a
//     timer, a message, work that is done), but without a stack: their steps
//     are done on the spot.
//   - Time is virtual. It stands still but for two things: each reading of a
//     clock is later than the one before, and a wait that only time ends takes
//     the clock to its deadline when it is scheduled, whenever that is: time
//     orders nothing.
#ifndef RACELAB_SCHEDULER_H
#define RACELAB_SCHEDULER_H

#include "happens.h"
#include "limit.h"
#include "names.h"
#include "owner.h"
#include "ports.h"
#include "sync.h"
#include "trace.h"

#include <stdatomic.h>

struct request;

enum task_kind {
    TASK_PROGRAM, // has a stack: a loop, a thread, a job
    TASK_WORKER,  // of the modelled thread pool; ends when the program has
    TASK_CLIENT,  // sends one request
    TASK_EVENT,   // what a loop may be woken by: a timer, a message, work done
    TASK_STOP,    // sends SIGTERM when nothing else is left, no request either
};

enum task_state { TASK_WAITING, TASK_RUNNING, TASK_ENDED };

enum enabled {
    ENABLED_NEVER,   // it waits for another task
    ENABLED_LAST,    // only when nobody else can do anything
    ENABLED_BY_TIME, // it waits for time alone
    ENABLED_NOW,
};

struct task {
    int id;
    enum task_kind kind;
    enum task_state state;
    enum enabled enabled; // can it go on? As of the choice under way
    const void *place;    // of its last call in the program; NULL: none
    const void *made_at;  // the same of its parent, when that started it
    bool granted;         // OP_COND_WAKE: was signalled, not timed out
    bool fired;           // TASK_EVENT: its loop has yet to take it
    bool sent_for;        // TASK_EVENT: by uv_async_send, and not yet taken
    int runner;           // TASK_EVENT: who ran its loop last; -1: nobody
    int works_for;        // the request; OWNER_NOBODY: none
    const char *role;     // what it is to that: "work", "timer"; or NULL
    int loops;            // how many uv_run it stands in
    int os_id; // the kernel's number of its thread; below 0: it has none
    bool joined;
    bool last;       // TASK_CLIENT: goes only when nobody else can do anything
    int parent;      // the task that started it; -1: none
    unsigned birth;  // as which of its parent's things
    unsigned births; // how many things it has made itself
    const struct request *request; // TASK_CLIENT
    void *context;                 // the backend's, or the client's
    struct op op;                  // what it is about to do, while TASK_WAITING
    char name[LIMIT_NAME];
};

enum verdict_kind {
    VERDICT_NONE, // still running
    VERDICT_FINISHED,
    VERDICT_DIVERGED,     // the schedule does not fit the program
    VERDICT_DEADLOCK,     // nobody can go on
    VERDICT_LEFT_OVER,    // run() has returned, and a thread was not joined
    VERDICT_STEP_LIMIT,   // it goes round in circles
    VERDICT_SPIN,         // a task runs and comes to no point
    VERDICT_UNCONTROLLED, // a call that the harness does not control
    VERDICT_MISUSE,       // a call that its own documentation forbids
    VERDICT_BLOCKED,      // it could only have repeated what was explored
    VERDICT_CRASH,        // the program failed or could not be started
};

struct verdict {
    enum verdict_kind kind;
    int line, column; // in the schedule; 0: none
    char text[LIMIT_MESSAGE];
};

struct scheduler {
    struct strategy *strategy;
    struct backend *backend;
    struct world *world;
    struct trace *trace;
    struct happens *happens; // hears of all that is granted; borrowed
    struct owners *owners;   // whose the pooled objects are; borrowed
    int task_count;
    int grants;        // operations granted so far
    int threads_named; // "thread.1" …
    unsigned orphans;  // tasks without a parent
    // Every execution in turn, not one that was written down: marks of the past
    // are no choice, and a loop takes a request or an event in the step in
    // which that comes to be, for nobody could tell the difference.
    bool explores;
    // What the program has done of which not every order is offered, so that to
    // have run them all is no proof; NULL: nothing. Borrowed for ever.
    const char *gap;
    bool closing;    // only workers are left
    bool told;       // the strategy knows that it is over
    uint64_t now_ns; // virtual, since the epoch
    bool clock_stopped;
    bool clock_frozen; // and no wait takes it to its deadline
    const char *look;  // the point at which a request looks; or NULL
    int line, column;  // of the schedule's line that is followed; 0: none
    struct verdict verdict;
    // From here on memory is used again by the next execution as it is.
    // For strategies, while they choose: the ids of all who can go on, in the
    // order in which they came to be; where that is nobody, the first of those
    // who go last.
    int able[LIMIT_TASKS];
    int able_count;
    atomic_int progress; // grows with every step; read by the watchdog
    atomic_int running;  // the id of the task that runs
    struct names names;
    struct sync sync;
    struct task tasks[LIMIT_TASKS];
};

// For one execution. `scheduler` is all zero, or has been used before.
void scheduler_init(struct scheduler *scheduler, struct strategy *strategy,
                    struct backend *backend, struct world *world,
                    struct trace *trace, struct happens *happens,
                    struct owners *owners);
void scheduler_done(struct scheduler *scheduler);

// Has this task no stack of its own? Its steps are done on the spot.
static inline bool scheduler_stackless(const struct task *task) {
    return task->kind == TASK_CLIENT || task->kind == TASK_EVENT ||
           task->kind == TASK_STOP;
}

// Adds a task that stands before `op`; `parent` may be NULL. NULL: there are
// LIMIT_TASKS, and the execution has been ended for it.
struct task *scheduler_add(struct scheduler *scheduler, struct task *parent,
                           enum task_kind kind, const char *name,
                           const struct op *op);

// A name for a thread that `parent` starts: "A.job" while it works for
// request A, then "A.job.2" …; else "thread.1" …
void scheduler_name_child(struct scheduler *scheduler,
                          const struct task *parent, char *name);

// Runs the first task that the strategy chooses; called once, by the thread
// that set the execution up. NULL: there was nothing to run.
struct task *scheduler_first(struct scheduler *scheduler);

// `self` is about to do `self->op`. Returns when it may; does not return when
// the execution is over.
void scheduler_yield(struct scheduler *scheduler, struct task *self);

// `self` is over; another goes on. The caller's thread must then end.
void scheduler_leave(struct scheduler *scheduler, struct task *self);

// Ends the execution with a verdict; the first one stands. Without a line (0)
// the place is the line of the schedule that is being followed.
void scheduler_end(struct scheduler *scheduler, enum verdict_kind kind,
                   int line, int column, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

// Ends the execution from within `self`, which never runs again.
void scheduler_fail(struct scheduler *scheduler, struct task *self,
                    enum verdict_kind kind, const char *format, ...)
    __attribute__((format(printf, 4, 5), noreturn));

// Notes of each task whether it can go on, once before a choice; all who take
// part in it go by that. Can anybody? An event is nothing to go on with where a
// loop takes what is ready by itself.
bool scheduler_look(struct scheduler *scheduler);

// For strategies. The same of one task, asked anew.
enum enabled scheduler_enabled(struct scheduler *scheduler,
                               const struct task *task);
// The task whose loop takes this request or event if it comes now; -1: none.
int scheduler_receiver(struct scheduler *scheduler, const struct task *task);

// Of a worker that is to take work, or has some, and of the event that hands it
// back: the work, by who queued it, and as which of his things. False: the task
// stands for itself.
bool scheduler_stands_for(struct scheduler *scheduler, const struct task *task,
                          int *maker, unsigned *birth);

// What an object has before `op`: a semaphore its value, the thread pool its
// workers; 0: all others.
unsigned scheduler_value(struct scheduler *scheduler, const struct op *op);

// Not every order of `what` is offered to the strategy. The first one stands.
void scheduler_gap(struct scheduler *scheduler, const char *what);

// What `by` does now makes the next step of the task, or the work, possible
// that is the `birth`th thing of `maker`.
void scheduler_arm(struct scheduler *scheduler, int maker, unsigned birth,
                   const struct task *by);

// What an address is, in terms that mean the same in every execution: a place
// in a thing, and the thing by who made it. False: it was not seen being made,
// and only its address is known.
struct identity {
    int maker; // a task
    unsigned birth;
    uintptr_t offset;
};
bool scheduler_identify(struct scheduler *scheduler, uintptr_t address,
                        struct identity *identity);

struct task *scheduler_find(struct scheduler *scheduler, const char *name);
// Writes what `task` is doing or waiting for, where, and who holds it since
// where: "waits in uv_mutex_lock (a.c:7) for context#1.lock, held by loop since
// a.c:12". What place is not known is left out.
void scheduler_describe(struct scheduler *scheduler, const struct task *task,
                        char *text, size_t room);

// The clock as the program reads it. Units: nanoseconds since the epoch.
uint64_t scheduler_read_clock(struct scheduler *scheduler, uint64_t tick_ns);

#endif
