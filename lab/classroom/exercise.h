// exercise.h - an exercise as it lies in lab/exercises/NN-name.
//
//   exercise.json      what the judge needs to know of it
//   en.md, zh.md       title, story, task, three hints, discussion
//   starter.c          what a student begins with: one TODO
//   solution.c         one right answer
//   right/, wrong/     others, where lab/handlers has none to point to
//
// docs/authoring.md says what is in each. A text has four sections, in this
// order: story, task, hints (with three of their own), discussion; what they
// are called is up to its language.
#ifndef LAB_CLASSROOM_EXERCISE_H
#define LAB_CLASSROOM_EXERCISE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum { EXERCISE_HINTS = 3 };

enum language { ENGLISH, CHINESE, LANGUAGES };

enum section { SECTION_STORY, SECTION_TASK, SECTION_HINTS, SECTION_DISCUSSION };

struct exercise {
    char name[64]; // "02-seed"
    int number;
    char directory[512];
    bool has_repair; // a fix.c is asked for
    json_t *json;    // exercise.json: owned
};

// All of them, in order. A negative number when one cannot be read; then what
// was wrong, and where, has been said on standard error.
struct exercise_list {
    struct exercise *entries; // owned
    unsigned count;
};
int exercise_list_load(struct exercise_list *list);
void exercise_list_free(struct exercise_list *list);

// By "2", "02", "02-seed" or "seed"; NULL when there is none.
const struct exercise *exercise_find(const struct exercise_list *list,
                                     const char *name);

const char *exercise_title(const struct exercise *exercise,
                           enum language language);

// Gives a section of the text without its heading, or hint `number` (from 1).
// Free it with free(). NULL when it cannot be read; that has been said.
char *exercise_section(const struct exercise *exercise, enum language language,
                       enum section section);
char *exercise_hint(const struct exercise *exercise, enum language language,
                    int number);

#endif
