// grade_gradescope.h - one submission for Gradescope: its results.json.
//
// After "Autograder Specifications" of Gradescope's documentation. The tests
// are the criteria, and their scores add up: there is no score beside them.
// execution_time is left out: grading twice gives the same bytes.
#ifndef LAB_CLASSROOM_GRADE_GRADESCOPE_H
#define LAB_CLASSROOM_GRADE_GRADESCOPE_H

#include "grade_book.h"

#include <stdio.h>

// Of the book's first student. What waits to be judged is in it, without
// points, and so is how much that is: it can be written at any time.
void grade_gradescope_print(const struct grade_book *book, FILE *out);

#endif
