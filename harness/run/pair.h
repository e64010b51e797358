// pair.h - the two steps that decide an outcome.
//
// They are of different tasks, or of one loop for different requests; they
// touch the same object, or one of them gets or puts it; and the task reports
// something else if they come the other way round, which has been run.
#ifndef RACELAB_PAIR_H
#define RACELAB_PAIR_H

#include "inquiry.h"

struct pair {
    int touch,
        other;  // the outcome rests on that one, and on the other; 0: none
    bool right; // the other way round the outcome is
    int first, later;               // where the two are the other way round
    char exchanged[LIMIT_NAME * 4]; // what is reported then
};

// Is a line what the program calls right?
bool pair_right(const struct inquiry *inquiry, const char *line);

// Looks for the pair of an outcome. `pair->touch` is 0 if there is none.
void pair_decide(struct inquiry *inquiry, const struct outcome *outcome,
                 struct pair *pair);

// Where there is none: what there is to be said all the same, if anything.
void pair_settle(const struct inquiry *inquiry, const struct outcome *outcome,
                 struct pair *pair);

#endif
