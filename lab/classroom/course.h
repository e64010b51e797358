// course.h - the folder in which a student works: course/NN-name, a folder an
// exercise.
//
// Rules
//   - What a student has changed is never written over. A file that is as it
//     was handed out follows a change of language.
#ifndef LAB_CLASSROOM_COURSE_H
#define LAB_CLASSROOM_COURSE_H

#include "learner.h"

// Copies "course/02-seed" to `path`, or with `file` the path of that file in
// it; TEXTFILE_PATH_MAX long.
void course_path(const struct learner *learner, const char *file, char *path);

// Has this exercise been handed out?
bool course_has(const struct learner *learner, const struct exercise *exercise);

// Has the exercise that it is about? If not, says how to begin.
bool course_has_begun(const struct learner *learner);

// Makes the exercise's folder, and those of its files that are not there; says
// which. 0, or a negative number after a message.
int course_hand_out(const struct learner *learner);

// `learn reset NN [FILE]`: a file as it was handed out; the student's own is
// kept beside it.
learner_command course_reset;

#endif
