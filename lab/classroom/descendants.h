// descendants.h - the processes that a process has started, and those that
// they have.
//
// Found by /proc/PID/task/TID/children, which takes no look at all the other
// processes of a machine that many share. Where the kernel has no such file
// none are found.
//
// Rules
//   - Processes come and go meanwhile: what is found is a sample. Whoever wants
//     them all dead asks again until there are none.
#ifndef LAB_CLASSROOM_DESCENDANTS_H
#define LAB_CLASSROOM_DESCENDANTS_H

#include <stddef.h>
#include <sys/types.h>

enum {
    DESCENDANTS_MAX = 1024,         // more are not told apart from these
    DESCENDANTS_THREADS_MAX = 1024, // of one process: more count as MAX
};

struct descendants {
    unsigned count;        // without `ancestor` itself
    size_t resident_bytes; // of all of them together
};

void descendants_measure(pid_t ancestor, struct descendants *found);

// Sends SIGKILL to each that is found.
void descendants_kill(pid_t ancestor);

#endif
