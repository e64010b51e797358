// summary.h - what an execution came to: the outcomes of all its tasks, as one
// text that can be compared.
#ifndef RACELAB_SUMMARY_H
#define RACELAB_SUMMARY_H

#include "trace.h"

// Copies what all tasks reported to `lines`, which has room for LIMIT_TASKS, in
// the order of their names, which does not depend on who reported first.
// Returns it as a text, which the caller frees:
// "A.job 时间戳相同, B.job 时间戳不同".
char *summary_print(const struct trace *trace, struct outcome *lines);

#endif
