#include "exploring.h"
#include "explore.h"

#include <stdio.h>
#include <stdlib.h>

enum { DEPTH = 3 }; // of pct, as the command line has it

long exploring_once(const void *exploring) {
    const struct exploring *of = exploring;
    const struct explore_options options = {
        .strategy = explore_find_strategy(of->strategy),
        .choice = {.seed = 1, .depth = DEPTH},
        .requests = of->requests,
        .runs_max = of->runs_max};
    struct exploration exploration;
    struct error error;
    if (explore(&exploration, of->program, &options, &error)) {
        fprintf(stderr, "%s: %s\n", of->program->name, error.text);
        exit(2);
    }
    if (!of->runs_max && !exploration.complete) {
        fprintf(stderr, "%s: not complete: %s\n", of->program->name,
                exploration.gap);
        exit(2);
    }
    long executions = exploration.executions;
    exploration_done(&exploration);
    return executions;
}
