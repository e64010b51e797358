// history.h - what has happened in an execution, as a partial order: events
// with vector clocks, for dpor.
//
// An event happens before another when nobody could have them the other way
// round: both are steps of one process, or touch one object and depend on one
// another, or the one has made the other possible. Events are told apart by
// process and index, which mean the same in every execution of an exploring.
//
// Rules
//   - An event is prepared before its step is done, and added when it is
//     granted.
//   - Beside what it owes to those who touched its object, an event has the
//     clock of what it comes behind in any order at all: `before`.
#ifndef RACELAB_HISTORY_H
#define RACELAB_HISTORY_H

#include "footprint.h"
#include "scheduler.h"

enum {
    HISTORY_PROCESSES = 64,
    HISTORY_EVENTS = 2000,
    HISTORY_NOBODY = -1,
};

// One step of the execution under way. A process is a task under a number that
// is the same in every execution; or a work of the thread pool, whichever
// worker has it. A step with which a loop takes something is the loop's as
// well.
struct history_event {
    int process;
    unsigned index; // 1 is the process's first
    int loop;       // the process of the loop that takes it; or HISTORY_NOBODY
    unsigned loop_index;
    struct footprint footprint;
    unsigned value;      // what sync.h's object had, or workers
    unsigned generation; // of a barrier
    bool recursive;      // a mutex
    bool fixed;          // cannot happen at another time
    unsigned short
        before[HISTORY_PROCESSES]; // clock without the step's own object
    unsigned short clock[HISTORY_PROCESSES];
};

struct history {
    // Those that are pending follow those that happened; the last place is for
    // one that is only looked at.
    struct history_event events[HISTORY_EVENTS + HISTORY_PROCESSES + 1];
    int count;   // of events so far
    int pending; // events after `count` that were wanted and never came
    // By process, of the execution under way.
    unsigned steps[HISTORY_PROCESSES];
    unsigned short clocks[HISTORY_PROCESSES][HISTORY_PROCESSES];
    // The processes of all executions.
    struct {
        int parent;
        unsigned birth;
    } known[HISTORY_PROCESSES];
    int known_count;
    int met;                     // tasks of this execution that are known
    int process_of[LIMIT_TASKS]; // by task id; HISTORY_NOBODY: not met yet
};

// Another execution: nothing has happened. `history` is all zero at first.
void history_begin(struct history *history);

// To be called before each choice.
void history_meet(struct history *history, struct scheduler *scheduler);
// As `armed` of ports.h.
void history_arm(struct history *history, struct scheduler *scheduler,
                 int maker, unsigned birth, const struct task *by);

// The process whose step the task stands before. Where there are more than
// HISTORY_PROCESSES the execution is ended for it.
int history_process(struct history *history, struct scheduler *scheduler,
                    int id);
// Of what is sent or fired: the process of the loop that takes it.
int history_loop(struct history *history, struct scheduler *scheduler,
                 const struct task *task);
struct footprint history_footprint(struct history *history,
                                   struct scheduler *scheduler,
                                   const struct task *task);

// Fills `event` with what `task` is about to do, and its clock but for what it
// owes to others who touched its object.
void history_prepare(struct history *history, struct scheduler *scheduler,
                     const struct task *task, struct history_event *event);
// `event` was prepared in the place behind the last one, and happens.
void history_add(struct history *history, struct history_event *event);

// The execution is over: notes what was wanted and never came.
void history_note_pending(struct history *history, struct scheduler *scheduler);

bool history_before(const struct history_event *a,
                    const struct history_event *b);
// What is known to the other clock as well.
void history_join(unsigned short *restrict clock,
                  const unsigned short *restrict other);

// The same number for the same events in the same partial order, whichever way
// they were put in a row.
uint64_t history_kind(const struct history *history);

#endif
