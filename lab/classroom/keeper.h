// keeper.h - a process that stands between the judge and one command.
//
// It starts the command, under the limits that the system itself can hold, and
// is the one to whom the command's orphans come (PR_SET_CHILD_SUBREAPER): so
// none of them is lost, whatever session it has moved to. It ends when the
// command has ended and all that the command has started is dead.
//
// Rules
//   - SIGTERM makes an end of them all; so does the end of the keeper's parent.
//   - Everything here is used after a fork, and does not return.
#ifndef LAB_CLASSROOM_KEEPER_H
#define LAB_CLASSROOM_KEEPER_H

#include <stdbool.h>
#include <sys/types.h>

struct sandbox_command;

// What a keeper writes to `report`, once; nothing when it was killed itself.
struct keeper_report {
    int error;       // an errno: the command could not be started
    int wait_status; // as from waitpid(); of a killed one if we were told to
                     // stop
};

struct keeper_ends {
    int input, output, errors, report; // descriptors
};

// In a process that `judge` has forked for it.
_Noreturn void keeper_run(const struct sandbox_command *command,
                          const struct keeper_ends *ends, pid_t judge,
                          bool in_bubblewrap);

#endif
