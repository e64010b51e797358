// server_bench.c - executions a second of the lab's server with two requests.
#include "baseline.h"
#include "exploring.h"
#include "measure.h"

#include "lab.h"

#include <stdlib.h>
#include <string.h>

enum { SAMPLE = 1000 };

static struct measure_row baselines[] = {
    {.name = "a libuv loop answers two requests over a pair of sockets",
     .unit = "in exchanges",
     .once = baseline_exchange},
    {.name = "a libuv loop with a listening TCP port is made and closed",
     .unit = "in loops",
     .once = baseline_loop},
    {.name = NULL},
};

struct handler {
    const char *name, *strategy;
    long runs_max;
};

static long explore_handler(const void *of) {
    const struct handler *handler = of;
    const struct racelab_program *const *program = lab_programs;
    while (*program && strcmp((*program)->name, handler->name) != 0)
        program++;
    if (!*program)
        abort();
    return exploring_once(
        &(const struct exploring){.program = *program,
                                  .strategy = handler->strategy,
                                  .requests = "/test,/test",
                                  .runs_max = handler->runs_max});
}

static struct measure_row rows[] = {
    {.name = "raw, random",
     .once = explore_handler,
     .of = &(struct handler){"raw", "random", SAMPLE}},
    {.name = "raw, dpor",
     .once = explore_handler,
     .of = &(struct handler){"raw", "dpor", 0}},
    {.name = "copy, random",
     .once = explore_handler,
     .of = &(struct handler){"copy", "random", SAMPLE}},
    {.name = "copy, dpor",
     .once = explore_handler,
     .of = &(struct handler){"copy", "dpor", 0}},
    {.name = NULL},
};

int main(int argc, char **argv) {
    return measure_main(argc, argv,
                        &(struct measure){"server", baselines, rows});
}
