// english.h - the sentences of sentence.h in English.
#ifndef RACELAB_ENGLISH_H
#define RACELAB_ENGLISH_H

#include "cause.h"

#include <stdio.h>

void english_cause(const struct cause *cause, FILE *out);
void english_finding(const struct cause_finding *finding, FILE *out);
void english_waits(const struct cause_wait *waits, int count, FILE *out);

#endif
