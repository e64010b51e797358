// learn.h - the verb `learn`: the course, for the one who takes it.
#ifndef LAB_CLASSROOM_LEARN_H
#define LAB_CLASSROOM_LEARN_H

#define LEARN_ARGUMENTS                                                        \
    "[list|next|show|hint|check|watch|reset|debug|solution|lang] [NN]"
#define LEARN_SUMMARY "take the course: exercises, hints, judgements, progress"

// Returns the exit status: 0, 1 when an exercise is not passed, 2 after bad
// options or when something cannot be done.
int learn(int argc, char **argv);

#endif
