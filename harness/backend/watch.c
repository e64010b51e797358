#include "watch.h"

#include <linux/futex.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { SIGNAL_STACK_BYTES = 1 << 16 };
#define NAP_SECONDS  0.1   // between two looks at the task that runs
#define LOOK_SECONDS 0.001 // of the processor: more is not the looking alone

void futex_wait(atomic_int *word, int value, const struct timespec *timeout) {
    syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, timeout, NULL, 0);
}

void futex_wake(atomic_int *word) {
    syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

static double seconds_of(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void say_stuck(struct scheduler *scheduler, const char *what) {
    const struct task *task =
        &scheduler->tasks[atomic_load(&scheduler->running)];
    scheduler_end(scheduler, VERDICT_SPIN, 0, 0,
                  "task %s %s since step %d (%s): it comes to no point and to "
                  "no call that the harness controls",
                  task->name, what, scheduler->trace->step_count,
                  task->op.name);
}

// Seconds since `*before`, but never more than two naps: what is longer is a
// machine that slept, or a debugger that held us.
static double elapsed(clockid_t clock, double *before) {
    double now = seconds_of(clock), passed = now - *before;
    *before = now;
    return passed < 2 * NAP_SECONDS ? passed : 2 * NAP_SECONDS;
}

// A task that computes for long uses the processor; one that is stuck in a
// call does not.
bool watch_until_over(struct watch *watch) {
    const struct timespec nap = {.tv_nsec = NAP_SECONDS * 1000000000L};
    double processor = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
    double clock = seconds_of(CLOCK_MONOTONIC);
    double spun = 0, stuck = 0;
    int last = -1;
    while (atomic_load(&watch->over) == 0) {
        struct scheduler *scheduler = atomic_load(&watch->scheduler);
        double used = elapsed(CLOCK_PROCESS_CPUTIME_ID, &processor);
        spun += used;
        stuck += elapsed(CLOCK_MONOTONIC, &clock);
        if (used > LOOK_SECONDS)
            stuck = 0; // slowly, on a machine that is busy with others
        int now = scheduler ? atomic_load(&scheduler->progress) : last;
        if (!scheduler || now != last)
            spun = stuck = 0;
        last = now;
        if (scheduler &&
            (spun > LIMIT_SPIN_SECONDS || stuck > LIMIT_STUCK_SECONDS)) {
            say_stuck(scheduler, spun > LIMIT_SPIN_SECONDS
                                     ? "spins"
                                     : "is stuck in a call");
            return false;
        }
        futex_wait(&watch->over, 0, &nap);
    }
    return true;
}

void watch_scheduler(struct watch *watch, struct scheduler *scheduler) {
    atomic_store_explicit(&watch->scheduler, scheduler, memory_order_release);
}

void watch_over(struct watch *watch) {
    atomic_store(&watch->over, 1);
    futex_wake(&watch->over);
}

void *watch_signal_stack(void) {
    stack_t stack = {.ss_sp = malloc(SIGNAL_STACK_BYTES),
                     .ss_size = SIGNAL_STACK_BYTES};
    if (stack.ss_sp)
        sigaltstack(&stack, NULL);
    return stack.ss_sp;
}

void watch_signal_stack_done(void *memory) {
    const stack_t none = {.ss_flags = SS_DISABLE};
    sigaltstack(&none, NULL);
    free(memory);
}

// In the thread of a task that spins or is stuck: it does no more.
static void park(int number) {
    (void)number;
    for (;;)
        pause();
}

void watch_stop(int thread) {
    signal(SIGURG, park);
    syscall(SYS_tgkill, getpid(), thread, SIGURG);
}

void watch_pin(cpu_set_t *before) {
    cpu_set_t one;
    sched_getaffinity(0, sizeof *before, before);
    CPU_ZERO(&one);
    CPU_SET(sched_getcpu(), &one);
    sched_setaffinity(0, sizeof one, &one);
}

void watch_unpin(const cpu_set_t *before) {
    sched_setaffinity(0, sizeof *before, before);
}
