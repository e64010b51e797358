// allowed.h - what a submission may include, and what it may call.
//
// Lists, so that what is new is refused until somebody has looked at it.
#ifndef LAB_CLASSROOM_ALLOWED_H
#define LAB_CLASSROOM_ALLOWED_H

#include <stdbool.h>

// `name` with its quotes or brackets: "\"server/job.h\"", "<stdio.h>".
bool allowed_header(const char *name);

// As an object for the harness names them: racelab_uv_sleep, not uv_sleep.
bool allowed_call(const char *name);

// Of the names that C keeps for itself, those that a submission may use.
bool allowed_reserved(const char *name);

// Of what a program may say to the harness. An atomic field of a student's own
// is a place to switch only if the harness is told of it; the harness believes
// nothing that follows from it but where it may switch.
bool allowed_point(const char *name);

#endif
