// arguments.h - the command line of `attack`: vegeta's options, as far as the
// lesson needs them.
#ifndef LAB_ATTACK_ARGUMENTS_H
#define LAB_ATTACK_ARGUMENTS_H

#include <stdint.h>

enum {
    ARGUMENTS_RATE_MAX = 1000000,
    ARGUMENTS_HITS_MAX = 10000000, // their latencies are kept: 80 MB
};

struct arguments {
    const char *targets; // a file, or "stdin"; borrowed from argv
    uint64_t rate;       // so many hits ...
    uint64_t per_ns;     // ... in this time
    uint64_t duration_ns;
    uint64_t timeout_ns;
    uint64_t hits; // what follows from these
};

// 0 with *arguments filled in, or 1 after --help, or -1 after a message.
int arguments_parse(struct arguments *arguments, int argc, char **argv);

#endif
