#include "scenarios.h"
#include "order.h"

#include <racelab/point.h>
#include <stddef.h>
#include <stdio.h>
#include <uv.h>

// Aligned, so that no other variable is in the same word.
int scenario_value __attribute__((aligned(8)));
#define value scenario_value

static int seen
    __attribute__((aligned(8))); // by one reader; main reads it last

static uv_mutex_t mutex, other_mutex;
static uv_rwlock_t rwlock;
static uv_cond_t cond;
static uv_sem_t semaphore, other_semaphore, full_semaphore;
static uv_barrier_t barrier;
static uv_loop_t loop;
static uv_async_t async;
static uv_timer_t timer;
static uv_work_t works[2];
static uv_thread_t threads[SCENARIO_THREADS];

// The moment that is under way ends, and we go on at `number`.
static void pause_until(int number) {
    over();
    moment(number);
}

// The two accesses. They are announced, for the harness's own detector sees no
// others.

static void write_value(void) {
    POINT_WRITE("value.write", &value);
    value = 1;
}

static void read_value(void) {
    POINT_READ("value.read", &value);
    seen = value;
}

// Nothing between the two.

static void bare_write(void) {
    write_value();
}

static void bare_read(void) {
    read_value();
}

// Mutexes.

static void mutex_write(void) {
    uv_mutex_lock(&mutex);
    write_value();
    uv_mutex_unlock(&mutex);
}

static void mutex_read(void) {
    uv_mutex_lock(&mutex);
    read_value();
    uv_mutex_unlock(&mutex);
}

static void mutex_try_read(void) {
    if (uv_mutex_trylock(&mutex))
        return;
    read_value();
    uv_mutex_unlock(&mutex);
}

static void mutex_try_write(void) {
    if (uv_mutex_trylock(&mutex))
        return;
    write_value();
    uv_mutex_unlock(&mutex);
}

static void mutex_other_read(void) {
    uv_mutex_lock(&other_mutex);
    read_value();
    uv_mutex_unlock(&other_mutex);
}

// Locks before the write, and reads after it.
static void mutex_early_read(void) {
    uv_mutex_lock(&mutex);
    uv_mutex_unlock(&mutex);
    pause_until(3);
    read_value();
}

static void mutex_write_and_hold(void) {
    uv_mutex_lock(&mutex);
    write_value();
    pause_until(3);
    uv_mutex_unlock(&mutex);
}

static void mutex_busy_read(void) {
    if (uv_mutex_trylock(&mutex) == UV_EBUSY)
        read_value();
}

static void mutex_hold(void) {
    uv_mutex_lock(&mutex);
    pause_until(4);
    uv_mutex_unlock(&mutex);
}

// Recursive ones: `mutex` again, made otherwise.

static void recursive_write(void) {
    uv_mutex_lock(&mutex);
    uv_mutex_lock(&mutex);
    write_value();
    uv_mutex_unlock(&mutex);
    uv_mutex_unlock(&mutex);
}

static void recursive_write_and_hold(void) {
    uv_mutex_lock(&mutex);
    uv_mutex_lock(&mutex);
    write_value();
    uv_mutex_unlock(&mutex);
    pause_until(3);
    uv_mutex_unlock(&mutex);
}

// Read-write locks.

static void rwlock_write(void) {
    uv_rwlock_wrlock(&rwlock);
    write_value();
    uv_rwlock_wrunlock(&rwlock);
}

static void rwlock_read(void) {
    uv_rwlock_rdlock(&rwlock);
    read_value();
    uv_rwlock_rdunlock(&rwlock);
}

static void rwlock_try_write(void) {
    if (uv_rwlock_trywrlock(&rwlock))
        return;
    write_value();
    uv_rwlock_wrunlock(&rwlock);
}

static void rwlock_try_read(void) {
    if (uv_rwlock_tryrdlock(&rwlock))
        return;
    read_value();
    uv_rwlock_rdunlock(&rwlock);
}

static void rwlock_read_then_write_bare(void) {
    uv_rwlock_rdlock(&rwlock);
    uv_rwlock_rdunlock(&rwlock);
    write_value();
}

static void rwlock_try_read_then_write_bare(void) {
    if (uv_rwlock_tryrdlock(&rwlock))
        return;
    uv_rwlock_rdunlock(&rwlock);
    write_value();
}

