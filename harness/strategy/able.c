#include "able.h"

int able_list(struct scheduler *scheduler, int able[LIMIT_TASKS]) {
    int count = 0, last = -1;
    for (int i = 0; i < scheduler->task_count; i++) {
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
    return scheduler->tasks[chosen].kind == TASK_CLIENT
               ? scheduler_receiver(scheduler)
               : chosen;
}

bool able_preempts(struct scheduler *scheduler, int last, int chosen) {
    if (last < 0 || last == chosen ||
        scheduler->tasks[chosen].kind == TASK_CLIENT)
        return false;
    const struct task *task = &scheduler->tasks[last];
    return task->op.kind != OP_POLL &&
           scheduler_enabled(scheduler, task) == ENABLED_NOW;
}
