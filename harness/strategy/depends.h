// depends.h - does it matter which of two operations comes first?
#ifndef RACELAB_DEPENDS_H
#define RACELAB_DEPENDS_H

#include "op.h"

// Of two tasks that stand before them now. They depend when they are
//   - two points on one object, and one of them writes;
//   - two other operations on one object, but for those that both only read a
//     lock, and two posts of a semaphore;
//   - two requests to be sent: whichever is first, the loop takes first.
bool depends(const struct op *a, const struct op *b);

#endif