static void rwlock_write_and_hold(void) {
    uv_rwlock_wrlock(&rwlock);
    write_value();
    pause_until(3);
    uv_rwlock_wrunlock(&rwlock);
}

static void rwlock_read_and_hold(void) {
    uv_rwlock_rdlock(&rwlock);
    read_value();
    pause_until(3);
    uv_rwlock_rdunlock(&rwlock);
}

static void rwlock_hold_to_write(void) {
    uv_rwlock_wrlock(&rwlock);
    pause_until(4);
    uv_rwlock_wrunlock(&rwlock);
}

static void rwlock_hold_to_read(void) {
    uv_rwlock_rdlock(&rwlock);
    pause_until(4);
    uv_rwlock_rdunlock(&rwlock);
}

static void rwlock_busy_to_read(void) {
    if (uv_rwlock_tryrdlock(&rwlock) == UV_EBUSY)
        read_value();
}

static void rwlock_busy_to_write(void) {
    if (uv_rwlock_trywrlock(&rwlock) == UV_EBUSY)
        read_value();
}

static void rwlock_busy_then_write_bare(void) {
    if (uv_rwlock_trywrlock(&rwlock) == UV_EBUSY)
        write_value();
}

// Condition variables. The waiter ends its moment with the mutex held, so that
// whoever locks it next knows that the wait has begun.

static void cond_wait_then_read(void) {
    uv_mutex_lock(&mutex);
    over();
    uv_cond_wait(&cond, &mutex);
    uv_mutex_unlock(&mutex);
    read_value();
}

// The same for those who wait beside the first.
static void cond_wait_only(void) {
    uv_mutex_lock(&mutex);
    over();
    uv_cond_wait(&cond, &mutex);
    uv_mutex_unlock(&mutex);
}

enum { LONG_NS = 1000 * 1000 * 1000, SHORT_NS = 20 * 1000 * 1000 };

static void cond_timedwait_then_read(void) {
    uv_mutex_lock(&mutex);
    over();
    if (uv_cond_timedwait(&cond, &mutex, UINT64_C(10) * LONG_NS) == 0)
        read_value();
    uv_mutex_unlock(&mutex);
}

static void cond_timeout_then_read(void) {
    uv_mutex_lock(&mutex);
    int status = uv_cond_timedwait(&cond, &mutex, SHORT_NS);
    uv_mutex_unlock(&mutex);
    if (status == UV_ETIMEDOUT)
        read_value();
}

// Waits while the other writes, and is not told.
static void cond_timeout_across_then_read(void) {
    uv_mutex_lock(&mutex);
    over();
    int status = uv_cond_timedwait(&cond, &mutex, LONG_NS);
    uv_mutex_unlock(&mutex);
    if (status == UV_ETIMEDOUT)
        read_value();
}

static void cond_write_and_signal(void) {
    uv_mutex_lock(&mutex);
    write_value();
    uv_cond_signal(&cond);
    uv_mutex_unlock(&mutex);
}

static void cond_write_and_broadcast(void) {
    uv_mutex_lock(&mutex);
    write_value();
    uv_cond_broadcast(&cond);
    uv_mutex_unlock(&mutex);
}

static void let_the_waiter_wait(void) {
    uv_mutex_lock(&mutex);
    uv_mutex_unlock(&mutex);
}

static void cond_write_bare_and_signal(void) {
    let_the_waiter_wait();
    write_value();
    uv_cond_signal(&cond);
}

static void cond_write_bare_and_broadcast(void) {
    let_the_waiter_wait();
    write_value();
    uv_cond_broadcast(&cond);
}

static void cond_write_and_signal_nobody(void) {
    write_value();
    uv_cond_signal(&cond);
}

static void cond_write_and_broadcast_to_nobody(void) {
    write_value();
    uv_cond_broadcast(&cond);
}

// Semaphores.

static void semaphore_write_and_post(void) {
    write_value();
    uv_sem_post(&semaphore);
}

static void semaphore_post_then_write(void) {
    uv_sem_post(&semaphore);
    write_value();
}

static void semaphore_wait_then_read(void) {
    uv_sem_wait(&semaphore);
    read_value();
}

static void semaphore_try_then_read(void) {
    if (uv_sem_trywait(&semaphore) == 0)
        read_value();
}

static void semaphore_fail_then_read(void) {
    if (uv_sem_trywait(&semaphore) == UV_EAGAIN)
        read_value();
}

static void semaphore_wait_only(void) {
    uv_sem_wait(&semaphore);
}

