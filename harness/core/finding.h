// finding.h - what was found wrong with an execution, whatever it printed and
// whatever a detector of races says: who touched what was not his own, what
// never came back, who kept a loop waiting, who was never answered.
//
// Rules
//   - None of it depends on what happens before what. A lock that orders two
//     tasks makes neither the owner of what the other has.
//   - Findings come in the order in which they were made; of one task with one
//     pooled object, while that belongs to one request, the first of its kind
//     is kept.
#ifndef RACELAB_FINDING_H
#define RACELAB_FINDING_H

#include "limit.h"
#include "op.h"

enum finding_kind {
    FINDING_FOREIGN,      // touches a pooled object that is not its own
    FINDING_FOREIGN_PUT,  // puts one that is not its own, or is in the pool
    FINDING_FOREIGN_GET,  // is given one that is still somebody else's
    FINDING_LEAK,         // of a pooled object: it was never put
    FINDING_BLOCKED_LOOP, // waits or sleeps in a callback
    FINDING_MEMORY,     // touches a pooled object that was given back to malloc
    FINDING_UNANSWERED, // a request: the program ends, and has sent nothing
    FINDING_KINDS,
};

struct finding {
    enum finding_kind kind;
    int task, step;           // who, and its number
    const char *name;         // of the point, call or report; borrowed for ever
    enum op_access access;    // FINDING_FOREIGN, FINDING_MEMORY
    uintptr_t object, pooled; // what is touched, and what it is part of
    // Their names, where somebody will read them: "context#1.keys"; else "".
    char object_name[LIMIT_NAME * 2], pooled_name[LIMIT_NAME * 2];
    // Whose it is at that moment, and since which step; 0: nobody's.
    int owner, got_step;
    int put_step;  // in which it was put last; 0: never
    int works_for; // the request that the task works for; 0: none
    int sleeper;   // FINDING_BLOCKED_LOOP: whose sleep is waited for
};

struct findings {
    struct finding list[LIMIT_FINDINGS];
    int count;
    bool of_kind[FINDING_KINDS]; // is there one?
};

void findings_clear(struct findings *findings);

// Adds a copy, unless there is its like.
void findings_add(struct findings *findings, const struct finding *finding);

#endif
