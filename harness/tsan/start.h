// start.h - whether a program with the thread sanitizer can start here.
//
// The sanitizer's runtime wants the program's memory at addresses that it
// knows. Newer kernels scatter a program further (vm.mmap_rnd_bits above 28)
// than the runtimes of gcc 12 and clang 14 allow: they give up with
// "unexpected memory mapping", before any code of the program has run. The
// cure is to start the program without randomised addresses, where the system
// lets us: containers often do not.
//
// Rules
//   - Uninstrumented: the launcher that uses it must start anywhere.
#ifndef RACELAB_TSAN_START_H
#define RACELAB_TSAN_START_H

enum { START_BITS_UNKNOWN = -1 };

// The most bits of randomness that every runtime copes with.
enum { START_BITS_SAFE = 28 };

// vm.mmap_rnd_bits. It is for root to read: START_BITS_UNKNOWN otherwise.
int start_bits(void);

// Turns randomised addresses off for what this process executes from now on.
// 0, or -1: the system refuses.
int start_fixed_addresses(void);

// What to do where the sanitizer cannot start: lines, ending with NULL.
extern const char *const start_remedies[];

#endif
