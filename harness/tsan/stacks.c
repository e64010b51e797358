#include "stacks.h"

void *__tsan_create_fiber(unsigned flags) __attribute__((weak));
void *__tsan_get_current_fiber(void) __attribute__((weak));
void __tsan_switch_to_fiber(void *fiber, unsigned flags) __attribute__((weak));
void __tsan_set_fiber_name(void *fiber, const char *name) __attribute__((weak));
void __asan_unpoison_memory_region(const void volatile *memory, size_t bytes)
    __attribute__((weak));

enum { WITHOUT_SYNCHRONISATION = 1 };

void *stacks_tsan_new(const char *name) {
    if (!__tsan_create_fiber)
        return NULL;
    void *fiber = __tsan_create_fiber(0);
    __tsan_set_fiber_name(fiber, name);
    return fiber;
}

void *stacks_tsan_current(void) {
    return __tsan_get_current_fiber ? __tsan_get_current_fiber() : NULL;
}

void stacks_tell_switch(void *fiber) {
    __tsan_switch_to_fiber(fiber, WITHOUT_SYNCHRONISATION);
}

void stacks_asan_clean(const void *memory, size_t bytes) {
    if (__asan_unpoison_memory_region)
        __asan_unpoison_memory_region(memory, bytes);
}
