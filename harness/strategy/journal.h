// journal.h - the strategy that has another one choose, and writes down what it
// chose and what each step touched.
//
// What is written down stays when the execution is over: it borrows nothing of
// it. Whoever wants to know what another order would have come to follows it
// with exchange.h.
#ifndef RACELAB_JOURNAL_H
#define RACELAB_JOURNAL_H

#include "footprint.h"
#include "limit.h"
#include "ports.h"

// A choice. Polls in a row are one turn: how many a loop needs is libuv's
// business.
struct journal_grant {
    int task;
    int turn;   // as which of its task's turns; from 1
    bool again; // a further poll of the same turn
    int step;   // the number of the step in which it was done
    bool by_time;
    bool clock_stopped;
};

// What the trace does not say of its step of that number.
struct journal_step {
    int grant; // by which it was done
    // Of points, and of the calls that touch an object: as in op.h, objects by
    // numbers that are theirs for the whole execution. `pooled`: what `object`
    // is part of, or is itself.
    enum op_kind kind;
    enum op_access access;
    uint64_t object, pooled;
    unsigned bytes; // of a point, from `object` on; 0: all others
    char object_name[LIMIT_NAME * 2]; // "context#1.keys"; or ""
    char pooled_name[LIMIT_NAME * 2];
};

enum { JOURNAL_HOLDERS = 4 }; // of one lock that are told

// A task that cannot go on when the execution is over.
struct journal_wait {
    int task;
    enum op_kind kind;
    const char *call;  // borrowed for ever
    const void *place; // of the call
    char object_name[LIMIT_NAME * 2];
    int holder_count; // OP_JOIN: the one who is waited for
    int holders[JOURNAL_HOLDERS];
    const void *held_since[JOURNAL_HOLDERS]; // places
};

struct journal {
    struct strategy strategy; // first, so that one can be had from the other
    struct strategy *chooser; // borrowed
    struct journal_grant *grants;
    int grant_count;
    struct journal_step *steps; // that of number n is the n-1st
    int turns[LIMIT_TASKS];
    bool polls[LIMIT_TASKS]; // was its last choice a poll?
    struct journal_wait waits[LIMIT_TASKS];
    int wait_count;
    char task_names[LIMIT_TASKS][LIMIT_NAME];
    int task_count;
};

// Lays out the memory. 0, or -1: no memory.
int journal_init(struct journal *journal, struct strategy *chooser);
void journal_done(struct journal *journal);

#endif
