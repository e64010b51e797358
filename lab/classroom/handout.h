// handout.h - what a student is handed of an exercise: the files that will be
// handed in again, and a README.
//
//   fix.c          a copy of the starter
//   NAME.sched     for each schedule that is asked for: its head, and how to
//                  go on
//   answers.txt    the questions, with a number to write a letter behind
//   README.md      story and task
#ifndef LAB_CLASSROOM_HANDOUT_H
#define LAB_CLASSROOM_HANDOUT_H

#include "exercise.h"

enum { HANDOUT_FILES_MAX = 16, HANDOUT_NAME_MAX = 64 };

struct handout {
    char names[HANDOUT_FILES_MAX][HANDOUT_NAME_MAX];
    int count;
    int handed_in; // the first so many are; the others are to read
};

struct handout handout_of(const struct exercise *exercise);

// Gives the text of one of its files as it is handed out; free() it. NULL when
// it cannot be made; that has been said.
char *handout_text(const struct exercise *exercise, const char *name,
                   enum language language);

#endif
