// learner.h - who `racelab learn` is run for: their course, their language, and
// the one thing that they asked for.
#ifndef LAB_CLASSROOM_LEARNER_H
#define LAB_CLASSROOM_LEARNER_H

#include "page.h"
#include "progress.h"

enum { EXIT_RIGHT = 0, EXIT_NOT_YET = 1, EXIT_TROUBLE = 2 };

struct learner {
    const struct exercise_list *list;
    const struct exercise *exercise; // that it is about; NULL: of none
    const char *directory;           // "course"
    const char *file;                // reset: the one to begin anew; or NULL
    struct page page;                // results
    struct page errors;              // messages
    bool shows_all;                  // --all
    bool polls;                      // --poll
    bool wants_json;                 // --json
};

// Each does one of the things that can be asked for, and returns the exit
// status.
typedef int learner_command(const struct learner *learner);

// Prints a command of this course, as it would be typed here: `learn WHAT
// EXERCISE`, or without an exercise (NULL).
void learner_suggest(const struct learner *learner, const struct page *page,
                     const char *what, const char *exercise);

#endif
