// grade.h - the verb `grade`: what a class handed in, judged.
#ifndef LAB_CLASSROOM_GRADE_H
#define LAB_CLASSROOM_GRADE_H

#define GRADE_ARGUMENTS                                                        \
    "DIR [--exercise NN] [--jobs N] [--csv FILE] [--junit FILE] [--json]"
#define GRADE_SUMMARY "the classroom: judge what many students handed in"

// Returns the exit status: 0 when each submission has its verdict, 1 when one
// could not be judged, 2 after bad options or input, 128 and the number of the
// signal that ended it.
int grade(int argc, char **argv);

#endif
