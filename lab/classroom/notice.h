// notice.h - noticing that a file was saved.
//
// The system tells (inotify) where it can; on network and container folders it
// cannot and does not say so. So the files are looked at from time to time as
// well, all the oftener where nothing is told. What counts as saved is another
// content, or another time of change: an editor that renames a new file over
// the old one is as good as one that writes into it.
//
// Rules
//   - Signals that the caller waits for are blocked but in notice_wait().
#ifndef LAB_CLASSROOM_NOTICE_H
#define LAB_CLASSROOM_NOTICE_H

#include "handout.h"

#include <signal.h>
#include <stdint.h>

struct notice {
    const char *directory; // borrowed until notice_end()
    const struct handout *files;
    int events;      // a descriptor; -1: nothing is told
    int interval_ms; // between two looks
    uint64_t seen;
};

// With `polls` nothing is asked of the system.
void notice_begin(struct notice *notice, const char *directory,
                  const struct handout *files, bool polls);

// Returns true when one of the files that are handed in was saved, and all of
// them are at rest; false when a signal that is not in `mask` came.
bool notice_wait(struct notice *notice, const sigset_t *mask);

void notice_end(struct notice *notice);

#endif
