// models_bench.c - executions a second of small models, by strategy.
#include "baseline.h"
#include "exploring.h"
#include "measure.h"
#include "models.h"
#include "programs.h"

#include <stdlib.h>

enum { SAMPLE = 1000 };

static struct measure_row baselines[] = {
    {.name = "a bare switch between two stacks",
     .unit = "in switches",
     .once = baseline_switches},
    {.name = NULL},
};

// The models of tests/explore, by name.
struct known {
    const char *model;
    int size;
};

static long explore_known(const void *of) {
    const struct known *known = of;
    const struct sized_model sized = {model_find(known->model), known->size};
    if (!sized.model)
        abort();
    const struct racelab_program program = model_program(&sized);
    return exploring_once(&(const struct exploring){&program, "dpor", NULL, 0});
}

static struct measure_row rows[] = {
    {.name = "three tasks, once",
     .once = exploring_once,
     .of = &(struct exploring){&programs_atomic, "random", NULL, 1}},
    {.name = "three tasks, random",
     .once = exploring_once,
     .of = &(struct exploring){&programs_atomic, "random", NULL, SAMPLE}},
    {.name = "three tasks, pct",
     .once = exploring_once,
     .of = &(struct exploring){&programs_atomic, "pct", NULL, SAMPLE}},
    {.name = "three tasks, pos",
     .once = exploring_once,
     .of = &(struct exploring){&programs_atomic, "pos", NULL, SAMPLE}},
    {.name = "three tasks, dpor",
     .once = exploring_once,
     .of = &(struct exploring){&programs_atomic, "dpor", NULL, 0}},
    {.name = "racing tasks, random",
     .once = exploring_once,
     .of = &(struct exploring){&programs_racing, "random", NULL, SAMPLE}},
    {.name = "racing tasks, dpor",
     .once = exploring_once,
     .of = &(struct exploring){&programs_racing, "dpor", NULL, 0}},
    {.name = "readers(8), dpor",
     .once = explore_known,
     .of = &(struct known){"readers", 8}},
    {.name = "lastzero(10), dpor",
     .once = explore_known,
     .of = &(struct known){"lastzero", 10}},
    {.name = "one lock(6), dpor",
     .once = explore_known,
     .of = &(struct known){"one lock", 6}},
    {.name = "increment(4), dpor",
     .once = explore_known,
     .of = &(struct known){"increment", 4}},
    {.name = "file-system(18), dpor",
     .once = explore_known,
     .of = &(struct known){"file-system", 18}},
    {.name = NULL},
};

int main(int argc, char **argv) {
    return measure_main(argc, argv,
                        &(struct measure){"models", baselines, rows});
}
