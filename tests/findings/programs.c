#include "programs.h"

#include <racelab/point.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

// A pooled object.
static struct thing { int64_t first, second; } things[2];

static uv_loop_t loop;
static uv_mutex_t mutex;
static uv_sem_t semaphore;
static uv_timer_t timer;
static uv_async_t async;
static uv_work_t work;
static uv_thread_t thread, other_thread;

static void make(void) {
    uv_loop_init(&loop);
    uv_mutex_init(&mutex);
    uv_sem_init(&semaphore, 0);
    uv_timer_init(&loop, &timer);
    NAMED(&things[0], sizeof things[0], "thing");
    NAMED(&things[1], sizeof things[1], "thing");
}

static int unmake(void) {
    uv_close((uv_handle_t *)&timer, NULL);
    uv_run(&loop, UV_RUN_DEFAULT);
    uv_loop_close(&loop);
    uv_sem_destroy(&semaphore);
    uv_mutex_destroy(&mutex);
    return 0;
}

static void get(struct thing *thing, const char *owner) {
    (void)owner; // for the harness alone
    POINT_GET("thing.get", thing, owner);
}

static void put(struct thing *thing) {
    POINT_PUT("thing.put", thing);
}

static void touch(struct thing *thing) {
    POINT_WRITE("thing.touch", &thing->second);
    thing->second++;
}

static void touch_first(void *unused) {
    (void)unused;
    touch(&things[0]);
    POINT("thing.touched");
}

// Whose an object is.

static int run_right(const struct racelab_program *program) {
    (void)program;
    make();
    get(&things[0], "A");
    uv_thread_create(&thread, touch_first, NULL);
    touch(&things[0]);
    uv_thread_join(&thread);
    put(&things[0]);
    return unmake();
}

static int run_escape(const struct racelab_program *program) {
    (void)program;
    make();
    get(&things[0], "A");
    uv_thread_create(&thread, touch_first, NULL);
    put(&things[0]);
    get(&things[0], "B");
    uv_thread_join(&thread);
    put(&things[0]);
    return unmake();
}

// There is no race, for the join orders all; it is wrong all the same.
static int run_touch_after_put(const struct racelab_program *program) {
    (void)program;
    make();
    get(&things[0], "A");
    put(&things[0]);
    touch(&things[0]);
    return unmake();
}

static int run_put_twice(const struct racelab_program *program) {
    (void)program;
    make();
    get(&things[0], "A");
    put(&things[0]);
    put(&things[0]);
    return unmake();
}

static int run_foreign_get(const struct racelab_program *program) {
    (void)program;
    make();
    get(&things[0], "A");
    get(&things[0], "B");
    put(&things[0]);
    return unmake();
}

static int run_leak(const struct racelab_program *program) {
    (void)program;
    make();
    get(&things[0], "A");
    get(&things[1], "A");
    put(&things[0]);
    return unmake();
}

// It is over there, so nobody would clean up.
static int run_put_without_get(const struct racelab_program *program) {
    (void)program;
    put(&things[0]);
    return 0;
}

static int run_two_objects(const struct racelab_program *program) {
    (void)program;
    make();
    get(&things[0], "A");
    get(&things[1], "A");
    put(&things[1]);
    touch(&things[0]);
    put(&things[0]);
    return unmake();
}

static int run_loop_between(const struct racelab_program *program) {
    (void)program;
    make();
    get(&things[0], "A");
    uv_run(&loop, UV_RUN_DEFAULT);
    touch(&things[0]);
    put(&things[0]);
    return unmake();
}

// Who works for whom.

static void on_timer(uv_timer_t *handle) {
    (void)handle;
    touch(&things[0]);
    OUTCOME("timer");
}

static void on_async(uv_async_t *handle) {
    touch(&things[0]);
    OUTCOME("async");
    uv_close((uv_handle_t *)handle, NULL);
}

static void on_work(uv_work_t *request) {
    (void)request;
    touch(&things[0]);
    OUTCOME("work");
}

static void after_work(uv_work_t *request, int status) {
    (void)request;
    (void)status;
    touch(&things[0]);
    OUTCOME("after work");
}

// All of it works for A: what another asks for, for that one.
static int run_errands(const struct racelab_program *program) {
    (void)program;
    make();
    uv_async_init(&loop, &async, on_async);
    get(&things[0], "A");
    uv_timer_start(&timer, on_timer, 10, 0);
    uv_async_send(&async);
    uv_queue_work(&loop, &work, on_work, after_work);
    uv_run(&loop, UV_RUN_DEFAULT);
    put(&things[0]);
    return unmake();
}

