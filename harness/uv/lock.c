// lock.c - mutexes, read-write locks, condition variables, semaphores,
// barriers and uv_once under control.
//
// The model says when a task may go on; then the real call is made, which by
// then cannot wait. So ThreadSanitizer sees the edges of the real primitive,
// neither weaker nor stronger.
#include "control.h"
#include "edges.h"
#include "uv_prototypes.h"

static struct sync *sync_of(void) {
    return &control.scheduler->sync;
}

CONTROL_PART void made(const void *object, const char *type, unsigned count,
                       bool recursive) {
    struct task *self = control_enter();
    if (!self)
        return;
    sync_object_init(sync_of(), (uintptr_t)object, type, count, recursive,
                     self->id, self->births++);
    control_forget(object);
    control_leave();
}

CONTROL_PART void unmade(const void *object) {
    if (!control_enter())
        return;
    sync_object_destroy(sync_of(), (uintptr_t)object);
    control_leave();
}

CONTROL_PART void wait_for(enum op_kind kind, const char *call,
                           const void *object) {
    struct task *self = control_enter();
    if (!self)
        return;
    control_wait(self, kind, call, object);
    control_leave();
}

// A try: the step is taken either way; the model follows the real result.
static int tried(struct task *self, enum op_kind kind, const void *object,
                 int result) {
    if (!self)
        return result;
    edges_ignore_begin();
    struct op op = {
        .kind = kind, .object = (uintptr_t)object, .place = self->place};
    if (result == 0) {
        sync_apply(sync_of(), self->id, &op);
        happens_order(control.scheduler->happens, self->id, &op);
    } else {
        control_detail("busy");
    }
    edges_ignore_end();
    return result;
}

CONTROL_PART struct task *try_begin(const char *call, enum op_kind kind,
                                    const void *object) {
    struct task *self = control_enter();
    if (!self)
        return NULL;
    control_yield(self, &(struct op){.kind = OP_TRY,
                                     .name = call,
                                     .object = (uintptr_t)object,
                                     .tries = kind});
    control_leave();
    return self;
}

// Asked before the real call: that of a recursive mutex would succeed whoever
// holds it where all tasks are stacks of one thread. A try that fails orders
// nothing, so nothing is lost by not making it.
static bool is_busy(struct task *self, enum op_kind kind, const void *object) {
    if (!self)
        return false;
    edges_ignore_begin();
    const struct op op = {.kind = kind, .object = (uintptr_t)object};
    bool busy = !sync_enabled(sync_of(), self->id, &op);
    if (busy)
        control_detail("busy");
    edges_ignore_end();
    return busy;
}

typedef bool release_function(struct sync *, int, uintptr_t);

CONTROL_PART void release_with(release_function *release, enum op_kind kind,
                               const char *call, const void *object) {
    struct task *self = control_enter();
    if (!self)
        return;
    control_wait(self, kind, call, object);
    if (!release(sync_of(), self->id, (uintptr_t)object))
        control_misuse(self, "%s by a task that does not hold the lock", call);
    control_leave();
}

// Mutexes.

int racelab_uv_mutex_init(uv_mutex_t *mutex) {
    made(mutex, "mutex", 0, false);
    return uv_mutex_init(mutex);
}

int racelab_uv_mutex_init_recursive(uv_mutex_t *mutex) {
    made(mutex, "mutex", 0, true);
    return uv_mutex_init_recursive(mutex);
}

void racelab_uv_mutex_destroy(uv_mutex_t *mutex) {
    unmade(mutex);
    uv_mutex_destroy(mutex);
}

void racelab_uv_mutex_lock(uv_mutex_t *mutex) {
    wait_for(OP_LOCK, "uv_mutex_lock", mutex);
    uv_mutex_lock(mutex);
}

int racelab_uv_mutex_trylock(uv_mutex_t *mutex) {
    struct task *self = try_begin("uv_mutex_trylock", OP_LOCK, mutex);
    if (is_busy(self, OP_LOCK, mutex))
        return UV_EBUSY;
    return tried(self, OP_LOCK, mutex, uv_mutex_trylock(mutex));
}

void racelab_uv_mutex_unlock(uv_mutex_t *mutex) {
    release_with(sync_unlock, OP_UNLOCK, "uv_mutex_unlock", mutex);
    uv_mutex_unlock(mutex);
}

// Read-write locks.

int racelab_uv_rwlock_init(uv_rwlock_t *lock) {
    made(lock, "rwlock", 0, false);
    return uv_rwlock_init(lock);
}

void racelab_uv_rwlock_destroy(uv_rwlock_t *lock) {
    unmade(lock);
    uv_rwlock_destroy(lock);
}

