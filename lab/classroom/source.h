// source.h - a file that somebody handed in, read with care.
//
// It may be anything: a link, a pipe, a device, endless, or not there.
#ifndef LAB_CLASSROOM_SOURCE_H
#define LAB_CLASSROOM_SOURCE_H

#include "gate.h"

#include <stdbool.h>
#include <stddef.h>

struct source {
    char *text; // ended by a 0, and may have others; owned
    size_t bytes;
};

// Reads a regular file of at most `most` bytes. False, with the reason, when
// it is none.
bool source_read(struct source *source, const char *path, size_t most,
                 struct gate_refusal *refusal);
void source_free(struct source *source);

#endif
