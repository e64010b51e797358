// chinese.h - the sentences of sentence.h in Chinese.
#ifndef RACELAB_CHINESE_H
#define RACELAB_CHINESE_H

#include "cause.h"

#include <stdio.h>

void chinese_cause(const struct cause *cause, FILE *out);
void chinese_finding(const struct cause_finding *finding, FILE *out);
void chinese_waits(const struct cause_wait *waits, int count, FILE *out);

#endif
