// records.h - each race of an execution as a record: what was raced for, who
// the two were, where they stood, what they held, who had started them.
//
// ThreadSanitizer's report knows two tasks and two stacks. The trace knows the
// rest: in which step, for which request, under which locks. Where
// ThreadSanitizer does not look, the harness's own detector says which two
// accesses they were.
//
// Rules
//   - A record is the same for the same schedule in every build of its kind; no
//     address is in it.
//   - Everything in it is its own.
#ifndef RACELAB_RECORDS_H
#define RACELAB_RECORDS_H

#include "execute.h"

enum { RECORD_LOCKS = 8 };

// A place in the program's source; line 0: not known.
struct record_place {
    char function[LIMIT_NAME];
    char file[LIMIT_NAME * 4];
    int line;
};

struct record_side {
    char task[LIMIT_NAME];
    char request[LIMIT_NAME]; // that the task worked for; "": none
    bool write;
    int bytes;         // of the access; 0: not known
    const char *point; // that announced it; NULL: not known. Borrowed for ever
    struct record_place place;
    int step; // its number; 0: not known, and then neither are the next two
    // What the task held: "context#1.lock", in the order in which it was taken.
    char locks[RECORD_LOCKS][LIMIT_NAME * 2];
    int lock_count;
    // Who started the task, where, in which step; "": it was there before.
    char parent[LIMIT_NAME];
    struct record_place made_at;
    int made_step;
};

struct record {
    char kind[LIMIT_NAME];       // "data-race"
    char object[LIMIT_NAME];     // "context.keys"
    int step;                    // after which it was seen
    struct record_side sides[2]; // the earlier one first
    int side_count;              // 0: a report about locks
};

// Fills `records` (LIMIT_RACES of them) with the races of an execution that has
// been written down in detail: those that ThreadSanitizer reported, or those
// that the harness saw. Returns how many.
int records_of(const struct execution *execution, struct record *records);
int records_of_harness(const struct execution *execution,
                       struct record *records);

#endif
