// nearest.h - "did you mean": the nearest of some names to a misspelt one.
#ifndef RACELAB_NEAREST_H
#define RACELAB_NEAREST_H

#include <stddef.h>

// The name that is fewest edits away (Levenshtein), or NULL where none is
// nearer than half the length of `name` (rounded up). Borrows; ties go to the
// first.
const char *nearest_name(const char *name, const char *const *names,
                         size_t count);

#endif
