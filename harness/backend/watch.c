#include "watch.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

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

// A task that computes for long uses the processor; one that is stuck in a
// call does not. A machine that is merely busy does neither to us.
void watch_until(struct scheduler *scheduler, atomic_int *finished) {
    const struct timespec nap = {.tv_nsec = 100000000L};
    int last = -1;
    double spun = 0, stuck = 0;
    while (atomic_load(finished) == 0) {
        int now = atomic_load(&scheduler->progress);
        if (now != last) {
            last = now;
            spun = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
            stuck = seconds_of(CLOCK_MONOTONIC);
        }
        if (seconds_of(CLOCK_PROCESS_CPUTIME_ID) - spun > LIMIT_SPIN_SECONDS) {
            say_stuck(scheduler, "spins");
            return;
        }
        if (seconds_of(CLOCK_MONOTONIC) - stuck > LIMIT_STUCK_SECONDS) {
            say_stuck(scheduler, "is stuck in a call");
            return;
        }
        futex_wait(finished, 0, &nap);
    }
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
