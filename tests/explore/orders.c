#include "orders.h"

#include <racelab/point.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

enum { THREADS = 3 };

typedef void body(void);

// A word of its own: ThreadSanitizer remembers four accesses to each, and would
// forget one to x for one to its neighbour.
static int64_t x;
// Volatile, or nobody would want to know, and nothing would be read.
static volatile int64_t seen[THREADS + 1];
static bool ready; // under `mutex`
static _Atomic int64_t flag;

static uv_mutex_t mutex;
static uv_rwlock_t rwlock;
static uv_cond_t cond;
static uv_sem_t semaphore;
static uv_barrier_t barrier;
static uv_once_t once = UV_ONCE_INIT;
static uv_loop_t loop;
static uv_async_t async;
static uv_work_t works[2];
static uv_thread_t threads[THREADS];

static void write_x(void) {
    POINT_WRITE("x.write", &x);
    x = x + 1;
}

static int64_t read_x(void) {
    POINT_READ("x.read", &x);
    return x;
}

static void nothing(void) {
}

// Mutex: who locks second is ordered.

static void mutex_write(void) {
    uv_mutex_lock(&mutex);
    write_x();
    uv_mutex_unlock(&mutex);
}

static void mutex_then_read(void) {
    uv_mutex_lock(&mutex);
    uv_mutex_unlock(&mutex);
    seen[1] = read_x();
}

static void try_then_read(void) {
    if (uv_mutex_trylock(&mutex) == 0)
        uv_mutex_unlock(&mutex);
    seen[1] = read_x();
}

// Read-write lock: a reader is ordered before a later reader by a writer alone.

static void read_lock_and_read(void) {
    uv_rwlock_rdlock(&rwlock);
    seen[0] = read_x();
    uv_rwlock_rdunlock(&rwlock);
}

static void read_lock_then_write(void) {
    uv_rwlock_rdlock(&rwlock);
    uv_rwlock_rdunlock(&rwlock);
    write_x();
}

static void write_lock_only(void) {
    uv_rwlock_wrlock(&rwlock);
    uv_rwlock_wrunlock(&rwlock);
}

static void try_write_lock_then_write(void) {
    if (uv_rwlock_trywrlock(&rwlock) == 0)
        uv_rwlock_wrunlock(&rwlock);
    write_x();
}

// Semaphore: two post, and one of them has written; who waits takes whichever
// came first.

static void write_and_post(void) {
    write_x();
    uv_sem_post(&semaphore);
}

static void post_only(void) {
    uv_sem_post(&semaphore);
}

static void wait_then_read(void) {
    uv_sem_wait(&semaphore);
    seen[2] = read_x();
}

static void try_wait_then_read(void) {
    uv_sem_trywait(&semaphore);
    seen[2] = read_x();
}

// Condition variable: the wait may be over before the other locks.

static void timed_wait_then_read(void) {
    uv_mutex_lock(&mutex);
    if (!ready)
        uv_cond_timedwait(&cond, &mutex, 1000);
    uv_mutex_unlock(&mutex);
    seen[0] = read_x();
}

static void write_and_signal(void) {
    write_x();
    uv_mutex_lock(&mutex);
    ready = true;
    uv_cond_signal(&cond);
    uv_mutex_unlock(&mutex);
}

// Barrier of two, and one who may come between.

static void write_then_barrier(void) {
    write_x();
    uv_barrier_wait(&barrier);
}

static void barrier_then_read(void) {
    uv_barrier_wait(&barrier);
    seen[1] = read_x();
    uv_mutex_lock(&mutex);
    uv_mutex_unlock(&mutex);
}

// Once: who comes late is ordered, who comes first is not.

static void write_then_once(void) {
    write_x();
    uv_once(&once, nothing);
}

static void once_then_read(void) {
    uv_once(&once, nothing);
    seen[1] = read_x();
}

// Atomics: a load sees the last store and all updates since.

static void store_flag(void) {
    POINT_STORE("flag.store", &flag);
    atomic_store(&flag, 1);
}

static void update_flag(void) {
    POINT_UPDATE("flag.update", &flag);
    atomic_fetch_add(&flag, 1);
}

static void write_then_store(void) {
    write_x();
    store_flag();
}

static void write_then_update(void) {
    write_x();
    update_flag();
}

static void load_then_read(void) {
    POINT_LOAD("flag.load", &flag);
    seen[1] = atomic_load(&flag);
    seen[1] = read_x();
}

// An object that is atomic for some and not for all.
static void write_flag(void) {
    POINT_WRITE("flag.write", &flag);
    *(int64_t *)&flag = 2;
    uv_mutex_lock(&mutex);
    uv_mutex_unlock(&mutex);
}

static void lock_then_store(void) {
    uv_mutex_lock(&mutex);
    uv_mutex_unlock(&mutex);
    store_flag();
}

// Starting, running and joining.

static body *const *bodies;

static void run_thread(void *argument) {
    bodies[(uv_thread_t *)argument - threads]();
}

