// candidate.h - schedules that are made from another one, by leaving lines out,
// moving them, or putting one in the place of several; and which of two is the
// smaller.
//
// A candidate owns its lists, and borrows its words from the schedule that it
// was made from.
#ifndef RACELAB_CANDIDATE_H
#define RACELAB_CANDIDATE_H

#include "replay.h"
#include "schedule.h"

#include <stdint.h>

struct schedule candidate_copy(const struct schedule *from);
void candidate_done(struct schedule *candidate);

// Of the lines that are choices, `count` from `first` on.
void candidate_drop(struct schedule *candidate, size_t first, size_t count);
// … are replaced by `line`.
void candidate_put(struct schedule *candidate, size_t first, size_t count,
                   const struct directive *line);
// … are moved, so that they stand behind `to` of the others.
void candidate_move(struct schedule *candidate, size_t first, size_t count,
                    size_t to);

// Drops a request, and each line that sends it.
void candidate_drop_request(struct schedule *candidate, size_t number);

// Drops the lines that were passed over; returns how many there were.
size_t candidate_drop_passed_over(struct schedule *candidate,
                                  const struct followed *followed);

// The text, which the caller frees.
char *candidate_print(const struct schedule *candidate);

// What is compared, the first that differs: less is smaller.
struct candidate_size {
    size_t lines, requests;
    // No point: 0, a point: 1, the name of a call: 2, an access: 3, summed up.
    size_t names;
    int64_t early; // the steps at which the lines were done, negated
    char *text;    // owned
};

struct candidate_size candidate_measure(const struct schedule *candidate,
                                        const struct followed *followed);
bool candidate_smaller(const struct candidate_size *a,
                       const struct candidate_size *b);

#endif
