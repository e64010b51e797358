// phrase.h - sentences for students, in both languages.
//
// Those of an execution are the harness's own (`explain --json`); here they
// are found, and what the harness has no sentence for is put in words.
#ifndef LAB_CLASSROOM_PHRASE_H
#define LAB_CLASSROOM_PHRASE_H

#include "exercise.h"
#include "facts.h"
#include "gate.h"

// As asprintf(), and never NULL: without memory nothing can go on.
char *phrase(const char *format, ...) __attribute__((format(printf, 1, 2)));

// What `explain --json` says of a failing; NULL: nothing. Free it.
char *phrase_why(const json_t *explained, enum failing failing,
                 enum language language);

// The same of whose a context was that somebody touched; from `replay --json`.
char *phrase_owner(const json_t *replayed, enum language language);

// The two accesses of a record of a race; NULL: there is no record.
char *phrase_race(const json_t *record, enum language language);

// How a program ended by a signal: facts.crash. Free it.
char *phrase_crash(const char *message, enum language language);

// Why a handler could not be explored: facts.trouble.
void phrase_trouble(const char *trouble, struct gate_refusal *refusal);

#endif
