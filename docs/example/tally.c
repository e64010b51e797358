// tally.c - a libuv program under control, as small as it can be.
//
// Two threads count to two, and each adds one: it reads the tally and writes
// what it read plus one. Whoever writes between the other's two halves is lost.
// `lost` does it without a lock, `locked` with one. docs/harness.md walks
// through it; lost.sched loses one on demand.
#include <racelab/point.h>
#include <racelab/program.h>
#include <stddef.h>
#include <stdio.h>
#include <uv.h>

static int tally;
static uv_mutex_t lock;

static void add_one(void) {
    POINT_READ("tally.read", &tally);
    int seen = tally;
    POINT_WRITE("tally.write", &tally);
    tally = seen + 1;
}

static void count(void *argument) {
    (void)argument;
    add_one();
}

static void count_locked(void *argument) {
    (void)argument;
    uv_mutex_lock(&lock);
    add_one();
    uv_mutex_unlock(&lock);
}

// From nothing to nothing: the harness may call it a thousand times.
static int run(uv_thread_cb body) {
    uv_thread_t threads[2];

    tally = 0;
    NAMED(&tally, sizeof tally, "tally");
    NAMED(&lock, sizeof lock, "tally.lock");
    if (uv_mutex_init(&lock) != 0)
        return -1;
    for (int i = 0; i < 2; i++)
        if (uv_thread_create(&threads[i], body, NULL) != 0)
            return -1;
    POINT("tally.started");
    for (int i = 0; i < 2; i++)
        uv_thread_join(&threads[i]);
    uv_mutex_destroy(&lock);

    const char *line = tally == 2 ? "both counted" : "one lost";
    puts(line);
    OUTCOME(line);
    return 0;
}

static int run_lost(const struct racelab_program *program) {
    (void)program;
    return run(count);
}

static int run_locked(const struct racelab_program *program) {
    (void)program;
    return run(count_locked);
}

int main(int argc, char **argv) {
    static const struct racelab_program lost = {
        .name = "lost",
        .summary = "two threads count, without a lock",
        .right = "both counted",
        .run = run_lost,
    };
    static const struct racelab_program locked = {
        .name = "locked",
        .summary = "the same, with a lock",
        .right = "both counted",
        .run = run_locked,
    };
    static const struct racelab_program *const programs[] = {&lost, &locked,
                                                             NULL};
    static const struct racelab_verb verbs[] = {{.name = NULL}};
    static const struct racelab_lab lab = {.programs = programs,
                                           .verbs = verbs};

    return racelab_main(argc, argv, &lab);
}
