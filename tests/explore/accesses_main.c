// accesses_main.c - a command line for the programs without a point.
#include "accesses.h"

#include <stddef.h>

int main(int argc, char **argv) {
    static const struct racelab_verb verbs[] = {{.name = NULL}};
    const struct racelab_lab lab = {.programs = accesses, .verbs = verbs};
    return racelab_main(argc, argv, &lab);
}
