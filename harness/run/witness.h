// witness.h - from what happened to a schedule that makes it happen again.
#ifndef RACELAB_WITNESS_H
#define RACELAB_WITNESS_H

#include "schedule.h"
#include "trace.h"

#include <stdio.h>

// The length of a witness: how many of its lines are choices. Counting stops at
// `most`; then there are as many, or more.
int witness_lines(const struct trace *trace, const struct schedule *requests,
                  int most);

// Writes a schedule of `program` with the requests of `requests` that follows
// `trace` up to where nothing is left but the fixed order: last requests, and
// to be told to stop.
void witness_print(const struct trace *trace, const char *program,
                   const struct schedule *requests, FILE *out);

#endif
