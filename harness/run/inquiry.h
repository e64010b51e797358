// inquiry.h - an execution that is looked into: its trace, who touched what in
// it, and what is tried to find out why.
//
// Steps are known by their numbers.
#ifndef RACELAB_INQUIRY_H
#define RACELAB_INQUIRY_H

#include "execute.h"
#include "journal.h"

struct inquiry {
    const struct execution *execution;
    const struct racelab_program *program;
    const struct schedule *schedule;
    struct journal journal; // of the execution
    struct execution other; // with two steps exchanged
    int runs;               // of such, for one outcome
    int tried;              // … and for all
    int first, later;       // where the two are in `other`
};

const struct trace *inquiry_trace(const struct inquiry *inquiry);
const struct step *inquiry_step(const struct inquiry *inquiry, int step);
const struct journal_step *inquiry_touched(const struct inquiry *inquiry,
                                           int step);

// The name of the request that a step is made for; "": for none.
const char *inquiry_request(const struct inquiry *inquiry, int step);
bool inquiry_same_request(const struct inquiry *inquiry, int a, int b);

// Does it read or write anything?
bool inquiry_accesses(const struct inquiry *inquiry, int step);
// Do both touch the same, and one of them writes?
bool inquiry_shares(const struct inquiry *inquiry, int a, int b);
// Are they of two tasks; or of one loop, for two requests?
bool inquiry_of_two(const struct inquiry *inquiry, int a, int b);
// Both of these.
bool inquiry_conflicts(const struct inquiry *inquiry, int a, int b);

// A step that races with this one, a later one first; 0: none does.
int inquiry_racing(const struct inquiry *inquiry, int step);

// Whose the pooled object that a step touches was before it, and how that came.
struct inquiry_holding {
    int owner, got; // OWNER_NOBODY: it lay in the pool
    int put;        // by the request that the step is made for; 0: never
    // When it lay there: who put it last, if that was another, and when he had
    // got it; 0: he never had.
    int last, last_got, last_put;
};
struct inquiry_holding inquiry_holding_at(const struct inquiry *inquiry,
                                          int step);

// Does it touch a pooled object that is not its request's?
bool inquiry_foreign(const struct inquiry *inquiry, int step);

#endif
