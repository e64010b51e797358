#include "thread.h"
#include "edges.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

// What the backend keeps of a task, in task->context.
struct baton {
    atomic_int turn; // a futex: 1 when the task may run
    pthread_t thread;
    struct task *task;
    struct thread_backend *threads;
    void (*entry)(void *argument);
    void *argument;
};

static _Thread_local struct task *current;

static void give(atomic_int *turn) {
    atomic_store(turn, 1);
    futex_wake(turn);
}

static void wait(atomic_int *turn) {
    while (atomic_exchange(turn, 0) == 0)
        futex_wait(turn, 0, NULL);
}

static void give_turn(struct task *task) {
    struct baton *baton = task->context;
    baton->threads->hand_over.give(&baton->turn);
}

static void wait_for_turn(struct task *task) {
    struct baton *baton = task->context;
    baton->threads->hand_over.wait(&baton->turn);
}

static void switch_to(struct backend *backend, struct task *from,
                      struct task *to) {
    (void)backend;
    give_turn(to);
    wait_for_turn(from);
}

static void leave_to(struct backend *backend, struct task *from,
                     struct task *to) {
    (void)backend;
    (void)from;
    give_turn(to);
}

static void finish(struct backend *backend, struct task *from) {
    struct thread_backend *threads = (struct thread_backend *)backend;
    (void)from;
    watch_over(&threads->watch);
}

static void abandon(struct backend *backend, struct task *from) {
    (void)backend;
    (void)from;
    static atomic_int never;
    for (;;)
        futex_wait(&never, 0, NULL);
}

static struct task *self(struct backend *backend) {
    (void)backend;
    return current;
}

static void *run_task(void *argument) {
    struct baton *baton = argument;
    struct task *task = baton->task;
    current = task;
    task->os_id = (int)syscall(SYS_gettid);
    void *signal_stack = watch_signal_stack();
    wait_for_turn(task);
    baton->entry(baton->argument);
    current = NULL;
    edges_ignore_begin(); // what the scheduler writes is no business of races
    scheduler_leave(baton->threads->scheduler, task);
    edges_ignore_end();
    watch_signal_stack_done(signal_stack);
    return NULL;
}

static int start(struct backend *backend, struct task *task,
                 void (*entry)(void *), void *argument, void *handle) {
    struct baton *baton = calloc(1, sizeof *baton);
    if (!baton)
        return -ENOMEM;
    baton->task = task;
    baton->threads = (struct thread_backend *)backend;
    baton->entry = entry;
    baton->argument = argument;
    task->context = baton;
    int failed = pthread_create(&baton->thread, NULL, run_task, baton);
    if (failed) {
        task->context = NULL;
        free(baton);
        return -failed;
    }
    *(pthread_t *)handle = baton->thread;
    return 0;
}

static int join(struct backend *backend, struct task *task) {
    (void)backend;
    struct baton *baton = task->context;
    int failed = pthread_join(baton->thread, NULL);
    task->joined = true;
    return -failed;
}

void thread_backend_init(struct thread_backend *threads,
                         struct scheduler *scheduler) {
    threads->backend = (struct backend){
        .start = start,
        .join = join,
        .self = self,
        .switch_to = switch_to,
        .leave_to = leave_to,
        .finish = finish,
        .abandon = abandon,
    };
    threads->hand_over = (struct hand_over){.give = give, .wait = wait};
    threads->scheduler = scheduler;
    memset(&threads->watch, 0, sizeof threads->watch);
    watch_scheduler(&threads->watch, scheduler);
}

// Threads that have left but that nobody joined are joined here; those that
// have not are parked for good, and so is what they use.
static void collect(struct scheduler *scheduler) {
    for (int i = 0; i < scheduler->task_count; i++) {
        struct task *task = &scheduler->tasks[i];
        struct baton *baton = task->context;
        bool threaded = task->kind == TASK_PROGRAM || task->kind == TASK_WORKER;
        if (!threaded || task->state != TASK_ENDED || !baton)
            continue;
        if (!task->joined)
            pthread_join(baton->thread, NULL);
        free(baton);
        task->context = NULL;
    }
}

int thread_backend_run(struct thread_backend *threads, struct task *root,
                       void (*entry)(void *), void *argument) {
    cpu_set_t before;
    pthread_t handle;
    watch_pin(&before);
    int status = start(&threads->backend, root, entry, argument, &handle);
    if (status == 0) {
        struct task *first = scheduler_first(threads->scheduler);
        if (first) {
            give_turn(first);
            bool ended = watch_until_over(&threads->watch);
            int runs = atomic_load(&threads->scheduler->running);
            if (!ended)
                watch_stop(threads->scheduler->tasks[runs].os_id);
        }
        collect(threads->scheduler);
    }
    watch_unpin(&before);
    return status;
}
