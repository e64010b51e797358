#include "edges.h"

#include <stddef.h>

// Weak: absent in a build without ThreadSanitizer, and then NULL.
void __tsan_init(void) __attribute__((weak));
void __tsan_ignore_thread_end(void) __attribute__((weak));
void __tsan_mutex_post_divert(void *mutex, unsigned flags)
    __attribute__((weak));
void AnnotateIgnoreSyncEnd(const char *file, int line) __attribute__((weak));
void __tsan_acquire(void *address) __attribute__((weak));
void __tsan_release(void *address) __attribute__((weak));

bool edges_checked(void) {
    return __tsan_init != 0;
}

// What __tsan_ignore_thread_begin() does, but for the caller's stack, which
// that looks up and keeps: an execution of the server has a hundred of these.
// post_divert, meant for a mutex whose wait calls back, ignores accesses and
// synchronisation alike; of the two the second stays visible here.
void edges_ignore_begin(void) {
    if (!edges_checked())
        return;
    __tsan_mutex_post_divert(NULL, 0);
    AnnotateIgnoreSyncEnd(__FILE__, __LINE__);
}

void edges_ignore_end(void) {
    if (__tsan_ignore_thread_end)
        __tsan_ignore_thread_end();
}

void edges_release(void *object) {
    if (__tsan_release)
        __tsan_release(object);
}

void edges_acquire(void *object) {
    if (__tsan_acquire)
        __tsan_acquire(object);
}
