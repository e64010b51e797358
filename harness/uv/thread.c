// thread.c - threads under control: each is a task of the execution.
#include "control.h"
#include "uv_prototypes.h"

#include <string.h>

static int create(struct task *self, uv_thread_t *handle, uv_thread_cb entry,
                  void *argument) {
    struct scheduler *scheduler = control.scheduler;
    control_call(self, "uv_thread_create", NULL);
    char name[LIMIT_NAME];
    scheduler_name_child(scheduler, self, name);
    control_detail("%s", name);
    struct task *task = control_add(self, TASK_PROGRAM, name);
    task->works_for = self->works_for;
    int status = scheduler->backend->start(scheduler->backend, task, entry,
                                           argument, handle);
    if (status) {
        task->state = TASK_ENDED;
        task->joined = true; // there is nothing to join
    } else
        control.handles[task->id] = *handle;
    return status;
}

int racelab_uv_thread_create(uv_thread_t *handle, uv_thread_cb entry,
                             void *argument) {
    struct task *self = control_enter();
    if (!self)
        return uv_thread_create(handle, entry, argument);
    int status = create(self, handle, entry, argument);
    control_leave();
    return status;
}

// The size of the stack is the harness's business in an execution.
int racelab_uv_thread_create_ex(uv_thread_t *handle,
                                const uv_thread_options_t *options,
                                uv_thread_cb entry, void *argument) {
    struct task *self = control_enter();
    if (!self)
        return uv_thread_create_ex(handle, options, entry, argument);
    int status = create(self, handle, entry, argument);
    control_leave();
    return status;
}

static struct task *find_thread(const uv_thread_t *handle) {
    struct scheduler *scheduler = control.scheduler;
    for (int i = scheduler->task_count - 1; i >= 0; i--) {
        struct task *task = &scheduler->tasks[i];
        if (task->kind == TASK_PROGRAM && !task->joined && task->context &&
            uv_thread_equal(&control.handles[i], handle))
            return task;
    }
    return NULL;
}

static struct task *thread_to_join(struct task *self,
                                   const uv_thread_t *handle) {
    struct task *task = find_thread(handle);
    if (!task)
        control_misuse(self, "uv_thread_join of a thread that does not exist "
                             "or has been joined");
    return task;
}

int racelab_uv_thread_join(uv_thread_t *handle) {
    struct task *self = control_enter();
    if (!self)
        return uv_thread_join(handle);
    struct task *task = thread_to_join(self, handle);
    self->op = (struct op){.kind = OP_JOIN,
                           .name = "uv_thread_join",
                           .target = task->id,
                           .detail = task->name};
    scheduler_yield(control.scheduler, self);
    if (task->joined)
        control_misuse(self,
                       "uv_thread_join of %s, which another task has "
                       "joined meanwhile",
                       task->name);
    int status =
        control.scheduler->backend->join(control.scheduler->backend, task);
    control_leave();
    return status;
}
