#include "able.h"

int able_list(struct scheduler *scheduler, int able[LIMIT_TASKS]) {
    int count = 0, last = -1;
    for (int i = 0; i < scheduler->task_count; i++) {
        if (scheduler->tasks[i].state != TASK_WAITING)
            continue; // it runs, or has ended: asked most often
        enum enabled rank = scheduler_enabled(scheduler, &scheduler->tasks[i]);
        if (rank == ENABLED_LAST && last < 0)
            last = i;
        else if (rank > ENABLED_LAST)
            able[count++] = i;
    }
    if (count == 0)
        able[count++] = last;
    return count;
}

int able_runner(struct scheduler *scheduler, int chosen) {
    const struct task *task = &scheduler->tasks[chosen];
    int receiver =
        scheduler_stackless(task) ? scheduler_receiver(scheduler, task) : -1;
    return receiver < 0 ? chosen : receiver;
}

bool able_preempts(struct scheduler *scheduler, int last, int chosen) {
    if (last < 0 || last == chosen ||
        scheduler_stackless(&scheduler->tasks[chosen]))
        return false;
    const struct task *task = &scheduler->tasks[last];
    return task->op.kind != OP_POLL &&
           scheduler_enabled(scheduler, task) == ENABLED_NOW;
}
