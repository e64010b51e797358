// exchange.h - the strategy that follows a journal, but for two of its steps,
// which come the other way round.
//
// It makes the journal's choices up to some place before the first of the two;
// from there on it holds back who makes that one, and has the others go on in
// the order that they had, until the later one has been made. Then nobody is
// held back any more. After the journal's last choice the rest runs in the
// fixed order of replay.h.
//
// Where the later step cannot be made without the first the execution ends as
// diverged.
#ifndef RACELAB_EXCHANGE_H
#define RACELAB_EXCHANGE_H

#include "journal.h"

// A step by what means the same in another order of the same things: the
// `count`th step of that name that the task makes for that request.
struct exchange_step {
    const char *task, *request, *name; // borrowed; `request` may be ""
    int count;
};

struct exchange {
    struct strategy strategy; // first
    const struct journal *journal;
    int prefix;       // choices that are made as they were
    const char *held; // the name of the task that is held back after them
    struct exchange_step later;
    bool made;   // the later step has been
    int scanned; // steps that have been compared with it
    int counted;
    int next; // choices before this one have all been made
    int turns[LIMIT_TASKS];
    bool polls[LIMIT_TASKS];
};

// Borrows all of it while it is used.
void exchange_init(struct exchange *exchange, const struct journal *journal,
                   int prefix, const char *held,
                   const struct exchange_step *later);

// The number of that step in a trace; 0: it is not there.
struct trace;
struct owners;
int exchange_find(const struct trace *trace, const struct owners *owners,
                  const struct exchange_step *step);

#endif
