#include "pct.h"
#include "able.h"
#include "chance.h"

#include <stdlib.h>

struct pct {
    struct strategy strategy; // first, so that one can be had from the other
    uint64_t chance;
    uint64_t priorities[LIMIT_TASKS]; // by task
    int known;                        // how many tasks have one
    int steps;                        // with a choice, in this execution
    int steps_most;                   // in any so far
    int changes[LIMIT_DEPTH];         // at which step, by what its task becomes
    int change_count;
};

// Above whatever a change makes of a task.
static const uint64_t UNCHANGED = UINT64_C(1) << 63;

static void meet_new_tasks(struct pct *pct, const struct scheduler *scheduler) {
    while (pct->known < scheduler->task_count)
        pct->priorities[pct->known++] = chance_number(&pct->chance) | UNCHANGED;
}

static int most_important(const struct pct *pct, const int *able, int count) {
    int best = able[0];
    for (int i = 1; i < count; i++)
        if (pct->priorities[able[i]] > pct->priorities[best])
            best = able[i];
    return best;
}

static int choose(struct strategy *strategy, struct scheduler *scheduler) {
    struct pct *pct = (struct pct *)strategy;
    const int *able = scheduler->able;
    int count = scheduler->able_count;
    if (count == 1)
        return able[0];
    meet_new_tasks(pct, scheduler);
    int chosen = most_important(pct, able, count);
    pct->steps++;
    for (int i = 0; i < pct->change_count; i++)
        if (pct->changes[i] == pct->steps)
            pct->priorities[able_runner(scheduler, chosen)] = (uint64_t)i;
    return chosen;
}

static bool next(struct strategy *strategy) {
    struct pct *pct = (struct pct *)strategy;
    if (pct->steps_most < pct->steps)
        pct->steps_most = pct->steps;
    pct->known = pct->steps = 0;
    for (int i = 0; i < pct->change_count && pct->steps_most > 0; i++)
        pct->changes[i] = 1 + chance_below(&pct->chance, pct->steps_most);
    return true;
}

static void free_pct(struct strategy *strategy) {
    free(strategy);
}

struct strategy *pct_new(const struct strategy_options *options) {
    struct pct *pct = calloc(1, sizeof *pct);
    if (!pct)
        return NULL;
    pct->strategy =
        (struct strategy){.choose = choose, .next = next, .free = free_pct};
    pct->chance = options->seed;
    pct->change_count = options->depth - 1;
    return &pct->strategy;
}
