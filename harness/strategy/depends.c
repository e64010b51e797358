#include "depends.h"

static bool share_object(const struct op *a, const struct op *b) {
    return (a->object && (a->object == b->object || a->object == b->mutex)) ||
           (a->mutex && (a->mutex == b->object || a->mutex == b->mutex));
}

static bool reads_lock(const struct op *op) {
    return op->kind == OP_READ_LOCK || op->kind == OP_READ_UNLOCK;
}

bool depends(const struct op *a, const struct op *b) {
    if (a->kind == OP_SEND && b->kind == OP_SEND)
        return true;
    if (!share_object(a, b))
        return false;
    if (a->kind == OP_POINT && b->kind == OP_POINT)
        return a->access == ACCESS_WRITE || b->access == ACCESS_WRITE;
    if (reads_lock(a) && reads_lock(b))
        return false;
    return a->kind != OP_POST || b->kind != OP_POST;
}
