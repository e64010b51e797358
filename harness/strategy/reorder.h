// reorder.h - another order of what has happened: some event comes before one
// that it came behind.
//
// Its events are those before `first`, then some of those from `first` on, and
// at last the one whose turn was later. dpor asks whether that order could have
// been, and with which steps it may begin.
#ifndef RACELAB_REORDER_H
#define RACELAB_REORDER_H

#include "history.h"

struct reorder {
    const struct history *history; // borrowed
    int first;                     // up to here all is as it was
    int at[HISTORY_EVENTS + 1];    // places of events; the later one is last
    int count;
    unsigned short last_clock[HISTORY_PROCESSES]; // of the last, in this order
    struct sync locks;                            // what they come to
};

// The shortest way to have the event at `later` without the one at `first`:
// those in between that did not need it, and then itself. `reorder` is all
// zero, or has been used before.
void reorder_make(struct reorder *reorder, const struct history *history,
                  int first, int later);
// The event at `place` alone, where the execution stands.
void reorder_make_one(struct reorder *reorder, const struct history *history,
                      int place);
void reorder_done(struct reorder *reorder);

// Could the last event have gone ahead in this order?
bool reorder_allows(struct reorder *reorder);

// Leaves those out who take the last event's object before it and need not, and
// what they do after that.
void reorder_leave_takers_out(struct reorder *reorder);

// May it just as well begin with the next step of `process`, which is that?
bool reorder_may_begin(const struct reorder *reorder, int process,
                       const struct footprint *footprint);

// Takes the first event of `process` out. False: that was the last of all, and
// with it what the order was for.
bool reorder_take_out(struct reorder *reorder, int process);

#endif
