// timeline.h - an execution as a table: a row a step, a column a task.
//
// It is TIMELINE_COLUMNS wide: four tasks that have a stack each have a column.
// Where there are more, those that matter keep theirs and the others share the
// last one, by name, and it says so.
#ifndef RACELAB_TIMELINE_H
#define RACELAB_TIMELINE_H

#include "scene.h"

#include <stdio.h>

enum { TIMELINE_COLUMNS = 80 };

void timeline_print(const struct scene *scene, bool coloured, FILE *out);

#endif
