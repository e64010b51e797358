// edges.h - what ThreadSanitizer must be told, and what it must not see.
//
// Every function does nothing in a build without ThreadSanitizer, and costs no
// more than to see that: they stand round every controlled call.
#ifndef RACELAB_EDGES_H
#define RACELAB_EDGES_H

#include <stdbool.h>

void __tsan_init(void) __attribute__((weak)); // NULL: it is not there

// Is ThreadSanitizer in this process?
static inline bool edges_checked(void) {
    return __tsan_init != 0;
}

// What the functions below do where it is.
void edges_tell_ignore_begin(void);
void edges_tell_ignore_end(void);
void edges_tell_release(void *object);
void edges_tell_acquire(void *object);

// Between these two the calling thread's memory accesses are not looked at.
// The harness is not instrumented, but the C library's functions that it calls
// are intercepted all the same. They nest. Synchronisation stays visible.
static inline void edges_ignore_begin(void) {
    if (edges_checked())
        edges_tell_ignore_begin();
}
static inline void edges_ignore_end(void) {
    if (edges_checked())
        edges_tell_ignore_end();
}

// The two halves of an edge, for the two primitives whose real call cannot be
// made (a barrier and a once would wait for a task that is not running).
// Exactly what the runtime itself does for them, no more.
static inline void edges_release(void *object) {
    if (edges_checked())
        edges_tell_release(object);
}
static inline void edges_acquire(void *object) {
    if (edges_checked())
        edges_tell_acquire(object);
}

#endif
