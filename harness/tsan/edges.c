#include "edges.h"

#include <stddef.h>

// Weak: a build without ThreadSanitizer has none of them, and does not come
// here.
void __tsan_ignore_thread_end(void) __attribute__((weak));
void __tsan_mutex_post_divert(void *mutex, unsigned flags)
    __attribute__((weak));
void AnnotateIgnoreSyncEnd(const char *file, int line) __attribute__((weak));
void __tsan_acquire(void *address) __attribute__((weak));
void __tsan_release(void *address) __attribute__((weak));

// What __tsan_ignore_thread_begin() does, but for the caller's stack, which
// that looks up and keeps: an execution of the server has a hundred of these.
// post_divert, meant for a mutex whose wait calls back, ignores accesses and
// synchronisation alike; of the two the second stays visible here.
void edges_tell_ignore_begin(void) {
    __tsan_mutex_post_divert(NULL, 0);
    AnnotateIgnoreSyncEnd(__FILE__, __LINE__);
}

void edges_tell_ignore_end(void) {
    __tsan_ignore_thread_end();
}

void edges_tell_release(void *object) {
    __tsan_release(object);
}

void edges_tell_acquire(void *object) {
    __tsan_acquire(object);
}
