// witness.h - from what happened to a schedule that makes it happen again.
#ifndef RACELAB_WITNESS_H
#define RACELAB_WITNESS_H

#include "schedule.h"
#include "trace.h"

#include <stdio.h>

// Writes a schedule of `program` with the requests of `requests` that follows
// `trace` up to where the program was told to stop. Returns the number of
// lines that are choices.
int witness_print(const struct trace *trace, const char *program,
                  const struct schedule *requests, FILE *out);

#endif
