// control.h - the meeting place of the controlled calls: which execution is
// under way, which of its tasks is calling.
//
// Every controlled call has one form:
//
//     struct task *self = control_enter();
//     if (!self)
//         return uv_it(…);            // no execution: straight through
//     control_wait(self, …);          // stop, be scheduled, go on
//     control_leave();
//     return uv_it(…);                // the real call; it never waits now
//
// Between enter and leave ThreadSanitizer does not look at the harness's
// memory. The real call is made outside, so that its edges are the program's.
//
// control_enter() notes where in the program the call stands. So it is written
// in functions that the program calls, racelab_…, and in those that are
// CONTROL_PART of one; a test holds this. After a callback of the program's it
// is control_return() that goes back into the harness.
#ifndef RACELAB_CONTROL_H
#define RACELAB_CONTROL_H

#include "scheduler.h"
#include "touched.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <uv.h>

struct timer {
    uv_timer_t *handle;
    uv_timer_cb call;
    uint64_t due_ns;     // what it repeats by is in the handle
    uint64_t serial;     // of two that are due together the first started goes
    uint64_t timeout_ns; // from when it was started
    unsigned turn;       // of its loop, in which it was
    bool repeated;       // it has fired since the program started it
    int works_for;       // the request that the starter works for
};

// What may wake a loop; see event.c.
enum event_kind { EVENT_TIMER, EVENT_ASYNC, EVENT_WORK };

struct event {
    enum event_kind kind;
    const void *object; // the handle, or the loop whose work is done
    uv_loop_t *loop;
    int works_for; // EVENT_ASYNC: the request that the sender works for
};

struct signal_watch {
    uv_signal_t *handle;
    uv_signal_cb call;
    int number;
    bool pending, once;
};

struct key_values {
    const uv_key_t *key;
    void *values[LIMIT_TASKS]; // by task
};

// In one place for as long as the loop is open: its lock is a live mutex, and
// uv_run stands in it while callbacks run.
struct loop_state {
    uv_loop_t *loop;   // NULL: the place is free
    uint64_t now_ns;   // the time that the loop goes by, to the millisecond
    bool stopped;      // uv_stop
    const void *place; // of the uv_run that is under way
    bool prepared;     // prepare handles have had their turn before the wait
    bool lent;         // it counts as alive for the real turn under way
    int maker;         // the task that made it, and as which of its things
    unsigned birth;
    unsigned turn;        // grows with each look at the clock
    int arrived;          // a connection that its port is to take; -1: none
    struct task *fired;   // the one event that the next turn takes, or NULL
    char wake_up;         // stands for libuv's eventfd: an edge that TSan sees
    struct work *done;    // whose after_work is due, first first
    uv_mutex_t done_lock; // libuv's wq_mutex: an edge that TSan may see
    int works;            // queued or running, they keep the loop alive
};

// What a program has bound while every order is explored; see local.c.
struct port {
    const uv_tcp_t *handle; // NULL: it is closed
    int descriptor;
    struct sockaddr_storage address;
};

struct control {
    struct scheduler *scheduler;
    struct world world;
    bool accesses; // to named memory are points …
    struct touched
        *touched; // … but what one task alone touches; NULL: even that
    // What clients talk to.
    bool listening;
    uv_loop_t *listener; // the loop of that port
    uv_stream_t *port;   // NULL: the program has closed it
    struct sockaddr_storage address;
    bool stop_sent;
    bool hung_up; // the clients, and the program can tell
    // Families of calls, each in its own file.
    int loop_count; // places that were taken, some of which are free again
    int timer_count;
    uint64_t timers_started;
    int signal_count;
    int key_count;
    int port_count;
    struct work *queue;    // of the thread pool, first first
    uv_mutex_t queue_lock; // libuv's pool mutex
    int workers, workers_wanted;
    // Tables: what their counts do not cover is left as it is.
    struct loop_state loops[LIMIT_LOOPS];
    struct timer timers[LIMIT_TIMERS];
    struct signal_watch signals[LIMIT_SIGNALS];
    struct key_values keys[LIMIT_KEYS];
    struct port ports[LIMIT_PORTS];
    uv_thread_t handles[LIMIT_TASKS]; // of the tasks that are threads
    struct event events[LIMIT_TASKS]; // of the tasks that are events
    struct work *taken[LIMIT_TASKS];  // of the tasks that are workers
};

extern struct control control;

// Takes the execution over, until control_end(). Everything that the program
// left behind in an earlier one is forgotten. `workers`: how many the thread
// pool has; 0: as many as libuv's.
void control_begin(struct scheduler *scheduler, int workers);
// From now on accesses to named memory are points; only those to what is known
// to be shared, which is borrowed, unless that is NULL.
void control_watch_accesses(struct touched *touched);
// `unfinished`: nobody will ever go on with the execution, and the descriptors
// that it has open would add up.
void control_end(bool unfinished);
bool control_under_way(void);

