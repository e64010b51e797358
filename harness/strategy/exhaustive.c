#include "exhaustive.h"
#include "scheduler.h"

#include <stdlib.h>

// Those who can go on; where that is nobody, the one who goes last.
static int list_able(struct scheduler *scheduler, int *able) {
    int count = 0, last = -1;
    for (int i = 0; i < scheduler->task_count; i++) {
        enum enabled rank = scheduler_enabled(scheduler, &scheduler->tasks[i]);
        if (rank == ENABLED_LAST)
            last = i;
        else if (rank != ENABLED_NEVER)
            able[count++] = i;
    }
    if (count == 0)
        able[count++] = last;
    return count;
}

static int choose(struct strategy *strategy, struct scheduler *scheduler) {
    struct exhaustive *exhaustive = (struct exhaustive *)strategy;
    int able[LIMIT_TASKS];
    int count = list_able(scheduler, able);
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
    return able[exhaustive->taken[depth]];
}

bool exhaustive_next(struct exhaustive *exhaustive) {
    int last =
        exhaustive->depth < LIMIT_STEPS ? exhaustive->depth : LIMIT_STEPS;
    for (int depth = last - 1; depth >= 0; depth--)
        if (exhaustive->taken[depth] + 1 < exhaustive->able[depth]) {
            exhaustive->taken[depth]++;
            exhaustive->prefix = depth + 1;
            exhaustive->depth = 0;
            return true;
        }
    return false;
}

struct exhaustive *exhaustive_new(void) {
    struct exhaustive *exhaustive = calloc(1, sizeof *exhaustive);
    if (exhaustive)
        exhaustive->strategy = (struct strategy){.choose = choose};
    return exhaustive;
}

void exhaustive_free(struct exhaustive *exhaustive) {
    free(exhaustive);
}