void racelab_uv_rwlock_rdlock(uv_rwlock_t *lock) {
    wait_for(OP_READ_LOCK, "uv_rwlock_rdlock", lock);
    uv_rwlock_rdlock(lock);
}

int racelab_uv_rwlock_tryrdlock(uv_rwlock_t *lock) {
    struct task *self = try_begin("uv_rwlock_tryrdlock", OP_READ_LOCK, lock);
    if (is_busy(self, OP_READ_LOCK, lock))
        return UV_EBUSY;
    return tried(self, OP_READ_LOCK, lock, uv_rwlock_tryrdlock(lock));
}

void racelab_uv_rwlock_rdunlock(uv_rwlock_t *lock) {
    release_with(sync_read_unlock, OP_READ_UNLOCK, "uv_rwlock_rdunlock", lock);
    uv_rwlock_rdunlock(lock);
}

void racelab_uv_rwlock_wrlock(uv_rwlock_t *lock) {
    wait_for(OP_WRITE_LOCK, "uv_rwlock_wrlock", lock);
    uv_rwlock_wrlock(lock);
}

int racelab_uv_rwlock_trywrlock(uv_rwlock_t *lock) {
    struct task *self = try_begin("uv_rwlock_trywrlock", OP_WRITE_LOCK, lock);
    if (is_busy(self, OP_WRITE_LOCK, lock))
        return UV_EBUSY;
    return tried(self, OP_WRITE_LOCK, lock, uv_rwlock_trywrlock(lock));
}

void racelab_uv_rwlock_wrunlock(uv_rwlock_t *lock) {
    release_with(sync_write_unlock, OP_UNLOCK, "uv_rwlock_wrunlock", lock);
    uv_rwlock_wrunlock(lock);
}

// Condition variables. A real wait would stop the thread for good, so it is
// taken apart: the mutex is given back, the wait is the model's, the mutex is
// taken again. That is all the edge there is: a signal is none.

int racelab_uv_cond_init(uv_cond_t *cond) {
    made(cond, "cond", 0, false);
    return uv_cond_init(cond);
}

void racelab_uv_cond_destroy(uv_cond_t *cond) {
    unmade(cond);
    uv_cond_destroy(cond);
}

static void begin_wait(struct task *self, const char *call, uv_cond_t *cond,
                       uv_mutex_t *mutex) {
    int holder;
    if (sync_holders(sync_of(), (uintptr_t)mutex, &holder, 1) == 0 ||
        holder != self->id)
        control_misuse(self, "%s with a mutex that the task does not hold",
                       call);
    struct op op = {.kind = OP_COND_WAIT,
                    .name = call,
                    .object = (uintptr_t)cond,
                    .mutex = (uintptr_t)mutex};
    control_yield(self, &op);
}

// Returns whether the wait was ended by a signal.
static bool end_wait(struct task *self, const char *call, uv_cond_t *cond,
                     uv_mutex_t *mutex, bool timed, uint64_t deadline_ns) {
    struct op op = {.kind = OP_COND_WAKE,
                    .name = call,
                    .object = (uintptr_t)cond,
                    .mutex = (uintptr_t)mutex,
                    .timed = timed,
                    .deadline_ns = deadline_ns};
    control_yield(self, &op);
    control_detail(self->granted ? "wakes" : "times out");
    return self->granted;
}

void racelab_uv_cond_wait(uv_cond_t *cond, uv_mutex_t *mutex) {
    struct task *self = control_enter();
    if (!self) {
        uv_cond_wait(cond, mutex);
        return;
    }
    begin_wait(self, "uv_cond_wait", cond, mutex);
    uv_mutex_unlock(mutex);
    end_wait(self, "uv_cond_wait", cond, mutex, false, 0);
    control_leave();
    uv_mutex_lock(mutex);
}

int racelab_uv_cond_timedwait(uv_cond_t *cond, uv_mutex_t *mutex,
                              uint64_t timeout_ns) {
    struct task *self = control_enter();
    if (!self)
        return uv_cond_timedwait(cond, mutex, timeout_ns);
    begin_wait(self, "uv_cond_timedwait", cond, mutex);
    uv_mutex_unlock(mutex);
    uint64_t deadline_ns = control_later(control.scheduler->now_ns, timeout_ns);
    bool signalled =
        end_wait(self, "uv_cond_timedwait", cond, mutex, true, deadline_ns);
    control_leave();
    uv_mutex_lock(mutex);
    return signalled ? 0 : UV_ETIMEDOUT;
}

