// heap.h - memory, or the end.
//
// A simplification on purpose: a server that runs out of memory could answer
// 500 in some places, and each of those would need its test. This one says so
// and aborts. Free with free().
#ifndef LAB_SERVER_HEAP_H
#define LAB_SERVER_HEAP_H

#include <stddef.h>

// Gives `bytes` of zeroes.
void *heap_new(size_t bytes);

// As realloc(): takes `memory` (or NULL), gives at least `bytes`.
void *heap_grow(void *memory, size_t bytes);

#endif
