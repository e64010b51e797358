#include "exhaustive.h"
#include "able.h"
#include "memory.h"

#include <stdio.h>

struct exhaustive {
    struct strategy strategy; // first, so that one can be had from the other
    int taken[LIMIT_STEPS];   // at each step, which of those who could go on
    int able[LIMIT_STEPS];    // and how many they were
    int depth;                // steps of the execution under way
    int prefix;               // how many of them are prescribed
    int last;                 // who ran last; -1: nobody yet
    int preemptions;          // in the execution under way
    bool bounded;
    int preemptions_max;
    bool cut; // some choice would have been a preemption too many
    char gap[LIMIT_NAME];
};

// Those who can go on, without those whom there is no preemption left for.
static int list_choices(struct exhaustive *exhaustive,
                        struct scheduler *scheduler, int *able) {
    bool spent = exhaustive->bounded &&
                 exhaustive->preemptions >= exhaustive->preemptions_max;
    int kept = 0;
    for (int i = 0; i < scheduler->able_count; i++)
        if (!spent ||
            !able_preempts(scheduler, exhaustive->last, scheduler->able[i]))
            able[kept++] = scheduler->able[i];
    exhaustive->cut |= kept < scheduler->able_count;
    return kept;
}

static int take(struct exhaustive *exhaustive, struct scheduler *scheduler,
                int chosen) {
    exhaustive->preemptions +=
        able_preempts(scheduler, exhaustive->last, chosen);
    exhaustive->last = able_runner(scheduler, chosen);
    return chosen;
}

static int choose(struct strategy *strategy, struct scheduler *scheduler) {
    struct exhaustive *exhaustive = (struct exhaustive *)strategy;
    int able[LIMIT_TASKS] = {0};
    int count = list_choices(exhaustive, scheduler, able);
    int depth = exhaustive->depth++;
    if (depth >= LIMIT_STEPS)
        return able[0]; // the scheduler's own limit ends this
    if (depth >= exhaustive->prefix)
        exhaustive->taken[depth] = 0;
    else if (exhaustive->able[depth] != count) {
        scheduler_end(scheduler, VERDICT_DIVERGED, 0, 0,
                      "the program is not deterministic: step %d has other "
                      "choices than before",
                      depth + 1);
        return -1;
    }
    exhaustive->able[depth] = count;
    return take(exhaustive, scheduler, able[exhaustive->taken[depth]]);
}

static void begin_execution(struct exhaustive *exhaustive) {
    exhaustive->depth = exhaustive->preemptions = 0;
    exhaustive->last = -1;
}

static bool next(struct strategy *strategy) {
    struct exhaustive *exhaustive = (struct exhaustive *)strategy;
    int last =
        exhaustive->depth < LIMIT_STEPS ? exhaustive->depth : LIMIT_STEPS;
    begin_execution(exhaustive);
    for (int depth = last - 1; depth >= 0; depth--)
        if (exhaustive->taken[depth] + 1 < exhaustive->able[depth]) {
            exhaustive->taken[depth]++;
            exhaustive->prefix = depth + 1;
            return true;
        }
    return false;
}

static const char *gap(const struct strategy *strategy) {
    const struct exhaustive *exhaustive = (const struct exhaustive *)strategy;
    return exhaustive->cut ? exhaustive->gap : NULL;
}

// The weighted backtrack estimator (Kilby, Slaney, Thiébaux, Walsh: Estimating
// Search Tree Size, AAAI 2006): beside the path that is to come, each branch
// is taken to be as large as any other of its place.
static double explored(const struct strategy *strategy) {
    const struct exhaustive *exhaustive = (const struct exhaustive *)strategy;
    double weight = 1, done = 0;
    for (int depth = 0; depth < exhaustive->prefix; depth++) {
        weight /= exhaustive->able[depth];
        done += weight * exhaustive->taken[depth];
    }
    return done;
}

static void free_exhaustive(struct strategy *strategy) {
    memory_unmap(strategy, sizeof(struct exhaustive));
}

struct strategy *exhaustive_new(const struct strategy_options *options) {
    struct exhaustive *exhaustive = memory_map(sizeof *exhaustive);
    if (!exhaustive)
        return NULL;
    exhaustive->strategy = (struct strategy){.choose = choose,
                                             .next = next,
                                             .gap = gap,
                                             .explored = explored,
                                             .free = free_exhaustive};
    exhaustive->bounded = options->bounded;
    exhaustive->preemptions_max = options->preemptions;
    snprintf(exhaustive->gap, sizeof exhaustive->gap,
             "more than %d preemption%s", options->preemptions,
             options->preemptions == 1 ? "" : "s");
    begin_execution(exhaustive);
    return &exhaustive->strategy;
}
