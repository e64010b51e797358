// grade_table.h - a class for whoever sits at the terminal: points, what is
// behind those that are missing, and which wrong fixes there were.
#ifndef LAB_CLASSROOM_GRADE_TABLE_H
#define LAB_CLASSROOM_GRADE_TABLE_H

#include "grade_book.h"

#include <stdio.h>

void grade_table_print(const struct grade_book *book, FILE *out);

#endif
