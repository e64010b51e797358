// grade_csv.h - a class for a spreadsheet: one row a student (RFC 4180, UTF-8).
//
// A row has the name, then of each exercise the points and a word beside them
// (the wrong fix that was recognised, or why there is no verdict), then the sum
// and what it could be. A cell that a spreadsheet would take for a formula
// begins with an apostrophe.
#ifndef LAB_CLASSROOM_GRADE_CSV_H
#define LAB_CLASSROOM_GRADE_CSV_H

#include "grade_book.h"

#include <stdio.h>

void grade_csv_print(const struct grade_book *book, FILE *out);

#endif
