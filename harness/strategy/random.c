#include "random.h"
#include "chance.h"
#include "scheduler.h"

#include <stdlib.h>

struct random_choice {
    struct strategy strategy; // first, so that one can be had from the other
    uint64_t chance;
};

static int choose(struct strategy *strategy, struct scheduler *scheduler) {
    struct random_choice *random = (struct random_choice *)strategy;
    int count = scheduler->able_count;
    int chosen = count > 1 ? chance_below(&random->chance, count) : 0;
    return scheduler->able[chosen];
}

static void free_random(struct strategy *strategy) {
    free(strategy);
}

struct strategy *random_new(const struct strategy_options *options) {
    struct random_choice *random = calloc(1, sizeof *random);
    if (!random)
        return NULL;
    random->strategy = (struct strategy){.choose = choose, .free = free_random};
    random->chance = options->seed;
    return &random->strategy;
}
