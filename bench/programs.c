#include "programs.h"

#include <racelab/point.h>
#include <stdatomic.h>
#include <string.h>
#include <uv.h>

enum { TASKS = 3 };

static const int numbers[TASKS] = {0, 1, 2};
static atomic_int atomics[TASKS];
static int plain[TASKS];
static char seen[] = "------"; // what each read of each task saw

// What a task does, with its number.

static void use_atomics(void *argument) {
    int own = *(const int *)argument;
    POINT_WRITE("variable.store", &atomics[own]);
    atomic_store_explicit(&atomics[own], 1, memory_order_relaxed);
    for (int i = 1; i < TASKS; i++) {
        atomic_int *other = &atomics[(own + i) % TASKS];
        POINT_READ("variable.load", other);
        int value = atomic_load_explicit(other, memory_order_relaxed);
        seen[own * 2 + i - 1] = (char)('0' + value);
    }
}

static void use_plain(void *argument) {
    int own = *(const int *)argument;
    POINT_WRITE("variable.store", &plain[own]);
    plain[own] = 1;
    for (int i = 1; i < TASKS; i++) {
        int *other = &plain[(own + i) % TASKS];
        POINT_READ("variable.load", other);
        seen[own * 2 + i - 1] = (char)('0' + *other);
    }
}

static int run_tasks(uv_thread_cb use) {
    uv_thread_t threads[TASKS];
    for (int i = 0; i < TASKS; i++)
        uv_thread_create(&threads[i], use, (void *)&numbers[i]);
    for (int i = 0; i < TASKS; i++)
        uv_thread_join(&threads[i]);
    OUTCOME(seen);
    return 0;
}

static int run_atomic(const struct racelab_program *program) {
    (void)program;
    for (int i = 0; i < TASKS; i++)
        atomic_store_explicit(&atomics[i], 0, memory_order_relaxed);
    return run_tasks(use_atomics);
}

static int run_racing(const struct racelab_program *program) {
    (void)program;
    memset(plain, 0, sizeof plain);
    return run_tasks(use_plain);
}

const struct racelab_program programs_atomic = {
    .name = "atomic", .summary = "relaxed atomics", .run = run_atomic};
const struct racelab_program programs_racing = {
    .name = "racing", .summary = "plain variables", .run = run_racing};
