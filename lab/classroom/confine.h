// confine.h - where a process may write, and whom it may signal.
//
// What stands in for Bubblewrap where that does not work: Landlock, which asks
// for no privilege. The process and all that it starts keep to it for good. Of
// newer kernels it takes more; of those before Linux 5.13, and where Landlock
// is turned off, it has nothing, and the limits stand alone.
//
// Rules
//   - Reading and the network are as before: a submission can open nothing that
//     gate.h lets through.
#ifndef LAB_CLASSROOM_CONFINE_H
#define LAB_CLASSROOM_CONFINE_H

#include <stdbool.h>

// The calling process may write, make and remove files in `directory` alone,
// and become nobody else by what it executes. With Linux 6.12 it may signal
// only what it has started. False, with errno: it may all that it might before.
bool confine(const char *directory);

// Does this kernel have Landlock?
bool confine_is_possible(void);

#endif
