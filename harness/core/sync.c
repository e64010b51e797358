#include "sync.h"
#include "limit.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Objects are looked up at every choice, by eight bytes: uthash's own function
// takes longer over them than all the rest does.
static inline unsigned hash_of(uintptr_t address) {
    return (unsigned)(address * UINT64_C(0x9E3779B97F4A7C15) >> 32);
}
#define HASH_FUNCTION(key, bytes, hash)                                        \
    ((hash) = hash_of(*(const uintptr_t *)(key)))
#include <uthash.h>

enum {
    NOBODY = -1,
    // Objects of earlier executions are kept up to here: the next execution
    // finds most of its own among them.
    KEPT_OBJECTS = 1000,
};

struct sync_object {
    UT_hash_handle hh;
    uintptr_t address;
    unsigned execution; // in which it is; 0: gone
    const char *type;
    int serial;
    bool made; // by an init that the harness saw
    int maker;
    unsigned birth;
    bool recursive;
    int holder;     // of a mutex, the writer of a lock, the runner of a once
    unsigned depth; // how often the holder has it
    unsigned short reads[LIMIT_TASKS]; // how often each task reads
    unsigned readers;                  // their sum
    unsigned count;                    // semaphore: value; barrier: parties
    unsigned arrived;                  // barrier
    unsigned generation;               // barrier: no other has the same
    bool completed;                    // barrier: the last arrival was last
    unsigned left;                     // barrier: the generation it was of
    int waiting, signalled;            // condition: how many of the tables
    unsigned arrivals;
    enum sync_once_state once;
    // From here on never cleared, two kilobytes of it.
    // Condition: who waits, and as the how-manyth; and for each signal that
    // nobody has taken yet, up to which of them it is for. First first.
    struct waiter {
        int task;
        unsigned arrival;
    } waiters[LIMIT_TASKS];
    unsigned signals[LIMIT_TASKS];
    const void *places[LIMIT_TASKS]; // where each that holds it took it
    char name[LIMIT_NAME];
};

void sync_done(struct sync *sync) {
    struct sync_object *object, *next;
    HASH_ITER(hh, sync->by_address, object, next) {
        // The iteration looks ahead. NOLINTNEXTLINE(clang-analyzer-unix.Malloc)
        HASH_DEL(sync->by_address, object);
        free(object);
    }
}

void sync_reset(struct sync *sync) {
    if (HASH_COUNT(sync->by_address) > KEPT_OBJECTS)
        sync_done(sync);
    sync->execution++;
    sync->next_serial = 1;
    sync->next_generation = 1;
}

static struct sync_object *find_ever(struct sync *sync, uintptr_t address) {
    struct sync_object *object;
    HASH_FIND(hh, sync->by_address, &address, sizeof address, object);
    return object;
}

static struct sync_object *find(struct sync *sync, uintptr_t address) {
    struct sync_object *object = find_ever(sync, address);
    return object && object->execution == sync->execution ? object : NULL;
}

static void forget_all_of(struct sync_object *object) {
    const size_t kept = offsetof(struct sync_object, execution);
    const size_t used = offsetof(struct sync_object, waiters);
    memset((char *)object + kept, 0, used - kept);
}

static struct sync_object *add(struct sync *sync, uintptr_t address,
                               const char *type) {
    struct sync_object *object = find_ever(sync, address);
    if (object) {
        forget_all_of(object);
    } else {
        object = calloc(1, sizeof *object);
        if (!object)
            abort(); // memory for a few hundred bytes: nothing can go on
        object->address = address;
        HASH_ADD(hh, sync->by_address, address, sizeof address, object);
    }
    object->execution = sync->execution;
    object->holder = NOBODY;
    object->generation = sync->next_generation++;
    object->type = type;
    object->serial = sync->next_serial++;
    return object;
}

static const char *type_of(enum op_kind kind) {
    switch (kind) {
    case OP_READ_LOCK:
    case OP_WRITE_LOCK:
        return "rwlock";
    case OP_COND_WAIT:
    case OP_COND_WAKE:
    case OP_SIGNAL:
    case OP_BROADCAST:
        return "cond";
    case OP_SEM_WAIT:
        return "semaphore";
    case OP_BARRIER:
    case OP_BARRIER_LEAVE:
        return "barrier";
    case OP_ONCE:
    case OP_ONCE_END:
        return "once";
    default:
        return "mutex";
    }
}

