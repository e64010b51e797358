// build.h - what a student handed in, as what a host loads.
//
// In a folder of its own, which is temporary: the source, an object for the
// gate, and two shared objects, one of them with the thread sanitizer. The
// compiler is the one that built this racelab, and runs in the sandbox.
#ifndef LAB_CLASSROOM_BUILD_H
#define LAB_CLASSROOM_BUILD_H

#include "gate.h"

#include <stddef.h>

struct build {
    char directory[512];
    char handler[128];    // the symbol of its struct handler
    unsigned compiler_ms; // for benchmarks
};

// Makes the folder, empty. 0; -1 when it cannot: that has been said. Ends with
// build_done() either way.
int build_init(struct build *build);

// Compiles `source`. False when it is refused, by a gate or by the compiler:
// then *refusal says why.
bool build_make(struct build *build, const char *source, size_t bytes,
                struct gate_refusal *refusal);

// Writes a file into the folder. 0; -1 has been said.
int build_write(const struct build *build, const char *name, const char *text,
                size_t bytes);

// Removes the folder and all that is in it.
void build_done(struct build *build);

#endif
