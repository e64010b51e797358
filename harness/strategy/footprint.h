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
    uint64_t late;          // written, whatever is done to `object`; 0: none
    unsigned bytes;         // OP_POINT: from `object` on; 0: all others
    bool timed;
};

// What a point announces is its object, however large that is.
static inline unsigned footprint_bytes(const struct op *op) {
    return op->kind == OP_POINT && op->bytes == 0 ? 1 : op->bytes;
}

// Do two pieces of memory overlap, of which neither is at 0?
static inline bool footprint_overlaps(uint64_t a, unsigned a_bytes, uint64_t b,
                                      unsigned b_bytes) {
    return a && b && a < b + b_bytes && b < a + a_bytes;
}

// Of two accesses: do both touch what `a` may only now write?
static inline bool footprint_hits(const struct footprint *a,
                                  const struct footprint *b) {
    return a->late &&
           (footprint_overlaps(a->late, a->bytes, b->object, b->bytes) ||
            footprint_overlaps(a->late, a->bytes, b->late, b->bytes));
}

// Is there an object that both touch? Of two accesses: the same bytes.
static inline bool footprint_shares(const struct footprint *a,
                                    const struct footprint *b) {
    if (a->bytes && b->bytes)
        return footprint_overlaps(a->object, a->bytes, b->object, b->bytes) ||
               footprint_hits(a, b) || footprint_hits(b, a);
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
