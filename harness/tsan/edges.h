// edges.h - what ThreadSanitizer must be told, and what it must not see.
//
// Every function does nothing in a build without ThreadSanitizer.
#ifndef RACELAB_EDGES_H
#define RACELAB_EDGES_H

#include <stdbool.h>

// Is ThreadSanitizer in this process?
bool edges_checked(void);

// Between these two the calling thread's memory accesses are not looked at.
// The harness is not instrumented, but the C library's functions that it calls
// are intercepted all the same. They nest. Synchronisation stays visible.
void edges_ignore_begin(void);
void edges_ignore_end(void);

// The two halves of an edge, for the two primitives whose real call cannot be
// made (a barrier and a once would wait for a task that is not running).
// Exactly what the runtime itself does for them, no more.
void edges_release(void *object);
void edges_acquire(void *object);

#endif