static void semaphore_wait_for_full_then_read(void) {
    uv_sem_wait(&full_semaphore);
    read_value();
}

static void semaphore_write_and_wait(void) {
    write_value();
    uv_sem_wait(&full_semaphore);
}

static void semaphore_post_full_then_read(void) {
    uv_sem_post(&full_semaphore);
    read_value();
}

static void semaphore_write_and_post_other(void) {
    write_value();
    uv_sem_post(&other_semaphore);
}

static void semaphore_post_only(void) {
    uv_sem_post(&semaphore);
}

// Barriers, of two.

static void barrier_write_and_wait(void) {
    write_value();
    over();
    uv_barrier_wait(&barrier);
}

static void barrier_wait_then_read(void) {
    uv_barrier_wait(&barrier);
    read_value();
}

static void barrier_wait_then_write(void) {
    over();
    uv_barrier_wait(&barrier);
    moment(3);
    write_value();
}

static void barrier_wait_then_read_last(void) {
    uv_barrier_wait(&barrier);
    pause_until(4);
    read_value();
}

static void barrier_wait_only(void) {
    uv_barrier_wait(&barrier);
}

static void read_last(void) {
    moment(4);
    read_value();
}

// Once. One guard will do: live each scenario is a process of its own, and
// under control once is once an execution.

static void once_write(void) {
    write_value();
}

static void once_nothing(void) {
}

static uv_once_t once = UV_ONCE_INIT;

static void once_calls_write(void) {
    uv_once(&once, once_write);
}

static void once_then_read(void) {
    uv_once(&once, once_nothing);
    read_value();
}

static void once_calls_nothing(void) {
    uv_once(&once, once_nothing);
}

static void once_then_write(void) {
    uv_once(&once, once_nothing);
    write_value();
}

static void once_write_before(void) {
    write_value();
    uv_once(&once, once_nothing);
}

// Sleep.

static void sleep_then_read(void) {
    uv_sleep(20);
    read_value();
}

// What the harness itself is told, clocks and the console.

static void say_everything(void) {
    POINT("all.said");
    POINT_WRITE("all.written", &value);
    POINT_READ("all.read", &value);
    NAMED(&seen, sizeof seen, "seen");
    POINT_GET("value.get", &value, "somebody");
    POINT_PUT("value.put", &value);
    OUTCOME("all said");
    uv_timeval64_t now;
    uv_gettimeofday(&now);
    uv_hrtime();
    printf("# said\n");
    fflush(stdout);
}

static void write_and_say(void) {
    write_value();
    say_everything();
}

static void say_and_read(void) {
    say_everything();
    read_value();
}

// The main task of most: starts the threads and waits for them.

static void (*const *bodies)(void);

static void thread_entry(void *argument) {
    int index = (int)((uv_thread_t *)argument - threads);
    moment(index + 1);
    bodies[index]();
    over();
}

static int start_threads(const struct scenario *scenario) {
    int count = 0;
    bodies = scenario->threads;
    while (count < SCENARIO_THREADS && scenario->threads[count]) {
        uv_thread_create(&threads[count], thread_entry, &threads[count]);
        count++;
    }
    POINT("threads.started");
    return count;
}

static void join_threads(int count) {
    for (int i = 0; i < count; i++)
        uv_thread_join(&threads[i]);
}

static void run_threads(const struct scenario *scenario) {
    join_threads(start_threads(scenario));
}

static void run_recursive(const struct scenario *scenario) {
    uv_mutex_destroy(&mutex);
    uv_mutex_init_recursive(&mutex);
    run_threads(scenario);
}

// Creation and join.

static void run_write_then_create(const struct scenario *scenario) {
    write_value();
    run_threads(scenario);
}

static void run_create_then_write(const struct scenario *scenario) {
    int count = start_threads(scenario);
    write_value();
    pause_until(3);
    join_threads(count);
}

static void read_second(void) {
    moment(2);
    read_value();
}

static void nothing(void) {
}

static void run_join_then_read(const struct scenario *scenario) {
    run_threads(scenario);
    read_value();
}

static void run_read_then_join(const struct scenario *scenario) {
    int count = start_threads(scenario);
    moment(2);
    read_value();
    join_threads(count);
}

static void run_join_other_then_read(const struct scenario *scenario) {
    start_threads(scenario);
    uv_thread_join(&threads[1]);
    read_value();
    uv_thread_join(&threads[0]);
}

