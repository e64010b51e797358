#include "random.h"
#include "scheduler.h"

// SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number
// Generators, OOPSLA 2014).
static uint64_t next_number(struct random_strategy *random) {
    uint64_t z = random->state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static int choose(struct strategy *strategy, struct scheduler *scheduler) {
    struct random_strategy *random = (struct random_strategy *)strategy;
    int able[LIMIT_TASKS], count = 0, last = -1;
    for (int i = 0; i < scheduler->task_count; i++) {
        enum enabled rank = scheduler_enabled(scheduler, &scheduler->tasks[i]);
        if (rank == ENABLED_LAST)
            last = i;
        else if (rank != ENABLED_NEVER)
            able[count++] = i;
    }
    return count ? able[next_number(random) % (uint64_t)count] : last;
}

void random_init(struct random_strategy *random, uint64_t seed) {
    *random =
        (struct random_strategy){.strategy = {.choose = choose}, .state = seed};
}
