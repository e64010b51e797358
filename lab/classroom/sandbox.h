// sandbox.h - commands that are not trusted, run side by side and watched.
//
// What a student handed in is compiled and run by processes of its own, under
// limits. What they print is kept up to a bound; what becomes of them is told
// in one word. Bubblewrap is tried first, by running something in it; where it
// does not work, Landlock keeps the files (confine.h). Limits of the system and
// a watch over the processes hold everywhere.
//
// Rules
//   - The caller alone says what the result means: nothing that a command
//     prints is shown or believed here.
//   - When sandbox_run() returns, no process that it started is left, nor any
//     that those started.
//   - What is watched is looked at some fifty times a second: a command may be
//     over a limit for that long.
#ifndef LAB_CLASSROOM_SANDBOX_H
#define LAB_CLASSROOM_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

enum sandbox_end {
    SANDBOX_EXITED,    // with `status`
    SANDBOX_SIGNALLED, // killed by signal `status`
    SANDBOX_TIME,      // took too long
    SANDBOX_MEMORY,    // wanted too much of it
    SANDBOX_PROCESSES, // started too many
    SANDBOX_OUTPUT,    // printed or wrote too much
    SANDBOX_FAILED,    // could not be started; `status` is an errno
};

struct sandbox_limits {
    unsigned wall_ms;
    size_t memory_bytes; // resident, of all its processes together
    unsigned processes;  // beside the first one; its threads do not count
    size_t output_bytes; // of standard output, and as much of standard error
    size_t file_bytes;   // of any one file
};

struct sandbox_command {
    // Given, and borrowed until sandbox_run() returns.
    const char *const *argv;     // argv[0] is looked up in PATH
    const char *const *settings; // "NAME=value" beside PATH, TMPDIR; or NULL
    const char *directory;       // where it runs, and all that is its to write
    const char *input;           // its standard input; NULL: empty
    struct sandbox_limits limits;

    // What became of it. Free with sandbox_free().
    enum sandbox_end end;
    int status;
    char *output; // its standard output, ended by a 0
    size_t output_bytes;
    char *errors;     // its standard error, likewise
    unsigned wall_ms; // for benchmarks; never in what is compared
};

// Runs `count` commands side by side and returns when all have ended.
void sandbox_run(struct sandbox_command *commands, unsigned count);
void sandbox_free(struct sandbox_command *command);

// Is it Bubblewrap that keeps them? Tried once in a process's life.
bool sandbox_is_bubblewrap(void);

#endif