// Loops: async handles and timers.

static void read_and_close(uv_handle_t *handle) {
    read_value();
    uv_close(handle, NULL);
}

static void on_async(uv_async_t *handle) {
    read_and_close((uv_handle_t *)handle);
}

static void on_timer(uv_timer_t *handle) {
    read_and_close((uv_handle_t *)handle);
}

static void async_write_and_send(void) {
    write_value();
    uv_async_send(&async);
}

static void async_send_then_write(void) {
    uv_async_send(&async);
    write_value();
}

static void async_send_only(void) {
    uv_async_send(&async);
}

static void run_loop(const struct scenario *scenario) {
    int count = start_threads(scenario);
    moment(count + 1);
    uv_run(&loop, UV_RUN_DEFAULT);
    join_threads(count);
}

static void run_async(const struct scenario *scenario) {
    uv_async_init(&loop, &async, on_async);
    run_loop(scenario);
}

// Sent by the loop to itself.
static void run_own_async(const struct scenario *scenario) {
    uv_async_init(&loop, &async, on_async);
    uv_async_send(&async);
    run_loop(scenario);
}

static void run_timer(const struct scenario *scenario) {
    uv_timer_init(&loop, &timer);
    uv_timer_start(&timer, on_timer, 10, 0);
    run_loop(scenario);
}

static void run_write_then_timer(const struct scenario *scenario) {
    write_value();
    run_timer(scenario);
}

// Work.

static void work_write(uv_work_t *work) {
    (void)work;
    write_value();
}

static void work_read(uv_work_t *work) {
    (void)work;
    read_value();
}

static void work_read_second(uv_work_t *work) {
    (void)work;
    moment(2);
    read_value();
}

static void work_write_and_stay(uv_work_t *work) {
    (void)work;
    write_value();
    pause_until(3);
}

static void work_write_first(uv_work_t *work) {
    (void)work;
    write_value();
    over();
}

static void work_write_second(uv_work_t *work) {
    (void)work;
    moment(2);
    write_value();
    over();
}

static void work_read_third(uv_work_t *work) {
    (void)work;
    pause_until(3);
    read_value();
}

static void work_end_second(uv_work_t *work) {
    (void)work;
    moment(2);
}

static void work_nothing(uv_work_t *work) {
    (void)work;
}

static void after_nothing(uv_work_t *work, int status) {
    (void)work;
    (void)status;
}

static void after_read(uv_work_t *work, int status) {
    (void)work;
    if (status == 0)
        read_value();
    over();
}

static void after_cancelled_read(uv_work_t *work, int status) {
    (void)work;
    if (status == UV_ECANCELED)
        read_value();
    over();
}

static void post(int index, uv_work_cb run, uv_after_work_cb after) {
    uv_queue_work(&loop, &works[index], run, after);
}

static void finish_works(void) {
    uv_run(&loop, UV_RUN_DEFAULT);
}

static void run_write_then_post(const struct scenario *scenario) {
    (void)scenario;
    write_value();
    post(0, work_read, after_nothing);
    finish_works();
}

// The first work starts the pool's threads, which is an edge of its own.
static void run_start_then_write_then_post(const struct scenario *scenario) {
    (void)scenario;
    post(0, work_nothing, after_nothing);
    write_value();
    post(1, work_read, after_nothing);
    finish_works();
}

static void run_post_then_write(const struct scenario *scenario) {
    (void)scenario;
    post(0, work_read_second, after_nothing);
    write_value();
    over();
    moment(2);
    finish_works();
}

static void run_work_then_after(const struct scenario *scenario) {
    (void)scenario;
    post(0, work_write, after_read);
    finish_works();
}

// A loop of its own, made before the other one has work and closed after it.
static void other_loop_closes(void) {
    uv_loop_t other;
    uv_loop_init(&other);
    uv_run(&other, UV_RUN_NOWAIT);
    pause_until(3);
    uv_loop_close(&other);
}

static void work_over(uv_work_t *work) {
    (void)work;
    over();
}

static void run_beside_other_loop(const struct scenario *scenario) {
    int count = start_threads(scenario);
    moment(2);
    uv_loop_close(&loop);
    uv_loop_init(&loop);
    post(0, work_write, after_read);
    post(1, work_over, after_nothing); // by the same worker
    moment(4);
    finish_works();
    join_threads(count);
}

