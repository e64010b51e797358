#include "kit.h"

#include "kit_heap.h"

#include "server/context.h"
#include "server/wallclock.h"

#include <racelab/point.h>
#include <stdatomic.h>
#include <stddef.h>

// More than the requests of any execution. Who asks oftener in one of them is
// not believed after that.
enum { TIMES_MAX = 256, JOBS_STARTED_MAX = 256, COPIES_MAX = 256 };

// All relaxed: a submission may call from several threads, and must find no
// order here that it has not made itself.
static struct {
    atomic_uint time_count;
    atomic_llong times[TIMES_MAX];
    atomic_uint job_count;
    atomic_uint copy_count;
    struct {
        _Atomic(struct context *) copy;
        atomic_bool freed;
    } copies[COPIES_MAX];
    atomic_bool made_up, copy_kept;
    bool has_params; // its route: set before each execution
} kit;

// What a job was started with. Written before its thread is, read by it.
static struct timestamp_job started[JOBS_STARTED_MAX];

static unsigned count_up(atomic_uint *count) {
    return atomic_fetch_add_explicit(count, 1, memory_order_relaxed);
}

void kit_begin(bool has_params) {
    kit.has_params = has_params;
    atomic_store_explicit(&kit.time_count, 0, memory_order_relaxed);
    atomic_store_explicit(&kit.job_count, 0, memory_order_relaxed);
    atomic_store_explicit(&kit.copy_count, 0, memory_order_relaxed);
    kit_heap_begin();
}

bool kit_saw_made_up(void) {
    return atomic_load_explicit(&kit.made_up, memory_order_relaxed);
}

bool kit_saw_copy_kept(void) {
    return atomic_load_explicit(&kit.copy_kept, memory_order_relaxed);
}

// The clock.

int64_t classroom_wallclock_ms(void) {
    int64_t now = wallclock_ms();
    unsigned at = count_up(&kit.time_count);

    if (at < TIMES_MAX)
        atomic_store_explicit(&kit.times[at], now, memory_order_relaxed);
    return now;
}

static bool was_given(int64_t time) {
    unsigned count =
        atomic_load_explicit(&kit.time_count, memory_order_relaxed);

    for (unsigned i = 0; i < count && i < TIMES_MAX; i++)
        if (atomic_load_explicit(&kit.times[i], memory_order_relaxed) == time)
            return true;
    return false;
}

// Jobs.

static bool read_as_before(struct timestamp_job *job, int64_t *found) {
    return context_get(job->context, "timestamp", found);
}

// Calls the submission's read(), and then puts back what is compared with.
static bool read_watched(struct timestamp_job *job, int64_t *found) {
    const struct timestamp_job *before = &started[job->value];

    job->value = before->value;
    job->read = before->read != NULL ? before->read : read_as_before;
    bool is_there = job->read(job, found);
    job->unix_ms = before->unix_ms;
    return is_there;
}

// Puts the kit between the job and its read(); the job's own value keeps the
// place of what was there.
static struct timestamp_job watched(struct timestamp_job job) {
    unsigned at = count_up(&kit.job_count) % JOBS_STARTED_MAX;

    if (!was_given(job.unix_ms))
        atomic_store_explicit(&kit.made_up, true, memory_order_relaxed);
    started[at] = job;
    job.value = at;
    job.read = read_watched;
    return job;
}

bool classroom_job_start(struct context *c, struct timestamp_job job) {
    return timestamp_job_start(c, watched(job));
}

bool classroom_job_queue(struct context *c, struct timestamp_job job) {
    return timestamp_job_queue(c, watched(job));
}

bool classroom_job_queue_after(struct context *c, struct timestamp_job job) {
    return timestamp_job_queue_after(c, watched(job));
}

// Copies.

static unsigned copies_made(void) {
    unsigned count =
        atomic_load_explicit(&kit.copy_count, memory_order_relaxed);

    return count < COPIES_MAX ? count : COPIES_MAX;
}

// A copy reads the params, too, and before it takes the lock. Where there are
// any, that is a point.
struct context *classroom_context_copy(struct context *source) {
    if (kit.has_params)
        POINT_READ("context.copy", &source->params);
    struct context *copy = context_copy(source);
    unsigned at = count_up(&kit.copy_count);

    if (at >= COPIES_MAX)
        return copy;
    atomic_store_explicit(&kit.copies[at].freed, false, memory_order_relaxed);
    atomic_store_explicit(&kit.copies[at].copy, copy, memory_order_relaxed);
    return copy;
}

static struct context *copy_at(unsigned i) {
    return atomic_load_explicit(&kit.copies[i].copy, memory_order_relaxed);
}

// True: it is a copy, and had not been freed.
static bool note_freed(const struct context *c) {
    for (unsigned i = copies_made(); i > 0; i--)
        if (copy_at(i - 1) == c)
            return !atomic_exchange_explicit(&kit.copies[i - 1].freed, true,
                                             memory_order_relaxed);
    return copies_made() == COPIES_MAX; // it may be one of the others
}

// Its own keys: a copy may share another's. Of what is no copy only the
// emptying is done: the server frees its own.
void classroom_context_free(struct context *c) {
    if (!note_freed(c))
        kit_note_invalid_free();
    POINT_WRITE("context.free", &c->own_keys);
    c->own_keys.count = 0;
}

void kit_end(void) {
    kit_heap_end();
    if (copies_made() == COPIES_MAX) // more than can be followed
        atomic_store_explicit(&kit.copy_kept, true, memory_order_relaxed);
    for (unsigned i = 0; i < copies_made(); i++) {
        if (!atomic_load_explicit(&kit.copies[i].freed, memory_order_relaxed))
            atomic_store_explicit(&kit.copy_kept, true, memory_order_relaxed);
        context_free(copy_at(i));
    }
}
