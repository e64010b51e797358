#include "footprint.h"

static bool reads_lock(const struct footprint *footprint) {
    return footprint->kind == OP_READ_LOCK || footprint->kind == OP_READ_UNLOCK;
}

// Points, and a uv_once whose callback has returned: two that read do not
// depend on one another.
static bool has_access(const struct footprint *footprint) {
    return footprint->kind == OP_POINT || footprint->kind == OP_ONCE;
}

// The thread pool's queue: who puts something behind the others is nothing to
// those who take it from the front.
static bool at_queue(enum op_kind a, enum op_kind b) {
    return a == OP_QUEUE_WORK &&
           (b == OP_TAKE_WORK || b == OP_WORK_DONE || b == OP_CANCEL_WORK);
}

static bool writes(const struct footprint *footprint) {
    return op_access_writes(footprint->access);
}

bool footprint_conflicts(const struct footprint *a, const struct footprint *b) {
    if (a->bytes && b->bytes)
        return writes(a) || writes(b) || footprint_hits(a, b) ||
               footprint_hits(b, a);
    if (has_access(a) && has_access(b))
        return writes(a) || writes(b);
    if (a->kind == OP_LOOK || b->kind == OP_LOOK) // at what others write
        return writes(a) || writes(b);
    if (reads_lock(a) && reads_lock(b))
        return false;
    if (a->kind == OP_WORK_DONE && b->kind == OP_WORK_DONE)
        return a->mutex == b->mutex; // handed back to the same loop
    if (at_queue(a->kind, b->kind) || at_queue(b->kind, a->kind))
        return false;
    return a->kind != OP_POST || b->kind != OP_POST;
}
