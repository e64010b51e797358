// replay.h - the strategy that follows a schedule.
//
// It takes the schedule's lines one by one. `run TASK until POINT` chooses
// TASK until it stands before that point or call, having gone on once or more;
// `run TASK to end` until it is over; `send` chooses the client, `fire` the
// event, and then its loop until that has taken it. After the last
// line the rest runs in a fixed order: those that can go on at once before
// those that wait for time, then by the order in which the tasks came to be.
//
// A schedule that does not fit the program ends the execution as diverged,
// with the line, what it wanted, what happened, and who could have run; or, for
// one who looks for a schedule that fits, the line is passed over and marked.
#ifndef RACELAB_REPLAY_H
#define RACELAB_REPLAY_H

#include "ports.h"

#include <stdbool.h>
#include <stddef.h>

struct schedule;

// How a line was followed.
struct followed {
    bool passed_over; // it does not fit
    int step;         // how many steps there were when it was done
};

struct replay {
    struct strategy strategy; // first, so that one can be had from the other
    const struct schedule *schedule;
    size_t next;  // the directive that is under way
    bool started; // its task has gone on at least once
    // One for each directive: lines that do not fit are passed over. Or NULL.
    struct followed *followed;
};

// Borrows `schedule` and `followed`, which may be NULL, while it is used.
void replay_init(struct replay *replay, const struct schedule *schedule,
                 struct followed *followed);

// The task that goes on where the schedule leaves it open; -1: none can.
int replay_rest(struct scheduler *scheduler);

#endif
