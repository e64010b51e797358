// owner.h - whose a pooled object is.
//
// A pool gives an object to a request and takes it back; in between the object
// is that request's, and so may be touched by the tasks that work for it: the
// loop in its callbacks, the threads that these start, the work that they
// queue. Whoever else touches it is a finding, were it in the best of orders:
// the next request has the object, or will get it in the middle.
//
// Rules
//   - An object is known from its first get on. What no pool gives is nobody's
//     and anybody's: a copy may be touched at will.
//   - An object that overlaps one that is known is new memory, of which the
//     allocator has made something else: the old one is gone.
//   - A request is known by its name. Two of one name are one.
#ifndef RACELAB_OWNER_H
#define RACELAB_OWNER_H

#include "finding.h"
#include "names.h"

#include <stddef.h>

enum { OWNER_NOBODY = 0 };

struct owner_object {
    uintptr_t base, bytes;
    int owner;    // a request, or OWNER_NOBODY: it lies in the pool
    int got_step; // since when
    int put_step; // when it was put last; 0: never
    int task;     // who got it last
};

struct owners {
    int request_count;
    char requests[LIMIT_TASKS][LIMIT_NAME]; // request n is the n-1st
    uintptr_t first[LIMIT_TASKS + 1]; // of request n: what it got first; or 0
    int object_count;
    struct owner_object objects[LIMIT_POOLED];
    struct findings *findings; // borrowed
    const struct names *names; // for the findings' text; NULL: nobody reads it
};

void owners_clear(struct owners *owners, struct findings *findings,
                  const struct names *names);

// The number of a request's name, which is copied; OWNER_NOBODY: there are
// LIMIT_TASKS others.
int owners_request(struct owners *owners, const char *name);
// "" for OWNER_NOBODY. Borrowed until the next execution.
const char *owners_name(const struct owners *owners, int request);

// The pooled object that `address` is part of; NULL: of none. Asked of every
// access, and mostly there is none: hence inline.
static inline const struct owner_object *
owners_find(const struct owners *owners, uintptr_t address) {
    for (int i = 0; i < owners->object_count; i++)
        if (address - owners->objects[i].base < owners->objects[i].bytes)
            return &owners->objects[i];
    return NULL;
}

// `task` gets `bytes` at `base` for `request`, in that step. False: more than
// LIMIT_POOLED objects.
bool owners_get(struct owners *owners, uintptr_t base, uintptr_t bytes,
                int request, int task, int step, const char *point);

// `task`, which works for `request`, puts it back. False: no pool has given it.
bool owners_put(struct owners *owners, uintptr_t base, int request, int task,
                int step, const char *point);

// Is there an object that is this request's?
bool owners_has(const struct owners *owners, int request);

// `task`, which works for `request`, does at a point what `op` announces.
void owners_touch(struct owners *owners, const struct op *op, int request,
                  int task, int step);

// Adds a finding about a pooled object, with its names filled in.
void owners_add(struct owners *owners, const struct finding *finding);

// The program has come to its end: what has not been put never will be.
void owners_end(struct owners *owners);

#endif
