#include "pos.h"
#include "able.h"
#include "chance.h"
#include "footprint.h"

#include <stdlib.h>
#include <string.h>

struct pos {
    struct strategy strategy; // first, so that one can be had from the other
    uint64_t chance;
    // By task, of the operation that it stands before; 0: not drawn yet.
    uint64_t priorities[LIMIT_TASKS];
};

static uint64_t priority_of(struct pos *pos, int task) {
    while (pos->priorities[task] == 0)
        pos->priorities[task] = chance_number(&pos->chance);
    return pos->priorities[task];
}

static int most_important(struct pos *pos, const int *able, int count) {
    int best = able[0];
    for (int i = 1; i < count; i++)
        if (priority_of(pos, able[i]) > priority_of(pos, best))
            best = able[i];
    return best;
}

// Within one execution an address is as good as any number. What is sent or
// fired competes for its loop.
static struct footprint footprint_of(struct scheduler *scheduler,
                                     const struct task *task) {
    const struct op *op = &task->op;
    int loop =
        scheduler_stackless(task) ? scheduler_receiver(scheduler, task) : -1;
    return (struct footprint){
        .kind = op->kind,
        .effect = op->kind,
        .access = op->kind == OP_ONCE ? ACCESS_WRITE : op->access,
        .object = loop >= 0        ? (uintptr_t)&scheduler->tasks[loop]
                  : op->spoken_for ? 0
                                   : op->object,
        .mutex = op->mutex,
        .late = op->late,
        .bytes = footprint_bytes(op),
    };
}

// What is about to be done, and what depends on it, is drawn anew.
static void forget(struct pos *pos, struct scheduler *scheduler, int chosen) {
    struct footprint step = footprint_of(scheduler, &scheduler->tasks[chosen]);
    for (int i = 0; i < scheduler->task_count; i++) {
        struct footprint other = footprint_of(scheduler, &scheduler->tasks[i]);
        if (footprint_dependent(&step, &other))
            pos->priorities[i] = 0;
    }
    pos->priorities[chosen] = 0;
    pos->priorities[able_runner(scheduler, chosen)] = 0;
}

static int choose(struct strategy *strategy, struct scheduler *scheduler) {
    struct pos *pos = (struct pos *)strategy;
    const int *able = scheduler->able;
    int count = scheduler->able_count;
    int chosen = most_important(pos, able, count);
    forget(pos, scheduler, chosen);
    return chosen;
}

static bool next(struct strategy *strategy) {
    struct pos *pos = (struct pos *)strategy;
    memset(pos->priorities, 0, sizeof pos->priorities);
    return true;
}

static void free_pos(struct strategy *strategy) {
    free(strategy);
}

struct strategy *pos_new(const struct strategy_options *options) {
    struct pos *pos = calloc(1, sizeof *pos);
    if (!pos)
        return NULL;
    pos->strategy =
        (struct strategy){.choose = choose, .next = next, .free = free_pos};
    pos->chance = options->seed;
    return &pos->strategy;
}