static struct sync_object *get(struct sync *sync, uintptr_t address,
                               const char *type) {
    struct sync_object *object = find(sync, address);
    return object ? object : add(sync, address, type);
}

void sync_object_init(struct sync *sync, uintptr_t address, const char *type,
                      unsigned count, bool recursive, int maker,
                      unsigned birth) {
    sync_object_destroy(sync, address);
    struct sync_object *object = add(sync, address, type);
    object->made = true;
    object->count = count;
    object->recursive = recursive;
    object->maker = maker;
    object->birth = birth;
}

bool sync_made_by(struct sync *sync, uintptr_t address, int *maker,
                  unsigned *birth) {
    const struct sync_object *object = find(sync, address);
    if (!object || !object->made)
        return false;
    *maker = object->maker;
    *birth = object->birth;
    return true;
}

bool sync_known(struct sync *sync, uintptr_t address) {
    return find(sync, address);
}

bool sync_recursive(struct sync *sync, uintptr_t mutex) {
    const struct sync_object *object = find(sync, mutex);
    return object && object->recursive;
}

unsigned sync_generation(struct sync *sync, uintptr_t barrier) {
    return get(sync, barrier, "barrier")->generation;
}

unsigned sync_value(struct sync *sync, uintptr_t semaphore) {
    const struct sync_object *object = find(sync, semaphore);
    return object ? object->count : 0;
}

void sync_object_destroy(struct sync *sync, uintptr_t address) {
    struct sync_object *object = find(sync, address);
    if (object)
        object->execution = 0;
}

static bool mutex_free_for(const struct sync_object *mutex, int task) {
    return mutex->holder == NOBODY ||
           (mutex->recursive && mutex->holder == task);
}

// Whoever was the last to arrive may destroy the barrier at once, and even make
// another in its place.
static bool barrier_lets_go(struct sync *sync, const struct op *op) {
    const struct sync_object *barrier = find(sync, op->object);
    return !barrier || barrier->generation != op->generation;
}

static const struct waiter *waiter_of(const struct sync_object *cond,
                                      int task) {
    for (int i = 0; i < cond->waiting; i++)
        if (cond->waiters[i].task == task)
            return &cond->waiters[i];
    return NULL;
}

// The first signal that is for `task`, or -1. To take the first leaves the
// others the most: who may take it may take all later ones.
static int signal_for(const struct sync_object *cond, int task) {
    const struct waiter *waiter = waiter_of(cond, task);
    for (int i = 0; waiter && i < cond->signalled; i++)
        if (cond->signals[i] >= waiter->arrival)
            return i;
    return -1;
}

bool sync_enabled(struct sync *sync, int task, const struct op *op) {
    if (op->kind == OP_BARRIER_LEAVE)
        return barrier_lets_go(sync, op);
    const struct sync_object *object = get(sync, op->object, type_of(op->kind));
    switch (op->kind) {
    case OP_LOCK:
        return mutex_free_for(object, task);
    case OP_READ_LOCK:
        return object->holder == NOBODY;
    case OP_WRITE_LOCK:
        return object->holder == NOBODY && object->readers == 0;
    case OP_COND_WAKE:
        return signal_for(object, task) >= 0 &&
               mutex_free_for(get(sync, op->mutex, "mutex"), task);
    case OP_SEM_WAIT:
        return object->count > 0;
    case OP_ONCE:
        return object->once != ONCE_RUNNING;
    default:
        return true;
    }
}

static void hold(struct sync_object *mutex, int task, const void *place) {
    mutex->holder = task;
    if (mutex->depth++ == 0)
        mutex->places[task] = place;
}

static void begin_wait(struct sync_object *cond, int task) {
    cond->waiters[cond->waiting++] =
        (struct waiter){.task = task, .arrival = ++cond->arrivals};
}

static void leave_waiters(struct sync_object *cond, int task) {
    int kept = 0;
    for (int i = 0; i < cond->waiting; i++)
        if (cond->waiters[i].task != task)
            cond->waiters[kept++] = cond->waiters[i];
    cond->waiting = kept;
}

static void take_signal(struct sync_object *cond, int index) {
    cond->signalled--;
    for (int i = index; i < cond->signalled; i++)
        cond->signals[i] = cond->signals[i + 1];
}

static bool wake(struct sync *sync, struct sync_object *cond, int task,
                 const struct op *op) {
    int index = signal_for(cond, task);
    if (index >= 0)
        take_signal(cond, index);
    leave_waiters(cond, task);
    hold(get(sync, op->mutex, "mutex"), task, op->place);
    return index >= 0;
}

