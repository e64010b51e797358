#include "errors.h"

#include <stdarg.h>
#include <stdio.h>

int error_set(struct error *error, int code, int line, int column,
              const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error->text, sizeof error->text, format, arguments);
    va_end(arguments);
    error->line = line;
    error->column = column;
    return code;
}

const char *error_text(int code) {
    switch (code) {
#define X(name, text)                                                          \
    case name:                                                                 \
        return text;
        ERRORS(X)
#undef X
    default:
        return "unknown error";
    }
}
