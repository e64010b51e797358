// memory.h - large pieces of memory of the harness's own, most of which is
// never touched.
//
// By plain system call: an allocation that ThreadSanitizer sees is written down
// byte by byte, which for megabytes takes longer than a whole exploring.
#ifndef RACELAB_MEMORY_H
#define RACELAB_MEMORY_H

#include <stddef.h>

// All zero. NULL: there is none.
void *memory_map(size_t bytes);
// `memory` may be NULL.
void memory_unmap(void *memory, size_t bytes);

#endif
