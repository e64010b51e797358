#include "alike.h"

#include <stdio.h>
#include <stdlib.h>
#include <uv.h>

static uv_loop_t loop;
static uv_timer_t timer, other_timer;
static uv_async_t async;
static uv_prepare_t prepare;
static uv_idle_t idle;
static uv_work_t work;
static uv_barrier_t barrier;
static int count;

// Not yet due when the loop begins, even where the machine is busy.
enum { LATER_MS = 200 };

static void make(void) {
    count = 0;
    uv_loop_init(&loop);
    uv_timer_init(&loop, &timer);
}

static void say_closed(uv_handle_t *handle) {
    (void)handle;
    puts("closed");
}

static void close_handle(void *handle) {
    if (!uv_is_closing(handle))
        uv_close(handle, NULL);
}

static void run_to_end(void) {
    uv_run(&loop, UV_RUN_DEFAULT);
    printf("loop closed: %d\n", uv_loop_close(&loop));
}

static void nothing(uv_timer_t *handle) {
    (void)handle;
}

// Closing a loop.

static void do_nothing(uv_work_t *request) {
    (void)request;
}

static void say_after(uv_work_t *request, int status) {
    (void)request;
    printf("after the work: %d\n", status);
}

static void close_with_work(void) {
    uv_loop_init(&loop);
    uv_queue_work(&loop, &work, do_nothing, say_after);
    printf("busy: %d\n", uv_loop_close(&loop) == UV_EBUSY);
    run_to_end();
}

static void close_with_timer(void) {
    make();
    uv_timer_start(&timer, nothing, 1, 0);
    printf("busy: %d\n", uv_loop_close(&loop) == UV_EBUSY);
    uv_run(&loop, UV_RUN_DEFAULT);
    close_handle(&timer);
    run_to_end();
}

// Handles that do not keep the loop alive, beside one that does.

static void say_woken(uv_async_t *handle) {
    puts("woken");
    close_handle(handle);
    close_handle(&timer);
}

static void wake(void *unused) {
    (void)unused;
    uv_sleep(5);
    uv_async_send(&async);
}

static void async_without_reference(void) {
    uv_thread_t thread;
    make();
    uv_async_init(&loop, &async, say_woken);
    uv_unref((uv_handle_t *)&async);
    uv_timer_start(&timer, nothing, 20, 20);
    uv_thread_create(&thread, wake, NULL);
    uv_run(&loop, UV_RUN_DEFAULT);
    uv_thread_join(&thread);
    run_to_end();
}

static void close_the_third_time(uv_timer_t *handle) {
    puts("timer");
    if (++count == 3)
        close_handle(handle);
}

static void say_prepared(uv_prepare_t *handle) {
    printf("prepared, alive: %d\n", uv_loop_alive(handle->loop) != 0);
}

static void prepare_without_reference(void) {
    make();
    uv_timer_start(&timer, close_the_third_time, LATER_MS, 2);
    uv_prepare_init(&loop, &prepare);
    uv_prepare_start(&prepare, say_prepared);
    uv_unref((uv_handle_t *)&prepare);
    uv_run(&loop, UV_RUN_DEFAULT);
    close_handle(&prepare);
    run_to_end();
}

static void say_timer(uv_timer_t *handle) {
    (void)handle;
    puts("timer");
}

static void last_turn_is_whole(void) {
    make();
    uv_timer_start(&timer, say_timer, LATER_MS, 0);
    uv_prepare_init(&loop, &prepare);
    uv_prepare_start(&prepare, say_prepared);
    uv_unref((uv_handle_t *)&prepare);
    printf("more: %d\n", uv_run(&loop, UV_RUN_DEFAULT));
    close_handle(&prepare);
    close_handle(&timer);
    run_to_end();
}

// A prepare handle comes between what sockets bring in and the next wait.

static void start_prepared(uv_prepare_t *handle) {
    puts("prepared");
    uv_prepare_stop(handle);
    uv_timer_start(&timer, say_timer, 1, 0);
}

static void prepare_before_the_first_wait(void) {
    make();
    uv_timer_start(&timer, nothing, 1, 0);
    uv_run(&loop, UV_RUN_DEFAULT);
    uv_prepare_init(&loop, &prepare);
    uv_prepare_start(&prepare, start_prepared);
    uv_run(&loop, UV_RUN_DEFAULT);
    close_handle(&prepare);
    close_handle(&timer);
    run_to_end();
}

