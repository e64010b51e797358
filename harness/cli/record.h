// record.h - a race as data, for people and for programs.
#ifndef RACELAB_RECORD_H
#define RACELAB_RECORD_H

#include "records.h"

#include <jansson.h>
#include <stdio.h>

// Gives the list of those `records` as JSON.
json_t *record_json(const struct record *records, int count);

// Writes one of them: what raced, and a paragraph for each of the two.
void record_print(const struct record *record, FILE *out);

#endif
