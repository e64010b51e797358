#include "fiber.h"
#include "edges.h"
#include "stack.h"
#include "stacks.h"
#include "watch.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

// Room for the program, and for a sanitizer that writes a report on it.
enum { STACK_BYTES = 1 << 20, GUARD_BYTES = 1 << 16 };

struct fiber {
    struct stack stack;
    void *tsan, *asan; // the sanitizers' own
    int index, saved_errno;
    bool abandoned; // left in the middle: what is on its stack is lost
    bool ignored;   // ThreadSanitizer looks away while it is between two tasks
    struct fiber_backend *fibers;
    struct task *task;
    void (*entry)(void *argument);
    void *argument;
};

// By task id. Made when first needed, used again by every execution.
static struct fiber *pool[LIMIT_TASKS];

// The stack that started the execution, to which its end goes back.
static struct fiber stage;

// A guard below each stack turns an overflow into a crash with a name.
static void *map_stack(void) {
    char *memory = mmap(NULL, GUARD_BYTES + STACK_BYTES, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
        return NULL;
    if (mprotect(memory, GUARD_BYTES, PROT_NONE)) {
        munmap(memory, GUARD_BYTES + STACK_BYTES);
        return NULL;
    }
    return memory + GUARD_BYTES;
}

static void arrive(struct fiber *self) {
    const void *from = NULL;
    size_t from_bytes = 0;
    stacks_asan_arrive(self->asan, &from, &from_bytes);
    if (!stage.stack.memory) { // the first to leave it tells how large it is
        stage.stack.memory = (void *)from;
        stage.stack.bytes = from_bytes;
    }
    errno = self->saved_errno;
}

// `over`: `from` never comes back.
static void jump(struct fiber *from, struct fiber *to, bool over) {
    from->saved_errno = errno;
    stacks_asan_leave(over ? NULL : &from->asan, to->stack.memory,
                      to->stack.bytes);
    stacks_tsan_switch(to->tsan);
    stack_switch(&from->stack, &to->stack);
    arrive(from);
}

static void run_task(void *argument) {
    struct fiber *self = argument;
    struct fiber_backend *fibers = self->fibers;
    self->asan = NULL;
    arrive(self);
    if (!self->ignored)
        edges_ignore_begin();
    self->ignored = true;
    edges_acquire(self); // what was done before it was started
    edges_ignore_end();
    self->entry(self->argument);
    edges_ignore_begin();
    edges_release(self); // to the one who joins it, and the next execution
    scheduler_leave(fibers->scheduler, self->task);
    jump(self, &stage, true);
}

// ThreadSanitizer keeps where a fiber was made, and looks up every frame of
// that for each report. When nobody will read it, it is made where there are
// few.
static void *new_tsan(const struct fiber_backend *fibers, int index) {
    char name[LIMIT_NAME];
    snprintf(name, sizeof name, STACKS_NAME_FORMAT, index);
    if (!fibers->current || !fibers->scheduler->explores)
        return stacks_tsan_new(name);
    stacks_tsan_switch(stage.tsan);
    void *made = stacks_tsan_new(name);
    stacks_tsan_switch(fibers->current->tsan);
    return made;
}

static struct fiber *fiber_for(const struct fiber_backend *fibers, int index) {
    struct fiber *fiber = pool[index];
    if (!fiber) {
        fiber = calloc(1, sizeof *fiber);
        void *memory = fiber ? map_stack() : NULL;
        if (!memory) {
            free(fiber);
            return NULL;
        }
        fiber->index = index;
        fiber->stack.memory = memory;
        fiber->stack.bytes = STACK_BYTES;
        fiber->tsan = new_tsan(fibers, index);
        pool[index] = fiber;
    }
    return fiber;
}

// ThreadSanitizer still has the calls of an abandoned task on its books, so it
// gets a new fiber; the old one stays where it stood.
static void renew(const struct fiber_backend *fibers, struct fiber *fiber) {
    fiber->tsan = new_tsan(fibers, fiber->index);
    fiber->abandoned = false;
    fiber->ignored = false;
}

static int start(struct backend *backend, struct task *task,
                 void (*entry)(void *), void *argument, void *handle) {
    struct fiber_backend *fibers = (struct fiber_backend *)backend;
    struct fiber *fiber = fiber_for(fibers, task->id);
    if (!fiber)
        return -ENOMEM;
    if (fiber->abandoned)
        renew(fibers, fiber);
    fiber->fibers = fibers;
    fiber->task = task;
    fiber->entry = entry;
    fiber->argument = argument;
    fiber->saved_errno = 0;
    fiber->stack.entry = run_task;
    fiber->stack.argument = fiber;
    task->context = fiber;
    task->os_id = -1 - task->id;
    edges_release(fiber);
    stacks_asan_clean(fiber->stack.memory, fiber->stack.bytes);
    // Any value that no other thread of the execution has.
    pthread_t id = (pthread_t)(uintptr_t)fiber;
    memcpy(handle, &id, sizeof id);
    return stack_prepare(&fiber->stack) ? -ENOMEM : 0;
}

static int join(struct backend *backend, struct task *task) {
    (void)backend;
    edges_acquire(task->context);
    task->joined = true;
    return 0;
}

static struct task *self(struct backend *backend) {
    struct fiber_backend *fibers = (struct fiber_backend *)backend;
    return fibers->current ? fibers->current->task : NULL;
}

static void switch_to(struct backend *backend, struct task *from,
                      struct task *to) {
    ((struct fiber_backend *)backend)->current = to->context;
    jump(from->context, to->context, false);
}

static void leave_to(struct backend *backend, struct task *from,
                     struct task *to) {
    ((struct fiber_backend *)backend)->current = to->context;
    jump(from->context, to->context, true);
}

static void finish(struct backend *backend, struct task *from) {
    (void)from;
    ((struct fiber_backend *)backend)->current = NULL;
}

static void abandon(struct backend *backend, struct task *from) {
    (void)backend;
    for (;;)
        jump(from->context, &stage, true);
}

void fiber_backend_init(struct fiber_backend *fibers,
                        struct scheduler *scheduler) {
    fibers->backend = (struct backend){
        .start = start,
        .join = join,
        .self = self,
        .switch_to = switch_to,
        .leave_to = leave_to,
        .finish = finish,
        .abandon = abandon,
    };
    fibers->scheduler = scheduler;
    fibers->current = NULL;
}

// Every task's end is ordered before the next execution, whoever joined it.
static void collect(struct scheduler *scheduler) {
    for (int i = 0; i < scheduler->task_count; i++) {
        struct fiber *fiber = scheduler->tasks[i].context;
        if (!fiber)
            continue;
        if (scheduler->tasks[i].state != TASK_ENDED) {
            fiber->abandoned = true;
            stacks_tsan_switch(fiber->tsan);
            edges_release(fiber);
            stacks_tsan_switch(stage.tsan);
        }
        edges_acquire(fiber);
    }
}

// The stage is a thread, made when there is first something to do on it, which
// waits in between: under ThreadSanitizer a new one costs as much as a hundred
// executions. Only one that is parked for good is followed by another.

struct call {
    void (*function)(void *argument);
    void *argument;
    cpu_set_t processor; // the caller's
    struct watch watch;
};

struct stage_thread {
    pthread_t thread;
    int os_id;                 // the kernel's number of the thread
    atomic_int given;          // grows with each call; a futex
    struct call *_Atomic call; // NULL: no more are to come
};

static struct stage_thread *stage_thread; // NULL: there is none
static struct call *under_way;            // NULL: nobody is on the stage
static _Thread_local bool on_stage;

static void perform(struct stage_thread *self, struct call *call) {
    watch_unpin(&call->processor);
    edges_acquire(self);
    memset(&stage, 0, sizeof stage);
    stage.tsan = stacks_tsan_current();
    call->function(call->argument);
    stack_done(&stage.stack);
    edges_release(self);
    watch_over(&call->watch);
}

static void *take_calls(void *argument) {
    struct stage_thread *self = argument;
    struct call *call;
    edges_ignore_begin();
    void *signal_stack = watch_signal_stack();
    self->os_id = (int)syscall(SYS_gettid);
    on_stage = true;
    for (int taken = 0;; taken++) {
        while (atomic_load(&self->given) == taken)
            futex_wait(&self->given, taken, NULL);
        call = atomic_load(&self->call);
        if (!call)
            break;
        perform(self, call);
    }
    edges_ignore_end();
    watch_signal_stack_done(signal_stack);
    return NULL;
}

static int start_stage_thread(void) {
    if (stage_thread)
        return 0;
    struct stage_thread *made = calloc(1, sizeof *made);
    int failed =
        made ? pthread_create(&made->thread, NULL, take_calls, made) : ENOMEM;
    if (failed)
        free(made);
    else
        stage_thread = made;
    return -failed;
}

static void give(struct call *call) {
    edges_release(stage_thread);
    atomic_store(&stage_thread->call, call);
    atomic_fetch_add(&stage_thread->given, 1);
    futex_wake(&stage_thread->given);
}

void fiber_stage_close(void) {
    if (!stage_thread)
        return;
    give(NULL);
    pthread_join(stage_thread->thread, NULL);
    free(stage_thread);
    stage_thread = NULL;
}

static int watched_call(struct call *call) {
    int failed = start_stage_thread();
    if (failed)
        return failed;
    give(call);
    if (watch_until_over(&call->watch)) {
        edges_acquire(stage_thread);
        return 0;
    }
    watch_stop(stage_thread->os_id);
    stage_thread = NULL; // its thread may still look at it
    return -ECANCELED;
}

int fiber_stage_call(void (*function)(void *argument), void *argument) {
    struct call *call = calloc(1, sizeof *call);
    cpu_set_t before;
    if (!call)
        return -ENOMEM;
    call->function = function;
    call->argument = argument;
    watch_pin(&before);
    sched_getaffinity(0, sizeof call->processor, &call->processor);
    under_way = call;
    int status = watched_call(call);
    under_way = NULL;
    watch_unpin(&before);
    if (status != -ECANCELED) // else its thread may still look at it
        free(call);
    return status;
}

struct run {
    struct fiber_backend *fibers;
    struct task *root;
    void (*entry)(void *argument);
    void *argument;
    int status;
};

static void run_on_stage(void *argument) {
    struct run *run = argument;
    struct fiber_backend *fibers = run->fibers;
    struct watch *watch = &under_way->watch;
    pthread_t handle;
    run->status =
        start(&fibers->backend, run->root, run->entry, run->argument, &handle);
    if (run->status)
        return;
    watch_scheduler(watch, fibers->scheduler);
    struct task *first = scheduler_first(fibers->scheduler);
    if (first) {
        fibers->current = first->context;
        jump(&stage, first->context, false);
    }
    watch_scheduler(watch, NULL);
    collect(fibers->scheduler);
}

int fiber_backend_run(struct fiber_backend *fibers, struct task *root,
                      void (*entry)(void *), void *argument) {
    struct run run = {fibers, root, entry, argument, 0};
    if (on_stage) {
        run_on_stage(&run);
        return run.status;
    }
    int status = fiber_stage_call(run_on_stage, &run);
    return status == 0 || status == -ECANCELED ? run.status : status;
}
