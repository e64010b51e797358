// summary.h - what an execution came to: what all its tasks reported together,
// and how it ended, as one text that can be compared.
#ifndef RACELAB_SUMMARY_H
#define RACELAB_SUMMARY_H

#include "execute.h"

struct summary {
    // Borrowed from the trace, in the order of the tasks' names, which does not
    // depend on who reported first.
    const struct outcome *lines[LIMIT_TASKS];
    int line_count;
    // How the execution ended, in the first byte; then the text, which a person
    // reads: "A.job 时间戳相同, B.job 时间戳不同". Its end is a 0 that is not
    // counted.
    char key[LIMIT_TASKS * LIMIT_NAME * 6];
    size_t bytes;
};

// Fills `summary`. Allocates nothing.
void summary_of(struct summary *summary, const struct execution *execution);

const char *summary_text(const struct summary *summary);

#endif