// The calling task, or NULL: no execution is under way, or the caller is none
// of its tasks.
#define control_enter() control_enter_from(__builtin_return_address(0))
struct task *control_enter_from(const void *place);
void control_leave(void);
// Back from a callback that was called between enter and leave, after a leave.
void control_return(void);
// The same for a callback that a loop makes: it works for the request of who
// asked for it, as a "timer" or the like; behind it the loop works for nobody.
void control_leave_for(int request, const char *role);
void control_return_to_loop(void);

// Compiled into its callers, so that the place that it returns to is theirs.
#define CONTROL_PART static inline __attribute__((always_inline))

// Stops before an operation until it is granted. `object` may be NULL.
void control_wait(struct task *self, enum op_kind kind, const char *call,
                  const void *object);
// The same for a call that never waits, but is a place to switch.
void control_call(struct task *self, const char *call, const void *object);
// The same with every field at will.
void control_yield(struct task *self, const struct op *op);

// What the trace shows beside the step that was granted last.
void control_detail(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

// The harness's own happens-before hears of the operations that are granted;
// here of what they do not tell by themselves, about the task that runs.
void control_acquire(const void *object);
void control_release(const void *object);
void control_forget(const void *object); // it is gone, or made anew

// Ends the execution: `call` does what its documentation forbids.
void control_misuse(struct task *self, const char *format, ...)
    __attribute__((format(printf, 2, 3), noreturn));

// Adds a task that `self` starts, or ends the execution: there are too many.
struct task *control_add(struct task *self, enum task_kind kind,
                         const char *name);

// Called by every call that libuv has and the harness does not control: ends
// the execution, or returns when there is none.
#define control_refuse(call)                                                   \
    control_refuse_from(call, __builtin_return_address(0))
void control_refuse_from(const char *call, const void *place);

// `by_ns` later than `from_ns`, or the end of time.
uint64_t control_later(uint64_t from_ns, uint64_t by_ns);
uint64_t control_ns(uint64_t ms);

// The families.
void point_watch_accesses(void);
bool loop_ready(const uv_loop_t *loop);
// What is known of `loop`; NULL: nothing.
struct loop_state *loop_find(const uv_loop_t *loop);
// The same, and what is not known yet comes to be. Ends the execution when
// there are LIMIT_LOOPS.
struct loop_state *loop_state(struct task *self, const uv_loop_t *loop);
void loop_update_time(struct loop_state *state);
// Closes every descriptor of every loop that is open.
void loop_abandon_all(void);
// The task that waits in this loop's poll; -1: none.
int loop_waits(const uv_loop_t *loop);
// `self` has seen to it that this may happen; what is not known yet comes to
// be. Forgotten: it cannot any more.
void event_arm(struct task *self, enum event_kind kind, const void *object,
               uv_loop_t *loop);
void event_forget(const void *object);
// The event that this handle is; NULL: none that is open.
const struct task *event_message(const uv_async_t *handle);
bool event_ready(const struct task *task);
int event_receiver(const struct task *task);
void event_fire(struct task *task);
void event_deliver(struct loop_state *state);
void event_note_runner(const struct task *runner, const uv_loop_t *loop);
bool async_pending(const uv_loop_t *loop);
void async_deliver(struct loop_state *state);
void client_begin(void);
bool client_send(struct world *world, struct task *task);
int client_receiver(void);
bool client_can_stop(struct world *world);
void client_stop(struct world *world);
// Every order is explored: has this loop still to see that the clients left?
bool client_leaves(const uv_loop_t *loop);
void client_hang_up(void);
void client_end(void);
// After client_end(): the program has finished, and nothing else will come.
void client_find_unanswered(void);
bool timer_next(const uv_loop_t *loop, uint64_t *due_ns);
bool timer_run_due(const struct loop_state *state);
// In the order in which timers may come due, is it among the first?
bool timer_may_fire(const uv_timer_t *handle);
void timer_run(struct loop_state *state, const uv_timer_t *handle);
bool timer_keeps_alive(const uv_loop_t *loop);
void timer_forget(const uv_handle_t *handle);
bool timer_is_active(const uv_handle_t *handle);
bool signal_pending(const uv_loop_t *loop);
void signal_deliver(uv_loop_t *loop);
void signal_raise(int number);
bool signal_watched(int number);
bool signal_keeps_alive(const uv_loop_t *loop);
void signal_forget(const uv_handle_t *handle);
bool signal_is_active(const uv_handle_t *handle);
void work_begin(int workers);
void work_end(void);
bool work_ready(const struct task *worker);
bool work_is_done(const struct loop_state *state);
void work_deliver(struct loop_state *state);
void work_deliver_one(struct loop_state *state);
bool work_stands_for(const struct task *task, int *maker, unsigned *birth);

#endif