static void run_work_without_after(const struct scenario *scenario) {
    (void)scenario;
    post(0, work_write_and_stay, after_nothing);
    moment(2);
    read_value();
    pause_until(3);
    finish_works();
}

static void run_after_another_work(const struct scenario *scenario) {
    (void)scenario;
    post(0, work_end_second, after_read);
    post(1, work_write_and_stay, after_nothing);
    moment(1);
    finish_works();
}

static void run_two_works(const struct scenario *scenario) {
    (void)scenario;
    post(0, work_write, after_nothing);
    post(1, work_read, after_nothing);
    finish_works();
}

static void run_two_works_at_once(const struct scenario *scenario) {
    (void)scenario;
    post(0, work_read_third, after_nothing);
    post(1, work_write_second, after_nothing);
    moment(1);
    finish_works();
}

// The sleep gives a worker time to come back to its pool.
static void run_work_then_post(const struct scenario *scenario) {
    (void)scenario;
    post(0, work_write_first, after_nothing);
    moment(2);
    uv_sleep(100);
    post(1, work_nothing, after_nothing);
    read_value();
    finish_works();
}

static void run_cancel(const struct scenario *scenario) {
    (void)scenario;
    post(0, work_write_and_stay, after_nothing);
    post(1, work_nothing, after_cancelled_read);
    moment(2);
    uv_cancel((uv_req_t *)&works[1]);
    finish_works();
}

static void run_cancel_while_it_runs(const struct scenario *scenario) {
    (void)scenario;
    post(0, work_write_and_stay, after_nothing);
    moment(2);
    if (uv_cancel((uv_req_t *)&works[0]) == UV_EBUSY)
        read_value();
    pause_until(3);
    finish_works();
}

static void run_cancel_too_late(const struct scenario *scenario) {
    (void)scenario;
    post(0, work_write_first, after_nothing);
    moment(2);
    uv_sleep(100);
    if (uv_cancel((uv_req_t *)&works[0]) == UV_EBUSY)
        read_value();
    finish_works();
}

// The schedules. What they leave open runs in the order in which the tasks
// came to be.

#define STARTED     "run loop until threads.started\n"
#define ONE         STARTED "run thread.1 to end\n"
#define TWO         ONE "run thread.2 to end\n"
#define THREE       TWO "run thread.3 to end\n"
#define INTERLEAVED STARTED "run thread.1 until moment.3\nrun thread.2 to end\n"
#define HELD        ONE "run thread.2 until moment.4\nrun thread.3 to end\n"
#define LOOP_SECOND "run loop until moment.2\n"
#define LOOP_THIRD  "run loop until moment.3\n"
#define WORK_FIRST  LOOP_SECOND "run worker.1 until moment.over\n"

enum { ORDERED = false, RACES = true };

