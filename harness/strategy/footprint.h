// footprint.h - what a step touches, and whether it matters which of two steps
// comes first.
//
// Objects are known by numbers that mean the same in every execution of an
// exploring; whoever takes a footprint sees to that. docs/exploring has the
// relation in words.
#ifndef RACELAB_FOOTPRINT_H
#define RACELAB_FOOTPRINT_H

#include "op.h"

struct footprint {
    enum op_kind kind;
    enum op_kind effect; // the kind, or of a try what it came to: OP_CALL if
                         // to nothing
    enum op_access access;
    uint64_t object, mutex; // 0: none
    bool timed;
};

// Is there an object that both touch?
static inline bool footprint_shares(const struct footprint *a,
                                    const struct footprint *b) {
    return (a->object && (a->object == b->object || a->object == b->mutex)) ||
           (a->mutex && (a->mutex == b->object || a->mutex == b->mutex));
}

// Of two that touch the same object: does it matter which of them comes first?
bool footprint_conflicts(const struct footprint *a, const struct footprint *b);

// Does it matter which of the two comes first? Symmetric. Two steps of which
// this is not so can change places, and neither makes the other possible or
// impossible. Asked of each step and all before it, and mostly not so: hence
// inline.
static inline bool footprint_dependent(const struct footprint *a,
                                       const struct footprint *b) {
    return footprint_shares(a, b) && footprint_conflicts(a, b);
}

#endif
