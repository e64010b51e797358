#include "edges.h"

// Weak: absent in a build without ThreadSanitizer, and then NULL.
void __tsan_init(void) __attribute__((weak));
void __tsan_ignore_thread_begin(void) __attribute__((weak));
void __tsan_ignore_thread_end(void) __attribute__((weak));
void __tsan_acquire(void *address) __attribute__((weak));
void __tsan_release(void *address) __attribute__((weak));

bool edges_checked(void) {
    return __tsan_init != 0;
}

void edges_ignore_begin(void) {
    if (__tsan_ignore_thread_begin)
        __tsan_ignore_thread_begin();
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
