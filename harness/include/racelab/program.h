// program.h - a program under test, and the command line around it.
//
// A program is a function that sets up, runs its loop to the end and cleans
// up; the harness calls it once an execution, as the task "loop". A lab is a
// list of programs and of verbs of its own; racelab_main() gives it the command
// line.
//
// Rules
//   - run() starts from nothing and leaves nothing: two calls are alike.
//   - It serves the first TCP port that it listens on (ask for port 0) and
//     ends when it is sent SIGTERM through a uv_signal_t.
//   - All of these structs are static: borrowed for ever, never freed.
#ifndef RACELAB_PROGRAM_H
#define RACELAB_PROGRAM_H

#include <stdbool.h>

struct racelab_program {
    const char *name;    // as in "program raw"
    const char *summary; // one line for `racelab list`
    const char *right;   // the one right outcome of every job
    // What its clients send unless they are told otherwise: "/test,/test",
    // which NULL stands for.
    const char *requests;
    int (*run)(const struct racelab_program *program); // 0, or not
    const void *data;                                  // the program's own
    int workers; // of the thread pool; 0: 4, as in libuv
    // What it does is left to chance; of its executions only what is found in
    // them is worth a word.
    bool is_undefined;
};

// A verb of the lab's own. argv[0] is the verb. Returns the exit status:
// 0 as it should be, 1 a finding, 2 trouble.
struct racelab_verb {
    const char *name;
    const char *arguments; // "[--port N]", for --help
    const char *summary;
    int (*run)(int argc, char **argv);
    bool is_common; // `racelab --help` shows it, not --help-all alone
};

// The English for an outcome, where there is one.
struct racelab_gloss {
    const char *outcome, *english;
};

// A column of `racelab matrix`: the executions in which others had changed the
// subject's pooled object that far when it came to look at it.
struct racelab_column {
    const char *name; // of a schedule that is one of them; NULL ends the list
    const char *head; // a short name
    const char *summary;
    int moment; // how many of the lesson's marks had been passed
    // What B sends instead of what the program would; or NULL.
    const char *second;
    const char *then; // requests that come when all else is over; or NULL
    bool same_time;   // the clock stands still
};

// What `racelab table` and `racelab matrix` show unless they are told
// otherwise. Lists end with NULL.
struct racelab_lesson {
    const char *directory;        // of the schedules
    const char *const *schedules; // in the order of the lesson
    const char *const *programs;  // the columns of the table
    const char *subject;          // the request that all is about
    const char *look;             // the point at which it comes to look
    const char *const *marks;     // points at which another changes the object
    const struct racelab_column *columns;
};

struct racelab_lab {
    const struct racelab_program *const *programs; // ends with NULL
    const struct racelab_verb *verbs;              // ends with a NULL name
    const struct racelab_gloss *glosses;           // likewise; may be NULL
    const struct racelab_lesson *lesson;           // may be NULL
};

// The whole command line. Returns the exit status.
int racelab_main(int argc, char **argv, const struct racelab_lab *lab);

#endif