static void arrive(struct sync *sync, struct sync_object *barrier) {
    barrier->left = barrier->generation;
    barrier->completed = ++barrier->arrived >= barrier->count;
    if (!barrier->completed)
        return;
    barrier->arrived = 0;
    barrier->generation = sync->next_generation++;
}

bool sync_apply(struct sync *sync, int task, const struct op *op) {
    if (op->kind == OP_BARRIER_LEAVE)
        return true; // it may be gone
    struct sync_object *object = get(sync, op->object, type_of(op->kind));
    switch (op->kind) {
    case OP_LOCK:
    case OP_WRITE_LOCK:
        hold(object, task, op->place);
        break;
    case OP_READ_LOCK:
        if (object->reads[task]++ == 0)
            object->places[task] = op->place;
        object->readers++;
        break;
    case OP_COND_WAIT:
        sync_unlock(sync, task, op->mutex);
        begin_wait(object, task);
        break;
    case OP_COND_WAKE:
        return wake(sync, object, task, op);
    case OP_SEM_WAIT:
        object->count--;
        break;
    case OP_BARRIER:
        arrive(sync, object);
        break;
    case OP_ONCE:
        if (object->once == ONCE_NEW) {
            object->once = ONCE_RUNNING;
            object->holder = task;
            object->places[task] = op->place;
        }
        break;
    default:
        break;
    }
    return true;
}

static bool release(struct sync_object *object, int task) {
    if (!object || object->holder != task)
        return false;
    if (--object->depth == 0)
        object->holder = NOBODY;
    return true;
}

bool sync_unlock(struct sync *sync, int task, uintptr_t mutex) {
    return release(find(sync, mutex), task);
}

bool sync_write_unlock(struct sync *sync, int task, uintptr_t lock) {
    return release(find(sync, lock), task);
}

bool sync_read_unlock(struct sync *sync, int task, uintptr_t lock) {
    struct sync_object *object = find(sync, lock);
    if (!object || object->reads[task] == 0)
        return false;
    object->reads[task]--;
    object->readers--;
    return true;
}

void sync_signal(struct sync *sync, uintptr_t cond) {
    struct sync_object *object = get(sync, cond, "cond");
    if (object->signalled < object->waiting)
        object->signals[object->signalled++] = object->arrivals;
}

void sync_broadcast(struct sync *sync, uintptr_t cond) {
    struct sync_object *object = get(sync, cond, "cond");
    object->signalled = object->waiting;
    for (int i = 0; i < object->signalled; i++)
        object->signals[i] = object->arrivals;
}

void sync_post(struct sync *sync, uintptr_t semaphore) {
    get(sync, semaphore, "semaphore")->count++;
}

bool sync_semaphore_unknown(struct sync *sync, uintptr_t semaphore) {
    struct sync_object *object = find(sync, semaphore);
    return !object || !object->made;
}

void sync_once_finished(struct sync *sync, uintptr_t guard) {
    struct sync_object *object = get(sync, guard, "once");
    object->once = ONCE_DONE;
    object->holder = NOBODY;
}

enum sync_once_state sync_once_state(struct sync *sync, uintptr_t guard) {
    return get(sync, guard, "once")->once;
}

unsigned sync_barrier_generation(struct sync *sync, uintptr_t barrier,
                                 bool *completed) {
    struct sync_object *object = get(sync, barrier, "barrier");
    *completed = object->completed;
    return object->left;
}

const char *sync_name(struct sync *sync, uintptr_t address) {
    struct sync_object *object = find(sync, address);
    if (!object)
        return "?";
    snprintf(object->name, sizeof object->name, "%s#%d", object->type,
             object->serial);
    return object->name;
}

int sync_holders(struct sync *sync, uintptr_t address, int *tasks, int most) {
    struct sync_object *object = find(sync, address);
    int count = 0;
    if (!object)
        return 0;
    if (object->holder != NOBODY && count < most)
        tasks[count++] = object->holder;
    for (int task = 0; task < LIMIT_TASKS && count < most; task++)
        if (object->reads[task] > 0)
            tasks[count++] = task;
    return count;
}

const void *sync_taken_at(struct sync *sync, uintptr_t address, int task) {
    const struct sync_object *object = find(sync, address);
    return object ? object->places[task] : NULL;
}
