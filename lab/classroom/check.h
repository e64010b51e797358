// check.h - `racelab check`: the judge of one exercise.
#ifndef LAB_CLASSROOM_CHECK_H
#define LAB_CLASSROOM_CHECK_H

#define CHECK_ARGUMENTS "NN [FILE|FOLDER] [--lang en|zh|both] [--json]"
#define CHECK_SUMMARY                                                          \
    "judge an exercise: does the repair hold under every schedule?"

int check(int argc, char **argv);

#endif
