// label.h - what a single access is called: "read context.keys in
// context_get:117".
#ifndef RACELAB_LABEL_H
#define RACELAB_LABEL_H

#include "limit.h"
#include "op.h"

// The access at `place` to memory called `object`. Without the function and its
// line where they are not known. Kept until the process ends.
const char *label_of(enum op_access kind, const char *object,
                     const void *place);

#endif
