// stacks.h - what the sanitizers must be told when a task is a stack of its
// own and not a thread. Without them every function does nothing.
#ifndef RACELAB_STACKS_H
#define RACELAB_STACKS_H

#include <stddef.h>

// Weak: absent in a build without AddressSanitizer.
void __sanitizer_start_switch_fiber(void **kept, const void *memory,
                                    size_t bytes) __attribute__((weak));
void __sanitizer_finish_switch_fiber(void *kept, const void **from,
                                     size_t *from_bytes) __attribute__((weak));

// What a task's stack is called in ThreadSanitizer's reports, by task id.
#define STACKS_NAME_FORMAT "racelab.%d"

// A task to ThreadSanitizer: its own clock, its own name in reports. Creating
// one is slow with some runtimes (hundreds of microseconds): reuse them.
void *stacks_tsan_new(const char *name);
// The one that is running, which may be the thread's own.
void *stacks_tsan_current(void);
void stacks_tell_switch(void *fiber);
// From now on the accesses are `fiber`'s, if there is one. Orders nothing.
static inline void stacks_tsan_switch(void *fiber) {
    if (fiber)
        stacks_tell_switch(fiber);
}

// Round each switch, for AddressSanitizer: `kept` is the leaving stack's,
// NULL when it is left for good.
static inline void stacks_asan_leave(void **kept, const void *memory,
                                     size_t bytes) {
    if (__sanitizer_start_switch_fiber)
        __sanitizer_start_switch_fiber(kept, memory, bytes);
}
static inline void stacks_asan_arrive(void *kept, const void **from,
                                      size_t *from_bytes) {
    if (__sanitizer_finish_switch_fiber)
        __sanitizer_finish_switch_fiber(kept, from, from_bytes);
}
// Before a stack is used anew: the frames on it that never returned have left
// their bounds marked in it.
void stacks_asan_clean(const void *memory, size_t bytes);

#endif
