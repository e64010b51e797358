// text.h - an execution as text, for people and for goldens.
//
// text_trace is the same in every build: console, answers, steps, outcomes.
// text_races differs between builds that look for races and those that do not.
#ifndef RACELAB_TEXT_H
#define RACELAB_TEXT_H

#include "report.h"
#include "trace.h"

#include <stdio.h>

void text_trace(const struct trace *trace, FILE *out);
void text_races(const struct race *races, int count, bool checked, FILE *out);

// A verdict in a word or two, for people and for JSON.
const char *text_verdict(enum verdict_kind kind);

// The columns that a UTF-8 text takes on a terminal: Chinese characters two.
int text_columns(const char *text);

#endif