static void mark(uv_async_t *handle) {
    (void)handle;
    count = 1;
}

static void flush(uv_prepare_t *handle) {
    if (!count)
        return;
    puts("flushed");
    close_handle(handle);
    close_handle(&async);
    close_handle(&timer);
}

static void prepare_before_the_next_wait(void) {
    uv_thread_t thread;
    make();
    uv_async_init(&loop, &async, mark);
    uv_prepare_init(&loop, &prepare);
    uv_prepare_start(&prepare, flush);
    uv_thread_create(&thread, wake, NULL);
    run_to_end();
    uv_thread_join(&thread);
}

// uv_stop.

static void close_and_stop(uv_timer_t *handle) {
    uv_close((uv_handle_t *)handle, say_closed);
    uv_stop(handle->loop);
}

static void stop_in_timer(void) {
    make();
    uv_timer_start(&timer, close_and_stop, 2, 0);
    printf("more: %d\n", uv_run(&loop, UV_RUN_DEFAULT));
    run_to_end();
}

static void stop_after_work(uv_work_t *request, int status) {
    (void)status;
    uv_close((uv_handle_t *)&timer, say_closed);
    uv_stop(request->loop);
}

static void stop_in_after_work(void) {
    make();
    uv_queue_work(&loop, &work, do_nothing, stop_after_work);
    printf("more: %d\n", uv_run(&loop, UV_RUN_DEFAULT));
    run_to_end();
}

static void stop_before_run(void) {
    make();
    uv_timer_start(&timer, say_timer, 0, 0);
    uv_stop(&loop);
    printf("more: %d\n", uv_run(&loop, UV_RUN_DEFAULT));
    uv_run(&loop, UV_RUN_DEFAULT);
    close_handle(&timer);
    run_to_end();
}

// A barrier that is destroyed by the last to arrive.

static void destroy_if_last(void *unused) {
    (void)unused;
    if (uv_barrier_wait(&barrier) > 0)
        uv_barrier_destroy(&barrier);
}

static void make_anew_if_last(void *unused) {
    (void)unused;
    if (uv_barrier_wait(&barrier) <= 0)
        return;
    uv_barrier_destroy(&barrier);
    uv_barrier_init(&barrier, 1);
    printf("last again: %d\n", uv_barrier_wait(&barrier) > 0);
    uv_barrier_destroy(&barrier);
}

static void two_at_barrier(uv_thread_cb entry) {
    uv_thread_t thread;
    uv_barrier_init(&barrier, 2);
    uv_thread_create(&thread, entry, NULL);
    uv_sleep(5); // so as to be the last to arrive and the first to leave
    entry(NULL);
    uv_thread_join(&thread);
    puts("both have left");
}

static void barrier_destroyed(void) {
    two_at_barrier(destroy_if_last);
}

static void barrier_made_anew(void) {
    two_at_barrier(make_anew_if_last);
}

static uv_barrier_t *own_barrier;

static void free_if_last(void) {
    if (uv_barrier_wait(own_barrier) <= 0)
        return;
    uv_barrier_destroy(own_barrier);
    free(own_barrier);
}

static void wait_and_say(void *unused) {
    (void)unused;
    free_if_last();
    printf("counted: %d\n", count);
}

static void barrier_freed(void) {
    uv_thread_t thread;
    own_barrier = malloc(sizeof *own_barrier);
    uv_barrier_init(own_barrier, 2);
    uv_thread_create(&thread, wait_and_say, NULL);
    uv_sleep(5);
    count = 1;
    free_if_last();
    uv_thread_join(&thread);
}

// Handles that are being closed.

static void free_handle(uv_handle_t *handle) {
    puts("closed");
    free(handle);
}

static void timer_while_it_closes(void) {
    uv_timer_t *one = malloc(sizeof *one);
    make();
    close_handle(&timer);
    uv_timer_init(&loop, one);
    uv_timer_start(one, say_timer, 2, 2);
    uv_close((uv_handle_t *)one, free_handle);
    printf("start: %d\n", uv_timer_start(one, say_timer, 1, 0) == UV_EINVAL);
    printf("again: %d\n", uv_timer_again(one));
    printf("active: %d\n", uv_is_active((uv_handle_t *)one));
    run_to_end();
}

static void ignore(uv_signal_t *handle, int number) {
    (void)handle;
    (void)number;
}

