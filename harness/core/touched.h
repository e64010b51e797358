// touched.h - which words of named memory more than one task touches.
//
// What one task alone touches, in every execution of an exploring, is no
// choice: nobody can tell when it was touched. That is only known at the end.
// So an exploring begins with what it has seen so far, and if that has grown,
// begins anew.
//
// Rules
//   - A word is known by the name of its memory and its place in there: what
//   two
//     tasks share of one piece counts as shared of every piece of that name.
#ifndef RACELAB_TOUCHED_H
#define RACELAB_TOUCHED_H

#include "names.h"
#include "lookup.h"

#include <stdbool.h>

struct touched {
    struct lookup known; // of all executions
    struct lookup first; // of this execution, by address
    bool grown;          // since touched_begin
};

// 0, or -1: no memory.
int touched_init(struct touched *touched);
void touched_done(struct touched *touched);

// An exploring begins, anew or at all.
void touched_begin(struct touched *touched);
// An execution of it begins.
void touched_clear(struct touched *touched);

// `task` is about to touch `bytes` from `address` on, all of the piece `whole`.
// Is one of its words known to be shared?
bool touched_touch(struct touched *touched, const struct name *whole,
                   uintptr_t address, uintptr_t bytes, int task);

#endif
