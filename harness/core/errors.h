// errors.h - what went wrong with an input, and where.
//
// An error is a negative int from the table below, with a text and a place in
// `struct error`. Only the command line prints. A verdict (how an execution
// ended) is no error, and a broken invariant is neither: it aborts.
#ifndef RACELAB_ERRORS_H
#define RACELAB_ERRORS_H

#include "limit.h"

#define ERRORS(X)                                                              \
    X(ERROR_MEMORY, "out of memory")                                           \
    X(ERROR_FILE, "the file cannot be read")                                   \
    X(ERROR_SYNTAX, "the text is not a schedule")                              \
    X(ERROR_LIMIT, "too large")                                                \
    X(ERROR_EXECUTION, "the program cannot be explored")                       \
    X(ERROR_DIVERGED, "the schedule does not fit the program")

enum error_code {
    ERROR_NONE = 0,
    ERROR_BEFORE_FIRST = -100,
#define X(name, text) name,
    ERRORS(X)
#undef X
};

struct error {
    int line;   // 1 is the first; 0: no line
    int column; // in characters, 1 is the first; 0: no column
    char text[LIMIT_MESSAGE];
};

// Fills `error` and returns `code`, so that a caller can `return error_set(…)`.
int error_set(struct error *error, int code, int line, int column,
              const char *format, ...) __attribute__((format(printf, 5, 6)));

// The plain text of a code; never NULL.
const char *error_text(int code);

#endif