// clang-format off
const struct scenario scenarios[] = {
    {"mutex: an unlock orders before the next lock",
     ORDERED, 1, run_threads, {mutex_write, mutex_read}, TWO, NULL},
    {"mutex: without it the two race",
     RACES, 1, run_threads, {bare_write, bare_read}, TWO, NULL},
    {"mutex: a lock by one of the two alone orders nothing",
     RACES, 1, run_threads, {mutex_write, bare_read}, TWO, NULL},
    {"mutex: another mutex orders nothing",
     RACES, 1, run_threads, {mutex_write, mutex_other_read}, TWO, NULL},
    {"mutex: a lock before the write orders nothing",
     RACES, 1, run_threads, {mutex_early_read, mutex_write}, INTERLEAVED, NULL},
    {"trylock: one that succeeds orders",
     ORDERED, 1, run_threads, {mutex_write, mutex_try_read}, TWO, NULL},
    {"trylock: an unlock after one that succeeded orders",
     ORDERED, 1, run_threads, {mutex_try_write, mutex_read}, TWO, NULL},
    {"trylock: one that fails orders nothing",
     RACES, 1, run_threads, {mutex_write_and_hold, mutex_busy_read},
     INTERLEAVED, NULL},
    {"trylock: one that fails does not order what an earlier holder did",
     RACES, 1, run_threads, {mutex_write, mutex_hold, mutex_busy_read}, HELD,
     NULL},

    {"recursive mutex: the last unlock orders before the next lock",
     ORDERED, 1, run_recursive, {recursive_write, mutex_read}, TWO, NULL},
    {"recursive mutex: without it the two race",
     RACES, 1, run_recursive, {bare_write, bare_read}, TWO, NULL},
    {"recursive mutex: an inner unlock orders nothing",
     RACES, 1, run_recursive, {recursive_write_and_hold, mutex_busy_read},
     INTERLEAVED, NULL},

    {"rwlock: a writer orders before the next reader",
     ORDERED, 1, run_threads, {rwlock_write, rwlock_read}, TWO, NULL},
    {"rwlock: a reader orders before the next writer",
     ORDERED, 0, run_threads, {rwlock_read, rwlock_write}, TWO, NULL},
    {"rwlock: a writer orders before the next writer",
     ORDERED, 1, run_threads, {rwlock_write, rwlock_write, rwlock_read}, THREE,
     NULL},
    {"rwlock: without it a writer and a reader race",
     RACES, 1, run_threads, {bare_write, bare_read}, TWO, NULL},
    {"rwlock: without it a reader and a writer race",
     RACES, 0, run_threads, {bare_read, bare_write}, TWO, NULL},
    {"rwlock: a reader orders nothing before the next reader",
     RACES, 0, run_threads, {rwlock_read, rwlock_read_then_write_bare}, TWO,
     NULL},
    {"rwlock: two readers at once order nothing",
     RACES, 0, run_threads,
     {rwlock_read_and_hold, rwlock_try_read_then_write_bare}, INTERLEAVED,
     NULL},
    {"tryrdlock: one that succeeds orders",
     ORDERED, 1, run_threads, {rwlock_write, rwlock_try_read}, TWO, NULL},
    {"tryrdlock: an unlock after one that succeeded orders",
     ORDERED, 0, run_threads, {rwlock_try_read, rwlock_write}, TWO, NULL},
    {"tryrdlock: one that fails orders nothing",
     RACES, 1, run_threads, {rwlock_write_and_hold, rwlock_busy_to_read},
     INTERLEAVED, NULL},
    {"tryrdlock: one that fails does not order what an earlier holder did",
     RACES, 1, run_threads,
     {rwlock_write, rwlock_hold_to_write, rwlock_busy_to_read}, HELD, NULL},
    {"trywrlock: one that succeeds orders",
     ORDERED, 0, run_threads, {rwlock_read, rwlock_try_write}, TWO, NULL},
    {"trywrlock: an unlock after one that succeeded orders",
     ORDERED, 1, run_threads, {rwlock_try_write, rwlock_read}, TWO, NULL},
    {"trywrlock: one that fails for a writer orders nothing",
     RACES, 1, run_threads, {rwlock_write_and_hold, rwlock_busy_to_write},
     INTERLEAVED, NULL},
    {"trywrlock: one that fails for a reader orders nothing",
     RACES, 0, run_threads, {rwlock_read_and_hold, rwlock_busy_then_write_bare},
     INTERLEAVED, NULL},
    {"trywrlock: one that fails does not order what an earlier holder did",
     RACES, 1, run_threads,
     {rwlock_write, rwlock_hold_to_read, rwlock_busy_to_write}, HELD, NULL},

    {"cond: what was done under the mutex is ordered before the waiter wakes",
     ORDERED, 1, run_threads, {cond_wait_then_read, cond_write_and_signal},
     STARTED, NULL},
    {"cond: without it the two race",
     RACES, 1, run_threads, {bare_write, bare_read}, TWO, NULL},
    {"cond: a signal outside of the mutex orders nothing",
     RACES, 1, run_threads, {cond_wait_then_read, cond_write_bare_and_signal},
     STARTED, NULL},
    {"cond: a signal that nobody waits for orders nothing",
     RACES, 1, run_threads,
     {cond_write_and_signal_nobody, cond_timeout_then_read}, TWO, NULL},
    {"cond: a broadcast orders by its mutex",
     ORDERED, 1, run_threads,
     {cond_wait_then_read, cond_wait_only, cond_write_and_broadcast}, STARTED,
     NULL},
    {"cond: a broadcast outside of the mutex orders nothing",
     RACES, 1, run_threads,
     {cond_wait_then_read, cond_wait_only, cond_write_bare_and_broadcast},
     STARTED, NULL},
    {"cond: a broadcast that nobody waits for orders nothing",
     RACES, 1, run_threads,
     {cond_write_and_broadcast_to_nobody, cond_timeout_then_read}, TWO, NULL},
    {"timedwait: one that is signalled orders by its mutex",
     ORDERED, 1, run_threads, {cond_timedwait_then_read, cond_write_and_signal},
     STARTED, NULL},
    {"timedwait: a signal outside of the mutex orders nothing",
     RACES, 1, run_threads,
     {cond_timedwait_then_read, cond_write_bare_and_signal}, STARTED, NULL},
    {"timedwait: one that times out orders nothing",
     RACES, 1, run_threads, {bare_write, cond_timeout_then_read}, TWO, NULL},
    {"timedwait: one that times out still takes its mutex, and that orders",
     ORDERED, 1, run_threads, {cond_timeout_across_then_read, mutex_write},
     STARTED, NULL},

    {"semaphore: a post orders before the wait that it ends",
     ORDERED, 1, run_threads,
     {semaphore_write_and_post, semaphore_wait_then_read}, TWO, NULL},
    {"semaphore: without it the two race",
     RACES, 1, run_threads, {bare_write, bare_read}, TWO, NULL},
    {"semaphore: a post orders nothing that is done after it",
     RACES, 1, run_threads,
     {semaphore_post_then_write, semaphore_wait_then_read}, TWO, NULL},
    {"semaphore: a wait that finds it full orders nothing",
     RACES, 1, run_threads, {bare_write, semaphore_wait_for_full_then_read},
     TWO, NULL},
    {"semaphore: a wait orders nothing before the next post",
     RACES, 1, run_threads,
     {semaphore_write_and_wait, semaphore_post_full_then_read}, TWO, NULL},
    {"semaphore: a post of another orders nothing",
     RACES, 1, run_threads,
     {semaphore_write_and_post_other, semaphore_post_only,
      semaphore_wait_then_read},
     THREE, NULL},
    {"trywait: one that succeeds orders",
     ORDERED, 1, run_threads,
     {semaphore_write_and_post, semaphore_try_then_read}, TWO, NULL},
    {"trywait: one that fails orders nothing",
     RACES, 1, run_threads, {bare_write, semaphore_fail_then_read}, TWO, NULL},
    {"trywait: one that fails does not order an earlier post",
     RACES, 1, run_threads,
     {semaphore_write_and_post, semaphore_wait_only, semaphore_fail_then_read},
     THREE, NULL},

    {"barrier: what comes before it is ordered before what comes after it",
     ORDERED, 1, run_threads, {barrier_write_and_wait, barrier_wait_then_read},
     STARTED, NULL},
    {"barrier: without it the two race",
     RACES, 1, run_threads, {bare_write, bare_read}, TWO, NULL},
    {"barrier: it orders nothing that comes after it in both",
     RACES, 1, run_threads,
     {barrier_wait_then_write, barrier_wait_then_read_last}, STARTED, NULL},
    {"barrier: it orders nobody who does not take part",
     RACES, 1, run_threads,
     {barrier_write_and_wait, barrier_wait_only, read_last},
     STARTED, NULL},

    {"once: what is done once is ordered before those who come late",
     ORDERED, 1, run_threads, {once_calls_write, once_then_read}, TWO, NULL},
    {"once: what its caller did before it is so too",
     ORDERED, 1, run_threads, {once_write_before, once_then_read}, TWO, NULL},
    {"once: without it the two race",
     RACES, 1, run_threads, {bare_write, bare_read}, TWO, NULL},
    {"once: it orders nothing that its caller does after it",
     RACES, 1, run_threads, {once_then_write, once_then_read}, TWO, NULL},
    {"once: one who comes late orders nobody who comes later",
     RACES, 1, run_threads,
     {once_calls_nothing, once_write_before, once_then_read}, THREE, NULL},

    {"create: what comes before it is ordered before the thread",
     ORDERED, 1, run_write_then_create, {bare_read}, ONE, NULL},
    {"create: what comes after it is not",
     RACES, 1, run_create_then_write, {read_second},
     STARTED LOOP_THIRD "run thread.1 to end\n", NULL},
    {"join: the thread is ordered before what comes after it",
     ORDERED, 1, run_join_then_read, {bare_write}, ONE, NULL},
    {"join: without it the two race, though the thread is at its end",
     RACES, 1, run_read_then_join, {bare_write}, ONE, NULL},
    {"join: a join of another thread orders nothing",
     RACES, 1, run_join_other_then_read, {bare_write, nothing}, TWO, NULL},

    {"async: a send orders before its callback",
     ORDERED, 1, run_async, {async_write_and_send}, ONE, NULL},
    {"async: without it the thread and the callback race",
     RACES, 1, run_own_async, {bare_write}, ONE, NULL},
    {"async: a send orders nothing that is done after it",
     RACES, 1, run_async, {async_send_then_write}, ONE, NULL},
    {"async: a send that is merged with an earlier one makes no edge",
     RACES, 1, run_async, {async_send_only, async_write_and_send}, TWO, NULL},
    {"timer: its callback comes after what its loop did",
     ORDERED, 1, run_write_then_timer, {NULL}, "", NULL},
    {"timer: it orders no other thread before its callback",
     RACES, 1, run_timer, {bare_write}, ONE, NULL},
    {"sleep: it orders nothing",
     RACES, 1, run_threads, {bare_write, sleep_then_read}, TWO, NULL},
    {"points, names, owners, outcomes, clocks, the console: they order nothing",
     RACES, 1, run_threads, {write_and_say, say_and_read}, TWO, NULL},

    {"work: what comes before uv_queue_work is ordered before the work",
     ORDERED, 1, run_write_then_post, {NULL}, "", NULL},
    {"work: and so it is when the pool has been started before",
     ORDERED, 1, run_start_then_write_then_post, {NULL}, "", NULL},
    {"work: what comes after uv_queue_work is not",
     RACES, 1, run_post_then_write, {NULL}, LOOP_SECOND, NULL},
    {"work: the work is ordered before its after_work",
     ORDERED, 1, run_work_then_after, {NULL}, "", NULL},
    {"work: another loop that is closed meanwhile changes nothing",
     ORDERED, 1, run_beside_other_loop, {other_loop_closes},
     STARTED "run thread.1 until moment.over\n"
     "run loop until moment.4\n"
     "run worker.1 until moment.over\n"
     "run thread.1 to end\n", NULL},
    {"work: without after_work the work and its loop race",
     RACES, 1, run_work_without_after, {NULL}, WORK_FIRST, NULL},
    {"work: after_work of another work orders nothing",
     RACES, 1, run_after_another_work, {NULL},
     "run loop until moment.1\n"
     "run worker.1 until moment.2\n"
     "run worker.2 until moment.over\n", "2"},
    {"work: one worker orders the end of a work before the start of the next",
     ORDERED, 1, run_two_works, {NULL}, "", "1"},
    {"work: two workers at once order nothing",
     RACES, 1, run_two_works_at_once, {NULL},
     "run loop until moment.1\n"
     "run worker.1 until moment.3\n"
     "run worker.2 until moment.over\n", "2"},
    {"work: a worker that comes back to its pool is ordered before the next "
     "uv_queue_work",
     ORDERED, 1, run_work_then_post, {NULL}, LOOP_SECOND, "2"},
    {"cancel: a cancelled work orders nothing before its after_work",
     RACES, 1, run_cancel, {NULL}, WORK_FIRST, "1"},
    {"cancel: one that fails while the work runs orders nothing",
     RACES, 1, run_cancel_while_it_runs, {NULL}, WORK_FIRST, NULL},
    {"cancel: one that fails after the work has ended orders it",
     ORDERED, 1, run_cancel_too_late, {NULL}, LOOP_SECOND, NULL},
};
// clang-format on

const int scenario_count = sizeof scenarios / sizeof *scenarios;

static void make(void) {
    value = 0;
    seen = -1;
    uv_mutex_init(&mutex);
    uv_mutex_init(&other_mutex);
    uv_rwlock_init(&rwlock);
    uv_cond_init(&cond);
    uv_sem_init(&semaphore, 0);
    uv_sem_init(&other_semaphore, 0);
    uv_sem_init(&full_semaphore, 1);
    uv_barrier_init(&barrier, 2);
    uv_loop_init(&loop);
}

static void unmake(void) {
    uv_loop_close(&loop);
    uv_barrier_destroy(&barrier);
    uv_sem_destroy(&full_semaphore);
    uv_sem_destroy(&other_semaphore);
    uv_sem_destroy(&semaphore);
    uv_cond_destroy(&cond);
    uv_rwlock_destroy(&rwlock);
    uv_mutex_destroy(&other_mutex);
    uv_mutex_destroy(&mutex);
}

int scenario_run(const struct scenario *scenario) {
    make();
    NAMED(&value, sizeof value, "value");
    scenario->run(scenario);
    unmake();
    return seen;
}