// The same, and none of it for A.
static int run_errands_of_nobody(const struct racelab_program *program) {
    (void)program;
    make();
    get(&things[0], "A");
    put(&things[0]);
    uv_timer_start(&timer, on_timer, 10, 0);
    uv_queue_work(&loop, &work, on_work, NULL);
    uv_run(&loop, UV_RUN_DEFAULT);
    return unmake();
}

// A loop that is kept waiting.

static void sleep_on(void *unused) {
    (void)unused;
    uv_sleep(1000);
}

static void sleep_with_lock(void *unused) {
    uv_mutex_lock(&mutex);
    sleep_on(unused);
    uv_mutex_unlock(&mutex);
}

static void sleep_then_post(void *unused) {
    sleep_on(unused);
    uv_sem_post(&semaphore);
}

static void join_with_lock(void *unused) {
    uv_thread_create(&other_thread, sleep_on, NULL);
    uv_mutex_lock(&mutex);
    uv_thread_join(&other_thread);
    uv_mutex_unlock(&mutex);
    (void)unused;
}

static void sleep_in_callback(uv_timer_t *handle) {
    sleep_on(handle);
}

static void join_in_callback(uv_timer_t *handle) {
    (void)handle;
    uv_thread_join(&thread);
}

static void lock_in_callback(uv_timer_t *handle) {
    (void)handle;
    POINT("callback.locks");
    uv_mutex_lock(&mutex);
    uv_mutex_unlock(&mutex);
}

static void wait_in_callback(uv_timer_t *handle) {
    (void)handle;
    uv_sem_wait(&semaphore);
}

static void do_nothing(uv_timer_t *handle) {
    (void)handle;
}

// One thread, and a loop with one timer.
static int run_loop(uv_thread_cb body, uv_timer_cb callback) {
    make();
    uv_thread_create(&thread, body, NULL);
    uv_timer_start(&timer, callback, 10, 0);
    uv_run(&loop, UV_RUN_DEFAULT);
    if (callback != join_in_callback)
        uv_thread_join(&thread);
    return unmake();
}

static void no_body(void *unused) {
    (void)unused;
}

static int run_sleeps(const struct racelab_program *program) {
    (void)program;
    return run_loop(no_body, sleep_in_callback);
}

static int run_joins(const struct racelab_program *program) {
    (void)program;
    return run_loop(sleep_on, join_in_callback);
}

static int run_locks(const struct racelab_program *program) {
    (void)program;
    return run_loop(sleep_with_lock, lock_in_callback);
}

static int run_chain(const struct racelab_program *program) {
    (void)program;
    return run_loop(join_with_lock, lock_in_callback);
}

static int run_semaphore(const struct racelab_program *program) {
    (void)program;
    return run_loop(sleep_then_post, wait_in_callback);
}

static int run_polls(const struct racelab_program *program) {
    (void)program;
    return run_loop(sleep_on, do_nothing);
}

static int run_joins_after(const struct racelab_program *program) {
    (void)program;
    make();
    uv_thread_create(&thread, sleep_on, NULL);
    uv_run(&loop, UV_RUN_DEFAULT);
    uv_thread_join(&thread);
    return unmake();
}

const struct racelab_program finding_programs[] = {
    {.name = "right", .run = run_right},
    {.name = "escape", .run = run_escape},
    {.name = "touch_after_put", .run = run_touch_after_put},
    {.name = "put_twice", .run = run_put_twice},
    {.name = "foreign_get", .run = run_foreign_get},
    {.name = "leak", .run = run_leak},
    {.name = "put_without_get", .run = run_put_without_get},
    {.name = "two_objects", .run = run_two_objects},
    {.name = "loop_between", .run = run_loop_between},
    {.name = "errands", .run = run_errands, .workers = 1},
    {.name = "errands_of_nobody", .run = run_errands_of_nobody, .workers = 1},
    {.name = "sleeps", .run = run_sleeps},
    {.name = "joins", .run = run_joins},
    {.name = "locks", .run = run_locks},
    {.name = "chain", .run = run_chain},
    {.name = "semaphore", .run = run_semaphore},
    {.name = "polls", .run = run_polls},
    {.name = "joins_after", .run = run_joins_after},
    {.name = NULL},
};
