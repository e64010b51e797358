// progress.h - what a student has done so far: one file that they can read,
// course/progress.json.
//
//   {
//     "racelab progress": 1,
//     "language": "en",
//     "exercises": {
//       "02-seed": {"checks": 3, "hints": 1, "passed": true}
//     }
//   }
//
// Rules
//   - Between progress_begin() and progress_end() the file is ours alone: a
//     `watch` and a `hint` in two windows do not lose each other's words. Keep
//     it short.
//   - A file that is not as above is never written over: it is kept under
//     another name, and that is said.
//   - Fields that are not known here stay as they are.
#ifndef LAB_CLASSROOM_PROGRESS_H
#define LAB_CLASSROOM_PROGRESS_H

#include "page.h"

struct progress {
    const char *directory; // borrowed until progress_end()
    json_t *json;          // owned
    int lock;              // the directory's descriptor; -1: there is none yet
    bool is_changed;
};

// Which course is meant where none is named: "course"; where there is none, the
// one that this folder is ("../course"), or that it is an exercise of
// ("../../course").
const char *progress_directory(void);

// Reads the file, if there is one. 0, or a negative number after a message on
// `errors`; then there is nothing to end.
int progress_begin(struct progress *progress, const char *directory,
                   const struct page *errors);

// Writes what was changed. 0, or a negative number after a message.
int progress_end(struct progress *progress, const struct page *errors);

// False when none was chosen yet.
bool progress_language(const struct progress *progress,
                       enum language *language);
void progress_choose(struct progress *progress, enum language language);

bool progress_has_passed(const struct progress *progress, const char *exercise);
int progress_hints(const struct progress *progress, const char *exercise);
int progress_checks(const struct progress *progress, const char *exercise);

// A judgement was given. Who has passed once has passed.
void progress_note_check(struct progress *progress, const char *exercise,
                         bool passed);
void progress_note_hint(struct progress *progress, const char *exercise,
                        int number);

#endif
