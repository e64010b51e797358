// wrong.h - the wrong fixes that people make, by what they do.
//
// A table, a row a class: which facts are its, and what helps. The first row
// whose facts hold is the class; wrong fixes that no fact tells apart share
// one.
#ifndef LAB_CLASSROOM_WRONG_H
#define LAB_CLASSROOM_WRONG_H

#include "exercise.h"
#include "facts.h"

struct wrong {
    const char *name;
    const char *says[LANGUAGES]; // what helps, then why
    bool (*is)(const struct facts *facts);
};

// The class of a handler that fails somewhere.
const struct wrong *wrong_find(const struct facts *facts);

// Where in the execution that defeats it the deciding look happened: gives
// "after-set, step 28", or NULL. Free it.
char *wrong_place(const struct facts *facts);

#endif
