// work.c - uv_queue_work and uv_cancel under control: libuv's thread pool,
// modelled with its size, its queue and its two locks.
//
// The pool's lock and the loop's are real mutexes, locked where libuv locks
// its own, because they order what the program does: with one worker the end
// of one work is ordered before the start of the next, and ThreadSanitizer
// sees it in real libuv too.
#include "control.h"
#include "edges.h"
#include "uv_prototypes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct work {
    uv_work_t *request;
    uv_loop_t *loop;
    uv_work_cb run;
    uv_after_work_cb after;
    int status; // for `after`
    int works_for;
    int maker; // the task that queued it, and as which of its things
    unsigned birth;
    struct work *next;
};

// The environment's UV_THREADPOOL_SIZE does not count: an execution would be
// another one in another shell.
void work_begin(int workers) {
    if (workers < 1)
        workers = LIMIT_WORKERS_DEFAULT;
    control.workers_wanted = workers < LIMIT_WORKERS ? workers : LIMIT_WORKERS;
    uv_mutex_init(&control.queue_lock);
}

static void free_all(struct work **first) {
    for (struct work *work; (work = *first);) {
        *first = work->next;
        free(work);
    }
}

void work_end(void) {
    free_all(&control.queue);
    for (int i = 0; i < control.loop_count; i++)
        free_all(&control.loops[i].done);
    uv_mutex_destroy(&control.queue_lock);
}

// The two real locks, for the harness's own detector as well.
static void lock(uv_mutex_t *mutex) {
    uv_mutex_lock(mutex);
    control_acquire(mutex);
}

static void unlock(uv_mutex_t *mutex) {
    control_release(mutex);
    uv_mutex_unlock(mutex);
}

// When every order is explored: of those that have nothing to do the first
// takes the next work. They are all alike, for each was last seen at the pool's
// lock.
static bool is_first_idle(const struct task *worker) {
    for (int i = 0; i < worker->id; i++) {
        const struct task *other = &control.scheduler->tasks[i];
        if (other->kind == TASK_WORKER && other->state == TASK_WAITING &&
            other->op.kind == OP_TAKE_WORK)
            return false;
    }
    return true;
}

bool work_ready(const struct task *worker) {
    return control.queue &&
           (!control.scheduler->explores || is_first_idle(worker));
}

bool work_is_done(const struct loop_state *state) {
    return state->done;
}

static const struct work *work_of(const struct task *task) {
    if (task->state == TASK_ENDED)
        return NULL; // its loop may be closed
    const struct event *event = &control.events[task->id];
    if (task->kind == TASK_EVENT && event->kind == EVENT_WORK)
        return loop_find(event->loop)->done;
    if (task->kind != TASK_WORKER)
        return NULL;
    return task->op.kind == OP_TAKE_WORK && task->state == TASK_WAITING
               ? control.queue
               : control.taken[task->id];
}

bool work_stands_for(const struct task *task, int *maker, unsigned *birth) {
    const struct work *work = work_of(task);
    if (!work)
        return false;
    *maker = work->maker;
    *birth = work->birth;
    return true;
}

static void append(struct work **first, struct work *work) {
    while (*first)
        first = &(*first)->next;
    work->next = NULL;
    *first = work;
}

static void post_done(struct task *self, struct work *work) {
    struct loop_state *state = loop_find(work->loop); // open while it has work
    lock(&state->done_lock);
    append(&state->done, work);
    unlock(&state->done_lock);
    edges_release(&state->wake_up);
    control_release(work->loop);
    scheduler_arm(control.scheduler, work->maker, work->birth, self);
}

// libuv's worker locks its pool right after each work, to look for the next: so
// what it did is ordered before whatever next locks the pool, be it another
// worker that takes work or a loop that queues some.
static void come_back(void) {
    lock(&control.queue_lock);
    unlock(&control.queue_lock);
}

static void hand_back(struct task *self, struct work *work) {
    struct op op = {.kind = OP_WORK_DONE,
                    .name = "work.done",
                    .object = (uintptr_t)&control.queue,
                    .mutex = (uintptr_t)work->loop,
                    .detail = ""};
    control_yield(self, &op);
    post_done(self, work);
}

static void run_one(struct task *self) {
    lock(&control.queue_lock);
    struct work *work = control.queue;
    control.queue = work->next;
    control.taken[self->id] = work;
    unlock(&control.queue_lock);
    self->works_for = work->works_for;
    self->role = "work";
    if (self->works_for != OWNER_NOBODY)
        control_detail("for %s",
                       owners_name(control.scheduler->owners, self->works_for));
    control_leave();
    work->run(work->request);
    control_return();
    self->place = NULL; // what comes now is no call of the program's
    hand_back(self, work);
    self->works_for = OWNER_NOBODY;
    control.taken[self->id] = NULL;
    come_back();
}

static const struct op take_work = {.kind = OP_TAKE_WORK,
                                    .name = "work.take",
                                    .object = (uintptr_t)&control.queue,
                                    .detail = ""};

