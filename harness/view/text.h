// text.h - an execution as text, for people and for goldens.
//
// text_trace and text_findings are the same in every build: console, answers,
// steps, outcomes, and what was found.
// text_races is what ThreadSanitizer reported; text_harness_races is the same
// in every build, and shown where ThreadSanitizer does not look.
#ifndef RACELAB_TEXT_H
#define RACELAB_TEXT_H

#include "happens.h"
#include "owner.h"
#include "report.h"
#include "trace.h"

#include <stdio.h>

void text_trace(const struct trace *trace, FILE *out);
void text_findings(const struct trace *trace, const struct owners *owners,
                   FILE *out);
void text_races(const struct race *races, int count, FILE *out);
void text_harness_races(const struct trace *trace,
                        const struct happens *happens, FILE *out);

// The name of the task that made the step of that number.
const char *text_task_of_step(const struct trace *trace, int step);

// One finding as a sentence, without its step, its end and a full stop.
void text_finding_print(const struct trace *trace, const struct owners *owners,
                        const struct finding *finding, FILE *out);

// What kind of finding it is, in a word for JSON: "foreign", "leak" …
const char *text_finding(enum finding_kind kind);

// A verdict in a word or two, for people and for JSON.
const char *text_verdict(enum verdict_kind kind);

// The columns that a UTF-8 text takes on a terminal: Chinese characters two.
int text_columns(const char *text);

// The bytes of the UTF-8 character that `text` begins with; 0: of none.
int text_character(const char *text);

#endif
