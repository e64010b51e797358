// grade_junit.h - a class for a build server: one suite a student, one case a
// criterion.
//
// After junit-10.xsd, the schema of Jenkins' xUnit plugin. A criterion that
// does not hold is a failure, what was not handed in is skipped, what could not
// be judged is an error. Times are left out: grading twice gives the same
// bytes.
#ifndef LAB_CLASSROOM_GRADE_JUNIT_H
#define LAB_CLASSROOM_GRADE_JUNIT_H

#include "grade_book.h"

#include <stdio.h>

void grade_junit_print(const struct grade_book *book, FILE *out);

#endif