void racelab_uv_cond_signal(uv_cond_t *cond) {
    struct task *self = control_enter();
    if (self) {
        control_wait(self, OP_SIGNAL, "uv_cond_signal", cond);
        sync_signal(sync_of(), (uintptr_t)cond);
        control_leave();
    }
    uv_cond_signal(cond);
}

void racelab_uv_cond_broadcast(uv_cond_t *cond) {
    struct task *self = control_enter();
    if (self) {
        control_wait(self, OP_BROADCAST, "uv_cond_broadcast", cond);
        sync_broadcast(sync_of(), (uintptr_t)cond);
        control_leave();
    }
    uv_cond_broadcast(cond);
}

// Semaphores.

int racelab_uv_sem_init(uv_sem_t *semaphore, unsigned int value) {
    made(semaphore, "semaphore", value, false);
    return uv_sem_init(semaphore, value);
}

void racelab_uv_sem_destroy(uv_sem_t *semaphore) {
    unmade(semaphore);
    uv_sem_destroy(semaphore);
}

static void check_semaphore(struct task *self, uv_sem_t *semaphore) {
    if (sync_semaphore_unknown(sync_of(), (uintptr_t)semaphore))
        control_misuse(self, "a semaphore that was not made in this "
                             "execution: its value is not known");
}

void racelab_uv_sem_post(uv_sem_t *semaphore) {
    struct task *self = control_enter();
    if (self) {
        check_semaphore(self, semaphore);
        control_wait(self, OP_POST, "uv_sem_post", semaphore);
        sync_post(sync_of(), (uintptr_t)semaphore);
        control_leave();
    }
    uv_sem_post(semaphore);
}

void racelab_uv_sem_wait(uv_sem_t *semaphore) {
    struct task *self = control_enter();
    if (self) {
        check_semaphore(self, semaphore);
        control_wait(self, OP_SEM_WAIT, "uv_sem_wait", semaphore);
        control_leave();
    }
    uv_sem_wait(semaphore);
}

int racelab_uv_sem_trywait(uv_sem_t *semaphore) {
    struct task *self = control_enter();
    if (self) {
        check_semaphore(self, semaphore);
        control_leave();
    }
    try_begin("uv_sem_trywait", OP_SEM_WAIT, semaphore);
    if (is_busy(self, OP_SEM_WAIT, semaphore))
        return UV_EAGAIN;
    return tried(self, OP_SEM_WAIT, semaphore, uv_sem_trywait(semaphore));
}

// Barriers: the real call would wait for tasks that do not run, so the edges
// are told: each arrival is released, each leaving acquires. Not at the
// barrier's address: by the time that one leaves, the last to arrive may have
// freed it, or others may have come to its next generation.

enum { GENERATIONS = 1024 };

static char *edge_of(unsigned generation) {
    static char edges[GENERATIONS];
    return &edges[generation % GENERATIONS];
}

int racelab_uv_barrier_init(uv_barrier_t *barrier, unsigned int count) {
    made(barrier, "barrier", count, false);
    return uv_barrier_init(barrier, count);
}

void racelab_uv_barrier_destroy(uv_barrier_t *barrier) {
    unmade(barrier);
    uv_barrier_destroy(barrier);
}

int racelab_uv_barrier_wait(uv_barrier_t *barrier) {
    struct task *self = control_enter();
    if (!self)
        return uv_barrier_wait(barrier);
    control_wait(self, OP_BARRIER, "uv_barrier_wait", barrier);
    bool last;
    struct op op = {.kind = OP_BARRIER_LEAVE,
                    .name = "uv_barrier_wait",
                    .object = (uintptr_t)barrier};
    op.generation =
        sync_barrier_generation(sync_of(), (uintptr_t)barrier, &last);
    edges_release(edge_of(op.generation));
    happens_release(control.scheduler->happens, self->id, op.generation);
    control_yield(self, &op);
    control_detail("leaves");
    edges_acquire(edge_of(op.generation));
    control_leave();
    return last;
}

// Once. What was done once in one execution is done again in the next, so that
// all executions are alike.

void racelab_uv_once(uv_once_t *guard, void (*callback)(void)) {
    struct task *self = control_enter();
    if (!self) {
        uv_once(guard, callback);
        return;
    }
    control_wait(self, OP_ONCE, "uv_once", guard);
    if (sync_once_state(sync_of(), (uintptr_t)guard) != ONCE_RUNNING) {
        edges_acquire(guard);
        control_leave();
        return;
    }
    const void *place = self->place;
    control_leave();
    callback();
    control_return();
    self->place = place;
    control_wait(self, OP_ONCE_END, "uv_once", guard);
    control_detail("returns");
    edges_release(guard);
    control_release(guard);
    sync_once_finished(sync_of(), (uintptr_t)guard);
    control_leave();
}
