// grade_json.h - a class for a program: all that the judges said.
//
//   complete    false after an interrupt
//   exercises   [{name, title: {en, zh}, points_max}]
//   students    [{name, points, points_max, exercises: [...]}], and there
//               {exercise, state, passed, points, points_max, class,
//               says: {en, zh}, criteria}, the criteria as `racelab check` has
//               them
#ifndef LAB_CLASSROOM_GRADE_JSON_H
#define LAB_CLASSROOM_GRADE_JSON_H

#include "grade_book.h"

#include <stdio.h>

void grade_json_print(const struct grade_book *book, FILE *out);

#endif
