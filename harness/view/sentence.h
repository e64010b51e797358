// sentence.h - why a task reported what it did, in a sentence or two, in
// English or Chinese.
//
// The facts come ready made from core/cause.h: what writes sentences knows
// words, and no executions. So it stands here, beside text.h, which shows the
// same execution step by step; each language has a file of its own, for each
// has its own order of words.
#ifndef RACELAB_SENTENCE_H
#define RACELAB_SENTENCE_H

#include "cause.h"

#include <stdio.h>

enum sentence_language { SENTENCE_ENGLISH, SENTENCE_CHINESE };

// Each writes what it has to say, with its full stop and no newline.
void sentence_cause(const struct cause *cause, enum sentence_language language,
                    FILE *out);
void sentence_finding(const struct cause_finding *finding,
                      enum sentence_language language, FILE *out);
// Who waits for whom.
void sentence_waits(const struct cause_wait *waits, int count,
                    enum sentence_language language, FILE *out);

// For the languages.

// The name by which the maker of a step is known by himself: "A.job", "A.work",
// "thread.1"; NULL: he has none but that of a request.
const char *sentence_name(const struct cause *cause,
                          const struct cause_step *step);

// Were both made by the same task for the same request?
bool sentence_same_maker(const struct cause_step *a,
                         const struct cause_step *b);

// The earlier of the two steps that a sentence is about, and the later.
const struct cause_step *sentence_first(const struct cause *cause);
const struct cause_step *sentence_second(const struct cause *cause);

// Is it the two steps themselves by which they are in order: a store, and the
// load that finds its value?
bool sentence_is_edge(const struct cause *cause);

#endif
