#include "able.h"

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
    return task->op.kind != OP_POLL && task->enabled == ENABLED_NOW;
}
