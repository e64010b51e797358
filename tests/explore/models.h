// models.h - small programs whose executions are known by number: the
// benchmarks of the papers on partial order reduction.
#ifndef RACELAB_MODELS_H
#define RACELAB_MODELS_H

#include <racelab/program.h>

struct model {
    const char *name;
    void (*set_up)(int size);
    void (*thread)(int number, int size);
    void (*say)(char *text, int size); // the final state
    int threads;                       // 0: as many as `size`
};

extern const struct model models[]; // ends with a NULL name

// A program that runs `model` with `size`. The caller keeps `of` alive.
struct sized_model {
    const struct model *model;
    int size;
};
struct racelab_program model_program(const struct sized_model *of);

const struct model *model_find(const char *name);

#endif
