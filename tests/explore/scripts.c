#include "scripts.h"

#include <racelab/point.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

enum { LOG_BYTES = 256, LOGS = SCRIPT_THREADS * 3 };

// What one task has seen; the loop's callbacks share the first.
struct log {
    char text[LOG_BYTES];
    size_t used;
};

static struct state {
    const struct script *script;
    struct log logs[LOGS];
    int variables[2], writes;
    uv_mutex_t mutex[2], wait_mutex;
    uv_rwlock_t rwlock[2];
    uv_sem_t semaphore;
    uv_cond_t cond;
    uv_barrier_t barrier;
    uv_once_t once;
    uv_loop_t loop;
    uv_async_t message;
    uv_timer_t timers[SCRIPT_TIMERS];
    uv_work_t works[SCRIPT_THREADS];
    uv_idle_t idle;
} * state;

static void say(struct log *log, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int more = vsnprintf(log->text + log->used, LOG_BYTES - log->used, format,
                         arguments);
    va_end(arguments);
    log->used += (size_t)more;
    if (log->used >= LOG_BYTES)
        abort();
}

static void read_variable(struct log *log, int at) {
    POINT_READ("variable.read", &state->variables[at]);
    say(log, "r%d=%d ", at, state->variables[at]);
}

static void write_variable(struct log *log, int at) {
    POINT_WRITE("variable.write", &state->variables[at]);
    say(log, "w%d:%d ", at, state->variables[at]);
    // Who writes what is the writer's alone, whenever he does.
    state->variables[at] = (int)(log - state->logs) * 100 + (int)log->used;
}

static void read_and_write(struct log *log, int at) {
    read_variable(log, at);
    write_variable(log, at);
}

static struct log *once_log;

static void do_once(void) {
    write_variable(once_log, 0);
}

static void wait_for_signal(struct log *log, int is_timed) {
    int status = 0;
    uv_mutex_lock(&state->wait_mutex);
    if (is_timed)
        status = uv_cond_timedwait(&state->cond, &state->wait_mutex, 1000000);
    else
        uv_cond_wait(&state->cond, &state->wait_mutex);
    say(log, status ? "late " : "woken ");
    uv_mutex_unlock(&state->wait_mutex);
}

static void locked(struct log *log, enum script_step step, int at) {
    uv_mutex_t *mutex = &state->mutex[at];
    if (step == SCRIPT_LOCKED)
        uv_mutex_lock(mutex);
    else if (uv_mutex_trylock(mutex) != 0) {
        say(log, "busy ");
        return;
    }
    read_and_write(log, at);
    uv_mutex_unlock(mutex);
}

static void read_locked(struct log *log, enum script_step step, int at) {
    uv_rwlock_t *lock = &state->rwlock[at];
    if (step == SCRIPT_READ_LOCKED)
        uv_rwlock_rdlock(lock);
    else if (uv_rwlock_tryrdlock(lock) != 0) {
        say(log, "busy ");
        return;
    }
    read_variable(log, at);
    uv_rwlock_rdunlock(lock);
}

static void take(struct log *log, enum script_step step, int at) {
    switch (step) {
    case SCRIPT_READ:
        read_variable(log, at);
        break;
    case SCRIPT_WRITE:
        write_variable(log, at);
        break;
    case SCRIPT_LOCKED:
    case SCRIPT_TRIED:
        locked(log, step, at);
        break;
    case SCRIPT_READ_LOCKED:
    case SCRIPT_TRY_READ_LOCKED:
        read_locked(log, step, at);
        break;
    case SCRIPT_WRITE_LOCKED:
        uv_rwlock_wrlock(&state->rwlock[at]);
        read_and_write(log, at);
        uv_rwlock_wrunlock(&state->rwlock[at]);
        break;
    case SCRIPT_POST:
        uv_sem_post(&state->semaphore);
        break;
    case SCRIPT_WAIT:
        uv_sem_wait(&state->semaphore);
        break;
    case SCRIPT_TRY_WAIT:
        say(log, uv_sem_trywait(&state->semaphore) ? "empty " : "had ");
        break;
    case SCRIPT_COND_WAIT:
    case SCRIPT_COND_TIMED_WAIT:
        wait_for_signal(log, step == SCRIPT_COND_TIMED_WAIT);
        break;
    case SCRIPT_SIGNAL:
        uv_cond_signal(&state->cond);
        break;
    case SCRIPT_BROADCAST:
        uv_cond_broadcast(&state->cond);
        break;
    case SCRIPT_ONCE:
        once_log = log;
        uv_once(&state->once, do_once);
        break;
    case SCRIPT_BARRIER:
        say(log, uv_barrier_wait(&state->barrier) > 0 ? "last " : "passed ");
        break;
    case SCRIPT_SLEEP:
        uv_sleep(1);
        break;
    case SCRIPT_MESSAGE:
        uv_async_send(&state->message);
        break;
    case SCRIPT_PUT:
        POINT_PUT("variable.put", &state->variables[at]);
        break;
    default:
        abort();
    }
}

static void take_all(struct log *log, const struct script_thread *thread) {
    for (int i = 0; i < thread->count; i++)
        take(log, thread->steps[i].step, thread->steps[i].object);
}

static void run_thread(void *argument) {
    const struct script_thread *thread = argument;
    take_all(&state->logs[1 + (thread - state->script->threads)], thread);
}

static void run_work(uv_work_t *work) {
    long number = work - state->works;
    take_all(&state->logs[1 + SCRIPT_THREADS + number],
             &state->script->works[number]);
}

static void after_work(uv_work_t *work, int status) {
    struct log *log = &state->logs[0];
    say(log, "after%ld%s ", (long)(work - state->works), status ? "-" : "");
    write_variable(log, 1);
}

