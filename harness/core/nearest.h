// nearest.h - "did you mean": the nearest of some names to a misspelt one.
#ifndef RACELAB_NEAREST_H
#define RACELAB_NEAREST_H

#include <stddef.h>

// The name that is fewest edits away, or NULL where none is near: at most one
// letter in three of the longer of both is changed. An edit adds, takes away or
// changes one letter, or swaps two neighbours. Borrows; ties go to the first.
const char *nearest_name(const char *name, const char *const *names,
                         size_t count);

#endif