static int start_all(const struct racelab_program *program) {
    int count = 0;
    bodies = program->data;
    for (; count < THREADS && bodies[count]; count++)
        uv_thread_create(&threads[count], run_thread, &threads[count]);
    return count;
}

static void join_all(int first, int count) {
    for (int i = first; i < count; i++)
        uv_thread_join(&threads[i]);
}

static void make(void) {
    x = 0;
    ready = false;
    NAMED(&x, sizeof x, "x");
    uv_mutex_init(&mutex);
    uv_rwlock_init(&rwlock);
    uv_cond_init(&cond);
    uv_sem_init(&semaphore, 0);
    uv_barrier_init(&barrier, 2);
    uv_loop_init(&loop);
}

static void unmake(void) {
    uv_loop_close(&loop);
    uv_barrier_destroy(&barrier);
    uv_sem_destroy(&semaphore);
    uv_cond_destroy(&cond);
    uv_rwlock_destroy(&rwlock);
    uv_mutex_destroy(&mutex);
}

static int run_threads(const struct racelab_program *program) {
    make();
    join_all(0, start_all(program));
    unmake();
    return 0;
}

// The first thread is joined, and then the main task writes: the second may
// have come to its end, and is ordered all the same only by its own lock.
static int run_join(const struct racelab_program *program) {
    make();
    int count = start_all(program);
    join_all(0, 1);
    uv_mutex_lock(&mutex);
    write_x();
    uv_mutex_unlock(&mutex);
    join_all(1, count);
    unmake();
    return 0;
}

// The thread pool: one worker does one work after the other, two are ordered
// by their locks alone; a thread that is none of the pool's by its own.

static void work_write(uv_work_t *work) {
    (void)work;
    mutex_write();
}

static void work_read(uv_work_t *work) {
    (void)work;
    uv_mutex_lock(&mutex);
    uv_mutex_unlock(&mutex);
    seen[0] = read_x();
}

static void after_work(uv_work_t *work, int status) {
    (void)work;
    (void)status;
    seen[2] = read_x();
}

static int run_work(const struct racelab_program *program) {
    make();
    write_x();
    int count = start_all(program);
    uv_queue_work(&loop, &works[0], work_write, NULL);
    uv_queue_work(&loop, &works[1], work_read, after_work);
    uv_run(&loop, UV_RUN_DEFAULT);
    join_all(0, count);
    unmake();
    return 0;
}

// A send is ordered before the callback that takes it; of two that come
// together, the first alone.

static void write_and_send(void) {
    write_x();
    uv_async_send(&async);
}

static void send_only(void) {
    uv_async_send(&async);
}

static void on_async(uv_async_t *handle) {
    seen[0] = read_x();
    uv_unref((uv_handle_t *)handle); // one message is enough
}

static int run_async(const struct racelab_program *program) {
    make();
    uv_async_init(&loop, &async, on_async);
    int count = start_all(program);
    uv_run(&loop, UV_RUN_DEFAULT);
    join_all(0, count);
    uv_close((uv_handle_t *)&async, NULL);
    uv_run(&loop, UV_RUN_DEFAULT);
    unmake();
    return 0;
}

#define PROGRAM(sentence, runs, ...)                                           \
    {                                                                          \
        .name = sentence, .run = runs, .workers = 2,                           \
        .data = (body *const[THREADS + 1]) {                                   \
            __VA_ARGS__                                                        \
        }                                                                      \
    }

// clang-format off
const struct racelab_program orders[] = {
    PROGRAM("mutex", run_threads, mutex_write, mutex_then_read),
    PROGRAM("try of a mutex", run_threads, mutex_write, try_then_read),
    PROGRAM("rwlock", run_threads,
            read_lock_and_read, read_lock_then_write, write_lock_only),
    PROGRAM("try of a rwlock", run_threads,
            read_lock_and_read, try_write_lock_then_write),
    PROGRAM("semaphore", run_threads,
            write_and_post, post_only, wait_then_read),
    PROGRAM("try of a semaphore", run_threads,
            write_and_post, try_wait_then_read),
    PROGRAM("cond", run_threads, timed_wait_then_read, write_and_signal),
    PROGRAM("barrier", run_threads,
            write_then_barrier, barrier_then_read, mutex_write),
    PROGRAM("once", run_threads, write_then_once, once_then_read),
    PROGRAM("store", run_threads, write_then_store, load_then_read),
    PROGRAM("store that begins anew", run_threads,
            write_then_store, store_flag, load_then_read),
    PROGRAM("update", run_threads,
            write_then_update, update_flag, load_then_read),
    PROGRAM("update behind a store", run_threads,
            write_then_store, update_flag, load_then_read),
    PROGRAM("plain and atomic", run_threads, write_flag, lock_then_store),
    PROGRAM("join", run_join, nothing, mutex_then_read, mutex_write),
    PROGRAM("work of two workers", run_work, nothing),
    {.name = "work of one worker", .run = run_work, .workers = 1,
     .data = (body *const[THREADS + 1]){mutex_then_read}},
    PROGRAM("async", run_async, write_and_send, send_only),
};
// clang-format on

const int order_count = sizeof orders / sizeof *orders;
