// ask.h - questions to hosts: a verb of racelab on somebody else's handler.
//
// Each is a process of its own in the sandbox; all of them run side by side.
// A host shows that it came to its end by a secret that it was given before it
// loaded what it cannot trust; an answer without it is none.
#ifndef LAB_CLASSROOM_ASK_H
#define LAB_CLASSROOM_ASK_H

#include "exercise.h"
#include "sandbox.h"

#include <jansson.h>
#include <stdbool.h>

enum { ASK_MAX = 12, ASK_WORDS_MAX = 16, ASK_LINE_WORDS_MAX = 40 };

struct question {
    const char *object;  // a shared object; borrowed, like all here
    const char *handler; // a symbol in it
    bool sanitized;      // by the host with the thread sanitizer
    bool undefined;      // what it does is left to chance
    bool places;         // the sanitizer's reports name functions and lines
    const char *words[ASK_WORDS_MAX]; // a verb and its arguments; ends with
                                      // NULL

    // The answer. Free with ask_done().
    bool answered;     // it came to its end
    int status;        // the verb's
    bool made_up;      // a job compared with a time that no clock gave
    bool copy_kept;    // a copy of a context was never freed
    bool memory_kept;  // nor was what it had allocated itself
    bool invalid_free; // it freed what was not its own, or twice
    char *text;        // what it printed
    char *errors;      // what it complained of
    json_t *json;      // the same, where it is a document; else NULL
    enum sandbox_end end;
    unsigned wall_ms;
};

// Asks all, about a program named after `exercise`, in the folder `directory`.
void ask(struct question *questions, unsigned count,
         const struct exercise *exercise, const char *directory);
void ask_done(struct question *question);

// The command line of a host, for whoever runs one in the open. It borrows from
// question and exercise.
struct ask_line {
    const char *words[ASK_LINE_WORDS_MAX]; // ends with NULL
    char workers[16];
};
void ask_line_of(struct ask_line *line, const struct question *question,
                 const struct exercise *exercise);

// Can the sanitizer's runtime start on this machine? Tried once in a process's
// life.
bool ask_sanitizer_starts(void);

#endif
