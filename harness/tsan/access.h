// access.h - single accesses of the program's to its memory, as they are made.
//
// A program that is built for ThreadSanitizer calls its runtime before each
// access to memory that tasks may share. Linked with ACCESS_LINK (harness/
// meson.build), these calls come here first, and so do those of memcpy and its
// like; then they go on to the runtime, from where they came.
//
// Rules
//   - Nothing is asked of accesses outside of the bounds that are watched, and
//     nothing at all while none are: one branch that is never taken.
//   - What memcpy and its like do is cut into words, and each is read, and
//     written, when it has been asked for.
#ifndef RACELAB_TSAN_ACCESS_H
#define RACELAB_TSAN_ACCESS_H

#include "op.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct access {
    uintptr_t address;
    size_t bytes;
    enum op_access kind;
    bool no_acquire, no_release; // as in op.h
    // What the code said before that it writes it may only write now: a
    // compiler copies a struct when it has told of both halves.
    bool may_copy;
    const void *place; // of the access in the program
};

struct access_watcher {
    // An access is about to be made.
    void (*stop)(const struct access *access);
    // It is being made; where a string ends has been seen.
    void (*made)(const struct access *access);
};

// Is this program built so that its accesses can be watched? If not, what to
// do, in one line; else NULL.
const char *access_remedy(void);

// From here on `watcher`, which is borrowed, hears of the accesses to what lies
// between `low` and `high`. NULL: nobody does.
void access_watch(const struct access_watcher *watcher, uintptr_t low,
                  uintptr_t high);

#endif
