// cause.h - why a task reported what it did: the facts of one sentence.
//
// What is said of an outcome rests on a step that touched something, and on
// another step: of the deciding pair where there is one, that is, if the task
// reports something else when the two come the other way round. Everything in
// here is a copy or lasts for ever; no place of it differs between builds.
#ifndef RACELAB_CAUSE_H
#define RACELAB_CAUSE_H

#include "finding.h"
#include "limit.h"
#include "op.h"

struct cause_step {
    int step; // its number; 0: there is none
    enum op_kind kind;
    enum op_access access;
    const char *name;            // of the point or the call
    char task[LIMIT_NAME];       // who made it …
    char request[LIMIT_NAME];    // … and for whom; "": for nobody
    char object[LIMIT_NAME * 2]; // "context#1.keys"; or ""
    char file[LIMIT_NAME * 4];   // of the call in the program …
    char function[LIMIT_NAME];   // … and the function it stands in
    int line;                    // 0: not known
    const char *saw;             // what the program says that it found; or NULL
    long long value;             // and that was
};

// Whose the pooled object was that was touched.
struct cause_owner {
    char object[LIMIT_NAME * 2]; // "context#1"; "": it is none
    bool foreign;                // not of the request that was worked for
    int put;                     // when that had put it; 0: never
    char request[LIMIT_NAME];    // whose it was then; "": nobody's …
    int since;                   // … since it got it
    // Who had had it since `put`, when it is nobody's; "": nobody.
    char last[LIMIT_NAME];
    int last_got, last_put;
};

// What orders the two steps.
enum cause_order {
    CAUSE_NOTHING,  // they race, if no atomic object is touched
    CAUSE_ONE_TASK, // which does one thing after the other
    CAUSE_LOCK,
    CAUSE_ATOMIC,
    CAUSE_QUEUE, // of the thread pool
    CAUSE_START, // of a thread
    CAUSE_JOIN,
    CAUSE_CALLS, // others: a semaphore, a message to a loop …
};

struct cause {
    char task[LIMIT_NAME], outcome[LIMIT_NAME * 4], request[LIMIT_NAME];
    char reporter[LIMIT_NAME]; // the task that reported it: of "A.work" a loop
    bool right;
    struct cause_step touch; // step 0: nothing that is worth a word
    struct cause_owner owner;
    struct cause_step other; // step 0: nobody else comes into it
    struct cause_step seen;  // the last to write before `touch`, if not `other`
    bool decided;            // `touch` and `other` are the deciding pair
    char exchanged[LIMIT_NAME * 4]; // what is reported the other way round
    int exchanged_first,
        exchanged_second; // and in which steps the two are then
    int tried; // executions in which two steps were the other way round
    enum cause_order order;
    struct cause_step from, to; // the two ends of the edge, if it is one
    // What nothing orders with `touch`, if something does with `other`.
    struct cause_step unordered;
};

// One who cannot go on.
struct cause_wait {
    char task[LIMIT_NAME];
    enum op_kind kind;
    const char *call;
    char object[LIMIT_NAME * 2]; // what is waited for; or ""
    char place[LIMIT_NAME * 5];  // "FILE:LINE"; or ""
    int holder_count;            // or, of a join, who is waited for
    struct {
        char task[LIMIT_NAME];
        char place[LIMIT_NAME * 5];
    } holders[4];
};

// A finding that no outcome's sentence tells.
struct cause_finding {
    struct finding finding;
    struct cause_step step;  // in which it was made
    struct cause_step waits; // FINDING_BLOCKED_LOOP: the call that waited
    char owner[LIMIT_NAME];  // the names of the finding's requests
    char request[LIMIT_NAME];
    char sleeper[LIMIT_NAME]; // the name of that task
};

#endif
