// wrongs.c - programs that go wrong, each in a way of its own, for `racelab
// explain` to say why.
//
// In the first of them one item is A's, is put, and is then B's; and something
// that still works for A looks at it. What puts the look behind B's write is
// different each time.
#include "handlers/handlers.h"
#include "server/engine.h"
#include "server/server.h"

#include <racelab/point.h>
#include <racelab/program.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <uv.h>

static struct item {
    struct item *next;
    int value;
    atomic_int mark;
} item;
static atomic_int ready;
static uv_loop_t loop;

static void make(void) {
    item.value = 0;
    atomic_store(&item.mark, 0);
    atomic_store(&ready, 0);
    NAMED(&item, sizeof item, "item");
    NAMED(&item.value, sizeof item.value, "item.value");
    NAMED(&item.mark, sizeof item.mark, "item.mark");
    NAMED(&ready, sizeof ready, "ready");
}

static void give(const char *request, int value) {
    POINT_GET("item.get", &item, request);
    POINT_WRITE("item.write", &item.value);
    item.value = value;
}

static void look(void) {
    POINT_READ("item.read", &item.value);
    int value = item.value;
    SAW("value", value);
    POINT("item.seen");
    OUTCOME(value == 1 ? "own" : "another's");
}

static void put(void) {
    POINT_PUT("item.put", &item);
}

static void look_when_ready(void *argument) {
    (void)argument;
    POINT_LOAD("ready.load", &ready);
    (void)atomic_load(&ready);
    look();
}

// B's store is what A's job loads.
static void atomically(void) {
    uv_thread_t job;
    give("A", 1);
    uv_thread_create(&job, look_when_ready, NULL);
    put();
    give("B", 2);
    POINT_STORE("ready.store", &ready);
    atomic_store(&ready, 1);
    put();
    uv_thread_join(&job);
}

static void look_at_mark(void *argument) {
    (void)argument;
    POINT_LOAD("mark.load", &item.mark);
    int mark = atomic_load(&item.mark);
    POINT("mark.seen");
    OUTCOME(mark == 1 ? "own" : "another's");
}

static void set_mark(const char *request, int mark) {
    POINT_GET("item.get", &item, request);
    POINT_STORE("mark.store", &item.mark);
    atomic_store(&item.mark, mark);
}

// What is looked at is itself atomic: nothing ever races.
static void at_a_mark(void) {
    uv_thread_t job;
    set_mark("A", 1);
    uv_thread_create(&job, look_at_mark, NULL);
    put();
    set_mark("B", 2);
    put();
    uv_thread_join(&job);
}

static void look_in_work(uv_work_t *work) {
    (void)work;
    look();
}

static void nothing(uv_work_t *work) {
    (void)work;
}

// B's work goes through the queue that A's is taken from.
static void in_the_queue(void) {
    uv_work_t works[2];
    uv_loop_init(&loop);
    give("A", 1);
    uv_queue_work(&loop, &works[0], look_in_work, NULL);
    put();
    give("B", 2);
    uv_queue_work(&loop, &works[1], nothing, NULL);
    put();
    uv_run(&loop, UV_RUN_DEFAULT);
    uv_loop_close(&loop);
}

static uv_timer_t a_timer;
static uv_thread_t started;

static void look_in_job(void *argument) {
    (void)argument;
    POINT("job.begun"); // without it a compiler may take it for look_in_work
    look();
}

static void start_job(uv_timer_t *timer) {
    uv_close((uv_handle_t *)timer, NULL);
    uv_thread_create(&started, look_in_job, NULL);
}

// A's job is only started when B has the item: no order of the two is another.
static void too_late(void) {
    uv_loop_init(&loop);
    uv_timer_init(&loop, &a_timer);
    give("A", 1);
    uv_timer_start(&a_timer, start_job, 1, 0);
    put();
    give("B", 2);
    put();
    uv_run(&loop, UV_RUN_DEFAULT);
    uv_thread_join(&started);
    uv_loop_close(&loop);
}

static uv_mutex_t lock;

static void look_in_lock(void *argument) {
    (void)argument;
    uv_mutex_lock(&lock);
    look();
    uv_mutex_unlock(&lock);
}

// Whoever holds back who looks must not let him hold the lock.
static void in_a_lock(void) {
    uv_thread_t job;
    uv_mutex_init(&lock);
    NAMED(&lock, sizeof lock, "lock");
    give("A", 1);
    uv_thread_create(&job, look_in_lock, NULL);
    put();
    uv_mutex_lock(&lock);
    give("B", 2);
    uv_mutex_unlock(&lock);
    put();
    uv_thread_join(&job);
    uv_mutex_destroy(&lock);
}