static void on_message(uv_async_t *message) {
    (void)message;
    say(&state->logs[0], "message ");
    write_variable(&state->logs[0], 0);
    if (state->script->hushed > 0)
        uv_timer_stop(&state->timers[state->script->hushed]);
}

static void on_timer(uv_timer_t *timer);

static void start_timer(int number) {
    const struct script *script = state->script;
    uv_timer_start(&state->timers[number], on_timer, script->timers_ms[number],
                   script->gap == GAP_REPEATS);
}

static void on_timer(uv_timer_t *timer) {
    struct log *log = &state->logs[0];
    const struct script *script = state->script;
    say(log, "timer%ld ", (long)(timer - state->timers));
    read_variable(log, 0);
    if (script->gap == GAP_REPEATS)
        uv_timer_stop(timer);
    if (timer != state->timers)
        return;
    if (script->stopped >= 0)
        uv_timer_stop(&state->timers[script->stopped]);
    if (script->started > 0)
        start_timer(script->started);
    if (script->cancelled >= 0)
        say(log, "cancel=%d ",
            uv_cancel((uv_req_t *)&state->works[script->cancelled]));
}

static void set_up(const struct script *script) {
    static struct state room;
    memset(&room, 0, sizeof room);
    state = &room;
    state->script = script;
    for (int i = 0; i < 2; i++) {
        uv_mutex_init(&state->mutex[i]);
        uv_rwlock_init(&state->rwlock[i]);
    }
    uv_mutex_init(&state->wait_mutex);
    uv_sem_init(&state->semaphore, 1);
    uv_cond_init(&state->cond);
    uv_barrier_init(&state->barrier, 2);
    uv_loop_init(&state->loop);
    uv_async_init(&state->loop, &state->message, on_message);
    uv_unref((uv_handle_t *)&state->message);
    for (int i = 0; i < 2; i++) // all that follows works for A
        POINT_GET("variable.get", &state->variables[i], "A");
}

static void on_idle(uv_idle_t *idle) {
    uv_idle_stop(idle);
}

static void start_loop(const struct script *script) {
    for (int i = 0; i < script->timer_count; i++) {
        uv_timer_init(&state->loop, &state->timers[i]);
        if (i == 0 || i != script->started)
            start_timer(i);
    }
    uv_idle_init(&state->loop, &state->idle);
    if (script->gap == GAP_IDLES)
        uv_idle_start(&state->idle, on_idle);
    if (script->gap == GAP_RUNS_NOWAIT)
        uv_run(&state->loop, UV_RUN_NOWAIT);
    if (script->gap == GAP_RUNS_ONCE)
        uv_run(&state->loop, UV_RUN_ONCE);
    for (int i = 0; i < script->work_count; i++)
        uv_queue_work(&state->loop, &state->works[i], run_work, after_work);
}

static void clean_up(const struct script *script) {
    uv_close((uv_handle_t *)&state->message, NULL);
    uv_close((uv_handle_t *)&state->idle, NULL);
    for (int i = 0; i < script->timer_count; i++)
        uv_close((uv_handle_t *)&state->timers[i], NULL);
    uv_run(&state->loop, UV_RUN_DEFAULT);
    uv_loop_close(&state->loop);
    for (int i = 0; i < 2; i++) {
        uv_mutex_destroy(&state->mutex[i]);
        uv_rwlock_destroy(&state->rwlock[i]);
    }
    uv_mutex_destroy(&state->wait_mutex);
    uv_sem_destroy(&state->semaphore);
    uv_cond_destroy(&state->cond);
    uv_barrier_destroy(&state->barrier);
}

static int run(const struct racelab_program *program) {
    const struct script *script = program->data;
    uv_thread_t threads[SCRIPT_THREADS];
    char text[LOG_BYTES];
    size_t used = 0;
    set_up(script);
    start_loop(script);
    for (int i = 0; i < script->thread_count; i++)
        uv_thread_create(&threads[i], run_thread, (void *)&script->threads[i]);
    uv_run(&state->loop, UV_RUN_DEFAULT);
    for (int i = 0; i < script->thread_count; i++)
        uv_thread_join(&threads[i]);
    for (int i = 0; i < LOGS && used < sizeof text; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%s|",
                                 state->logs[i].text);
    snprintf(text + used, used < sizeof text ? sizeof text - used : 0, "%d %d",
             state->variables[0], state->variables[1]);
    OUTCOME(text);
    clean_up(script);
    return 0;
}

struct racelab_program script_program(const struct script *script) {
    return (struct racelab_program){.name = "script",
                                    .summary = "made by chance",
                                    .run = run,
                                    .data = script,
                                    .workers = script->workers};
}

static void print_steps(const char *name, int number,
                        const struct script_thread *thread, FILE *out) {
    static const char *const words[] = {
#define X(step, word) word,
        SCRIPT_STEPS(X)
#undef X
    };
    fprintf(out, "  %s %d:", name, number);
    for (int i = 0; i < thread->count; i++)
        fprintf(out, " %s(%d)", words[thread->steps[i].step],
                thread->steps[i].object);
    fprintf(out, "\n");
}

void script_print(const struct script *script, FILE *out) {
    for (int i = 0; i < script->thread_count; i++)
        print_steps("thread", i, &script->threads[i], out);
    for (int i = 0; i < script->work_count; i++)
        print_steps("work", i, &script->works[i], out);
    for (int i = 0; i < script->timer_count; i++)
        fprintf(out, "  timer %d: %u ms\n", i, script->timers_ms[i]);
    fprintf(out,
            "  %d workers, stops timer %d, cancels work %d, starts timer %d, "
            "a message stops timer %d\n",
            script->workers, script->stopped, script->cancelled,
            script->started, script->hushed);
}