// Starts where it was granted its first work.
static void work_forever(void *argument) {
    (void)argument;
    struct task *self = control_enter_from(NULL);
    while (!control.scheduler->closing) {
        run_one(self);
        control_yield(self, &take_work);
    }
    control_leave();
}

static void start_worker(struct task *self) {
    struct scheduler *scheduler = control.scheduler;
    char name[LIMIT_NAME];
    uv_thread_t handle;
    snprintf(name, sizeof name, "worker.%d", ++control.workers);
    struct task *task = control_add(self, TASK_WORKER, name);
    task->op = take_work; // to begin is nothing of its own
    control.taken[task->id] = NULL;
    int status = scheduler->backend->start(scheduler->backend, task,
                                           work_forever, NULL, &handle);
    if (status == 0)
        return;
    task->state = TASK_ENDED;
    scheduler_fail(scheduler, self, VERDICT_CRASH,
                   "no thread could be started for %s: %s", name,
                   uv_strerror(status));
}

// As libuv, the pool is started whole at the first work, or not at all: libuv
// aborts where a thread is missing.
static void start_workers(struct task *self) {
    while (control.workers < control.workers_wanted)
        start_worker(self);
}

static int queue(struct task *self, uv_loop_t *loop, uv_work_t *request,
                 uv_work_cb run, uv_after_work_cb after) {
    struct loop_state *state = loop_state(self, loop);
    start_workers(self);
    struct work *work = calloc(1, sizeof *work);
    if (!work)
        return UV_ENOMEM;
    request->type = UV_WORK;
    request->loop = loop;
    request->work_cb = run;
    request->after_work_cb = after;
    *work = (struct work){
        .request = request, .loop = loop, .run = run, .after = after};
    work->works_for = self->works_for;
    work->maker = self->id;
    work->birth = self->births++;
    scheduler_arm(control.scheduler, work->maker, work->birth, self);
    event_arm(self, EVENT_WORK, state, loop);
    state->works++;
    lock(&control.queue_lock);
    append(&control.queue, work);
    unlock(&control.queue_lock);
    return 0;
}

int racelab_uv_queue_work(uv_loop_t *loop, uv_work_t *request, uv_work_cb run,
                          uv_after_work_cb after) {
    struct task *self = control_enter();
    if (!self)
        return uv_queue_work(loop, request, run, after);
    int status = UV_EINVAL;
    if (run) {
        control_yield(self, &(struct op){.kind = OP_QUEUE_WORK,
                                         .name = "uv_queue_work",
                                         .object = (uintptr_t)&control.queue,
                                         .detail = ""});
        status = queue(self, loop, request, run, after);
    }
    control_leave();
    return status;
}

static struct work *unqueue(const uv_req_t *request) {
    for (struct work **at = &control.queue; *at; at = &(*at)->next)
        if ((const uv_req_t *)(*at)->request == request) {
            struct work *work = *at;
            *at = work->next;
            return work;
        }
    return NULL;
}

// Under both locks, as in libuv: one that fails since the work has ended is
// ordered behind it.
static struct work *unqueue_locked(uv_req_t *request) {
    struct loop_state *state = loop_find(((uv_work_t *)request)->loop);
    if (!state)
        return NULL; // its loop has been closed: it ended long ago
    lock(&control.queue_lock);
    lock(&state->done_lock);
    struct work *work = unqueue(request);
    unlock(&state->done_lock);
    unlock(&control.queue_lock);
    return work;
}

int racelab_uv_cancel(uv_req_t *request) {
    struct task *self = control_enter();
    if (!self)
        return uv_cancel(request);
    if (request->type != UV_WORK)
        control_refuse("uv_cancel of a request other than uv_work_t");
    control_yield(self,
                  &(struct op){.kind = OP_CANCEL_WORK,
                               .name = "uv_cancel",
                               .object = (uintptr_t)&control.queue,
                               .mutex = (uintptr_t)((uv_work_t *)request)->loop,
                               .detail = ""});
    struct work *work = unqueue_locked(request);
    control_detail(work ? "cancelled" : "too late");
    if (work) {
        work->status = UV_ECANCELED;
        post_done(self, work);
    }
    control_leave();
    return work ? 0 : UV_EBUSY;
}

static void deliver(struct loop_state *state, struct work *work) {
    state->works--;
    control_leave_for(work->works_for, "work");
    if (work->after)
        work->after(work->request, work->status);
    control_return_to_loop();
    free(work);
}

// Takes the work that is done, as libuv does: under the lock.
static struct work *take_done(struct loop_state *state, bool all) {
    edges_acquire(&state->wake_up);
    control_acquire(state->loop);
    lock(&state->done_lock);
    struct work *done = state->done;
    state->done = all ? NULL : done->next;
    unlock(&state->done_lock);
    return done;
}

void work_deliver(struct loop_state *state) {
    struct work *done = state->done ? take_done(state, true) : NULL;
    while (done) {
        struct work *work = done;
        done = work->next;
        deliver(state, work);
    }
}

void work_deliver_one(struct loop_state *state) {
    if (state->done)
        deliver(state, take_done(state, false));
}