static void pass_on(void *argument) {
    (void)argument;
    POINT_STORE("ready.store", &ready);
    atomic_store(&ready, 1);
}

// From B's write to the look there are two edges.
static void by_way_of(void) {
    uv_thread_t jobs[2];
    give("A", 1);
    uv_thread_create(&jobs[0], look_when_ready, NULL);
    put();
    give("B", 2);
    uv_thread_create(&jobs[1], pass_on, NULL);
    put();
    uv_thread_join(&jobs[0]);
    uv_thread_join(&jobs[1]);
}

// B's write is at no point: there is only the get to come before.
static void unannounced(void) {
    uv_thread_t job;
    give("A", 1);
    uv_thread_create(&job, look_in_job, NULL);
    put();
    POINT_GET("item.get", &item, "B");
    item.value = 2;
    put();
    uv_thread_join(&job);
}

// Findings that are no outcome's.

static void put_twice(void) {
    give("A", 1);
    put();
    put();
}

static void got_twice(void) {
    give("A", 1);
    give("B", 2);
    put();
}

static void kept(void) {
    give("A", 1);
}

static void sleep_here(uv_timer_t *timer) {
    uv_close((uv_handle_t *)timer, NULL);
    uv_sleep(10);
}

static void sleep_there(void *argument) {
    (void)argument;
    uv_sleep(10);
}

static void wait_here(uv_timer_t *timer) {
    uv_thread_t thread;
    uv_close((uv_handle_t *)timer, NULL);
    uv_thread_create(&thread, sleep_there, NULL);
    uv_thread_join(&thread);
}

static void run_timer(uv_timer_cb call) {
    uv_loop_init(&loop);
    uv_timer_init(&loop, &a_timer);
    uv_timer_start(&a_timer, call, 1, 0);
    uv_run(&loop, UV_RUN_DEFAULT);
    uv_loop_close(&loop);
}

static void sleeps(void) {
    run_timer(sleep_here);
}

static void waits(void) {
    run_timer(wait_here);
}

// A handler whose context is looked at behind its work, on the loop.

struct later {
    uv_work_t work;
    struct context *context;
    int64_t stamp;
};

static void look_behind(uv_work_t *work, int status) {
    struct later *later = work->data;
    int64_t found;
    (void)status;
    bool is_own =
        context_get(later->context, "stamp", &found) && found == later->stamp;
    OUTCOME(is_own ? "own" : "another's");
    free(later);
}

static void handle(struct context *c) {
    static int64_t stamps;
    struct later *later = malloc(sizeof *later);
    *later = (struct later){.context = c, .stamp = ++stamps};
    later->work.data = later;
    context_set(c, "stamp", later->stamp);
    uv_queue_work(&c->server->loop, &later->work, nothing, look_behind);
    context_message(c, 200, "started");
}

static void behind_work(void) {
    static const struct handler handler = {.handle = handle};
    struct engine *engine =
        engine_new(&(struct engine_options){.host = "127.0.0.1",
                                            .loops = 1,
                                            .is_quiet = true,
                                            .wants_signals = true});
    handlers_route(&handler, engine);
    if (engine_listen(engine) == 0)
        engine_run(engine);
    engine_free(engine);
}

#define PROGRAMS(X)                                                            \
    X(atomically)                                                              \
    X(at_a_mark)                                                               \
    X(in_the_queue)                                                            \
    X(too_late)                                                                \
    X(in_a_lock)                                                               \
    X(by_way_of)                                                               \
    X(unannounced)                                                             \
    X(put_twice)                                                               \
    X(got_twice)                                                               \
    X(kept)                                                                    \
    X(sleeps)                                                                  \
    X(waits)                                                                   \
    X(behind_work)

#define RUN(name)                                                              \
    static int run_##name(const struct racelab_program *program) {             \
        (void)program;                                                         \
        make();                                                                \
        name();                                                                \
        return 0;                                                              \
    }
PROGRAMS(RUN)

#define PROGRAM(program)                                                       \
    &(const struct racelab_program){.name = #program,                          \
                                    .summary = "goes wrong",                   \
                                    .right = "own",                            \
                                    .run = run_##program},

int main(int argc, char **argv) {
    const struct racelab_program *const programs[] = {PROGRAMS(PROGRAM) NULL};
    static const struct racelab_verb verbs[] = {{.name = NULL}};
    const struct racelab_lab lab = {.programs = programs, .verbs = verbs};
    return racelab_main(argc, argv, &lab);
}