static void signals_that_cannot_be_watched(void) {
    uv_signal_t handle;
    uv_loop_init(&loop);
    uv_signal_init(&loop, &handle);
    printf("0: %d\n", uv_signal_start(&handle, ignore, 0) == UV_EINVAL);
    printf("KILL: %d\n", uv_signal_start(&handle, ignore, 9) == UV_EINVAL);
    printf("TERM: %d\n", uv_signal_start(&handle, ignore, 15));
    close_handle(&handle);
    run_to_end();
}

// Time.

static void say_first(uv_timer_t *handle) {
    (void)handle;
    puts("first");
}

static void say_second(uv_timer_t *handle) {
    (void)handle;
    puts("second");
}

static void loop_time_stands_still(void) {
    uv_timeval64_t now;
    make();
    uv_timer_init(&loop, &other_timer);
    uint64_t before = uv_now(&loop);
    uv_timer_start(&timer, say_second, 2, 0);
    uv_sleep(5);
    uv_gettimeofday(&now);
    printf("moved: %d\n", uv_now(&loop) != before);
    uv_timer_start(&other_timer, say_first, 1, 0);
    printf("due in: %d\n", (int)uv_timer_get_due_in(&timer));
    uv_update_time(&loop);
    printf("moved: %d\n", uv_now(&loop) >= before + 5);
    printf("due in: %d\n", (int)uv_timer_get_due_in(&timer));
    uv_run(&loop, UV_RUN_DEFAULT);
    close_handle(&timer);
    close_handle(&other_timer);
    run_to_end();
}

static void update_time_until(void) {
    uv_loop_init(&loop);
    uint64_t before = uv_now(&loop);
    while (uv_now(&loop) < before + 3)
        uv_update_time(&loop);
    puts("three milliseconds later");
    run_to_end();
}

static void stop_idle(uv_timer_t *handle) {
    puts("timer");
    close_handle(handle);
    close_handle(&idle);
}

static void keep_busy(uv_idle_t *handle) {
    (void)handle;
}

static void timer_beside_idle(void) {
    make();
    uv_timer_start(&timer, stop_idle, 2, 0);
    uv_idle_init(&loop, &idle);
    uv_idle_start(&idle, keep_busy);
    run_to_end();
}

static void timer_without_waiting(void) {
    make();
    uv_timer_start(&timer, say_timer, 2, 0);
    while (uv_run(&loop, UV_RUN_NOWAIT))
        ;
    close_handle(&timer);
    run_to_end();
}

static void wait_to_the_nanosecond(void) {
    uv_mutex_t mutex;
    uv_cond_t cond;
    uv_mutex_init(&mutex);
    uv_cond_init(&cond);
    uv_mutex_lock(&mutex);
    uint64_t until = uv_hrtime() + 1500000;
    int status = uv_cond_timedwait(&cond, &mutex, 1500000);
    printf("in time: %d\n", status == UV_ETIMEDOUT && uv_hrtime() >= until);
    uv_mutex_unlock(&mutex);
    uv_cond_destroy(&cond);
    uv_mutex_destroy(&mutex);
}

const struct alike alikes[] = {
    {"a loop that has work to do is not closed", close_with_work},
    {"a loop with an open handle is not closed", close_with_timer},
    {"an async handle without a reference wakes the loop",
     async_without_reference},
    {"a prepare handle without a reference runs in each turn",
     prepare_without_reference},
    {"the last turn is a whole one", last_turn_is_whole},
    {"a prepare handle runs before the first wait",
     prepare_before_the_first_wait},
    {"a prepare handle runs between an event and the next wait",
     prepare_before_the_next_wait},
    {"uv_stop in a timer: the turn is finished", stop_in_timer},
    {"uv_stop in an after_work: the turn is finished", stop_in_after_work},
    {"uv_stop before uv_run: no turn at all", stop_before_run},
    {"a barrier may be destroyed by the last to arrive", barrier_destroyed},
    {"and another made in its place", barrier_made_anew},
    {"and freed, and still it orders who leaves", barrier_freed},
    {"a timer that is being closed does not start", timer_while_it_closes},
    {"signals that cannot be watched", signals_that_cannot_be_watched},
    {"the loop's time stands still within a turn", loop_time_stands_still},
    {"uv_update_time moves it", update_time_until},
    {"time passes beside an idle handle", timer_beside_idle},
    {"time passes when the loop does not wait", timer_without_waiting},
    {"a wait with a time-out lasts to the nanosecond", wait_to_the_nanosecond},
};

const int alike_count = sizeof alikes / sizeof *alikes;
