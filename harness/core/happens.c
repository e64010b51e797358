#include "happens.h"
#include "memory.h"
#include "lookup.h"
#include "trace.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

// How far a task knows of each other; of those beyond the width, nothing.
struct clock {
    int width;
    unsigned at[LIMIT_TASKS];
};

struct object {
    struct clock released;      // by unlocks, posts …
    struct clock read_released; // by read unlocks: a write lock alone sees it
    unsigned depth;             // how often a mutex is locked
};

struct access {
    struct happens_access what;
    unsigned clock; // its task's own, when it was made
    bool is_atomic;
};

// The last write, what was read since, and with atomics more; those for which
// a later one stands are left out.
struct place {
    int maker; // of its name; -1: it has none
    unsigned birth;
    bool raced;
    int access_count;
    // Of each task at most one of a kind: plain or atomic, write or read.
    struct access accesses[4 * LIMIT_TASKS];
};

// A task let go of what it had done by that step, and its clock went on.
struct release {
    int task, step;
    unsigned clock;
};

struct happens_memory {
    struct lookup objects, places;
    // Where edges are kept.
    struct release *releases; // LIMIT_EDGES of them
    int release_count;
    // From here on of each task, and filled when it starts.
    int last_steps[LIMIT_TASKS]; // the number; 0: none so far
    struct clock tasks[LIMIT_TASKS];
};

int happens_init(struct happens *happens) {
    happens->race_count = happens->edge_count = 0;
    happens->edges = NULL;
    happens->memory = malloc(sizeof *happens->memory);
    if (!happens->memory)
        return -1;
    memset(happens->memory, 0, offsetof(struct happens_memory, last_steps));
    if (!lookup_init(&happens->memory->objects, sizeof(struct object)) &&
        !lookup_init(&happens->memory->places, sizeof(struct place)))
        return 0;
    happens_done(happens);
    return -1;
}

void happens_done(struct happens *happens) {
    if (!happens->memory)
        return;
    lookup_done(&happens->memory->objects);
    lookup_done(&happens->memory->places);
    memory_unmap(happens->edges, LIMIT_EDGES * sizeof *happens->edges);
    memory_unmap(happens->memory->releases,
                 LIMIT_EDGES * sizeof *happens->memory->releases);
    free(happens->memory);
    happens->memory = NULL;
}

void happens_clear(struct happens *happens) {
    happens->race_count = 0;
    happens->edge_count = 0;
    happens->memory->release_count = 0;
    lookup_clear(&happens->memory->objects);
    lookup_clear(&happens->memory->places);
}

static void widen(struct clock *clock, int width) {
    while (clock->width < width)
        clock->at[clock->width++] = 0;
}

static void join(struct clock *clock, const struct clock *other) {
    for (int i = 0; i < other->width; i++)
        if (i >= clock->width || clock->at[i] < other->at[i])
            clock->at[i] = other->at[i];
    if (clock->width < other->width)
        clock->width = other->width;
}

static struct clock *clock_of(struct happens *happens, int task) {
    return &happens->memory->tasks[task];
}

int happens_keep_edges(struct happens *happens) {
    struct happens_memory *memory = happens->memory;
    happens->edges = memory_map(LIMIT_EDGES * sizeof *happens->edges);
    memory->releases = memory_map(LIMIT_EDGES * sizeof *memory->releases);
    return happens->edges && memory->releases ? 0 : -1;
}

void happens_step(struct happens *happens, int task, int step) {
    if (happens->memory->last_steps[task] == 0) // what started it comes first
        for (int i = 0; i < happens->edge_count; i++)
            if (happens->edges[i].task == task && happens->edges[i].to == 0)
                happens->edges[i].to = step;
    happens->memory->last_steps[task] = step;
}

static void keep_release(struct happens *happens, int task) {
    struct happens_memory *memory = happens->memory;
    if (!happens->edges || memory->release_count == LIMIT_EDGES)
        return;
    memory->releases[memory->release_count++] = (struct release){
        task, memory->last_steps[task], clock_of(happens, task)->at[task]};
}

// The step by which `task` had done all that its clock stands for.
static int step_of(const struct happens *happens, int task, unsigned clock) {
    const struct happens_memory *memory = happens->memory;
    for (int i = memory->release_count - 1; i >= 0; i--)
        if (memory->releases[i].task == task &&
            memory->releases[i].clock == clock)
            return memory->releases[i].step;
    return memory->last_steps[task];
}

static void add_edge(struct happens *happens, int from, int to, int task) {
    if (happens->edges && from > 0 && happens->edge_count < LIMIT_EDGES)
        happens->edges[happens->edge_count++] =
            (struct happens_edge){from, to, task};
}

static void keep_edges(struct happens *happens, int task,
                       const struct clock *seen) {
    const struct clock *own = clock_of(happens, task);
    if (!happens->edges)
        return;
    for (int i = 0; i < seen->width; i++)
        if (i != task && seen->at[i] > 0 &&
            (i >= own->width || seen->at[i] > own->at[i]))
            add_edge(happens, step_of(happens, i, seen->at[i]),
                     happens->memory->last_steps[task], task);
}

// `task` sees all that `seen` stands for.
static void see(struct happens *happens, int task, const struct clock *seen) {
    keep_edges(happens, task, seen);
    join(clock_of(happens, task), seen);
}

// What `task` does from here on is not part of what it has released.
static void tick(struct happens *happens, int task) {
    keep_release(happens, task);
    clock_of(happens, task)->at[task]++;
}

void happens_start(struct happens *happens, int parent, int task) {
    struct clock *clock = clock_of(happens, task);
    clock->width = 0;
    happens->memory->last_steps[task] = 0;
    if (parent >= 0) {
        add_edge(happens, happens->memory->last_steps[parent], 0, task);
        join(clock, clock_of(happens, parent));
        tick(happens, parent);
    }
    widen(clock, task + 1);
    clock->at[task] = 1;
}

static void forget(struct object *object) {
    object->released.width = 0;
    object->read_released.width = 0;
    object->depth = 0;
}

static struct object *object_of(struct happens *happens, uintptr_t address) {
    struct lookup *objects = &happens->memory->objects;
    struct object *object = lookup_find(objects, address);
    if (!object) {
        object = lookup_add(objects, address);
        forget(object);
    }
    return object;
}

void happens_forget(struct happens *happens, uintptr_t address) {
    struct object *object = lookup_find(&happens->memory->objects, address);
    if (object)
        forget(object);
}

void happens_release(struct happens *happens, int task, uintptr_t address) {
    join(&object_of(happens, address)->released, clock_of(happens, task));
    tick(happens, task);
}

void happens_acquire(struct happens *happens, int task, uintptr_t address) {
    const struct object *object =
        lookup_find(&happens->memory->objects, address);
    if (object)
        see(happens, task, &object->released);
}

static void read_release(struct happens *happens, int task, uintptr_t address) {
    join(&object_of(happens, address)->read_released, clock_of(happens, task));
    tick(happens, task);
}

static void lock(struct happens *happens, int task, uintptr_t address) {
    object_of(happens, address)->depth++;
    happens_acquire(happens, task, address);
}

// The inner unlock of a recursive mutex is no edge.
static void unlock(struct happens *happens, int task, uintptr_t address) {
    struct object *object = object_of(happens, address);
    if (object->depth > 0 && --object->depth > 0)
        return;
    happens_release(happens, task, address);
}

static void write_lock(struct happens *happens, int task, uintptr_t address) {
    lock(happens, task, address);
    see(happens, task, &object_of(happens, address)->read_released);
}

void happens_order(struct happens *happens, int task, const struct op *op) {
    switch (op->kind) {
    case OP_LOCK:
        lock(happens, task, op->object);
        break;
    case OP_UNLOCK:
        unlock(happens, task, op->object);
        break;
    case OP_WRITE_LOCK:
        write_lock(happens, task, op->object);
        break;
    case OP_READ_UNLOCK:
        read_release(happens, task, op->object);
        break;
    case OP_COND_WAIT:
        unlock(happens, task, op->mutex);
        break;
    case OP_COND_WAKE:
        lock(happens, task, op->mutex);
        break;
    case OP_POST:
        happens_release(happens, task, op->object);
        break;
    case OP_READ_LOCK:
    case OP_SEM_WAIT:
    case OP_ONCE:
        happens_acquire(happens, task, op->object);
        break;
    case OP_BARRIER_LEAVE:
        happens_acquire(happens, task, op->generation);
        break;
    case OP_JOIN:
        see(happens, task, clock_of(happens, op->target));
        break;
    default:
        break;
    }
}

static bool is_of(const struct place *place, const struct name *name) {
    return name ? place->maker == name->maker && place->birth == name->birth
                : place->maker < 0;
}

static struct place *place_of(struct happens *happens, uintptr_t address,
                              const struct name *name) {
    struct lookup *places = &happens->memory->places;
    struct place *place = lookup_find(places, address);
    if (place && is_of(place, name))
        return place;
    if (!place)
        place = lookup_add(places, address);
    place->maker = name ? name->maker : -1;
    place->birth = name ? name->birth : 0;
    place->raced = false;
    place->access_count = 0;
    return place;
}

// Does `earlier` happen before what `task` does now?
static bool is_before(struct happens *happens, const struct access *earlier,
                      int task) {
    const struct clock *clock = clock_of(happens, task);
    int other = earlier->what.task;
    return other < clock->width && earlier->clock <= clock->at[other];
}

static bool races_with(struct happens *happens, const struct access *earlier,
                       const struct access *access) {
    return (earlier->what.write || access->what.write) &&
           !(earlier->is_atomic && access->is_atomic) &&
           !is_before(happens, earlier, access->what.task);
}

// An access before `access` that nothing orders before it; or NULL.
static const struct access *unordered(struct happens *happens,
                                      const struct place *place,
                                      const struct access *access) {
    for (int i = 0; i < place->access_count; i++)
        if (races_with(happens, &place->accesses[i], access))
            return &place->accesses[i];
    return NULL;
}

// An atomic load comes behind the store that it sees the value of, and is made
// where it already does. Of a store or an update that is true of what follows;
// a store begins anew, what an update does is added to that.
static void order_before(struct happens *happens, int task,
                         const struct op *op) {
    if (op->access == ACCESS_LOAD && !op->no_acquire)
        happens_acquire(happens, task, op->object);
}

static void order_after(struct happens *happens, int task,
                        const struct op *op) {
    if (op->access == ACCESS_UPDATE && !op->no_acquire)
        happens_acquire(happens, task, op->object);
    if (op->no_release)
        return;
    if (op->access == ACCESS_STORE)
        happens_forget(happens, op->object);
    if (op->access == ACCESS_STORE || op->access == ACCESS_UPDATE)
        happens_release(happens, task, op->object);
}

static void keep_race(struct happens *happens, const struct name *name,
                      const struct access *earlier,
                      const struct access *later) {
    if (happens->race_count == LIMIT_RACES)
        return; // so much memory that raced: the first say enough
    struct happens_race *race = &happens->races[happens->race_count++];
    static const char unnamed[LIMIT_NAME] = "memory without a name";
    memcpy(race->object, name ? name->text : unnamed, sizeof race->object);
    race->accesses[0] = earlier->what;
    race->accesses[1] = later->what;
}

// Does whoever races with `earlier` race with `later` as well, which comes
// behind it?
static bool stands_for(struct happens *happens, const struct access *later,
                       const struct access *earlier) {
    return (later->what.write || !earlier->what.write) &&
           (earlier->is_atomic || !later->is_atomic) &&
           is_before(happens, earlier, later->what.task);
}

static void keep(struct happens *happens, struct place *place,
                 const struct access *access) {
    int kept = 0;
    for (int i = 0; i < place->access_count; i++)
        if (!stands_for(happens, access, &place->accesses[i]))
            place->accesses[kept++] = place->accesses[i];
    place->accesses[kept++] = *access;
    place->access_count = kept;
}

// Keeps what the access is to be compared with later, or the race. Is it one?
static bool keep_access(struct happens *happens, struct place *place,
                        const struct name *name, const struct access *access) {
    const struct access *earlier = unordered(happens, place, access);
    if (earlier) {
        place->raced = true;
        keep_race(happens, name, earlier, access);
    } else {
        keep(happens, place, access);
    }
    return earlier != NULL;
}

// Each byte is a place of its own; but of a word that raced nothing more is
// said.
static void keep_bytes(struct happens *happens, const struct op *op,
                       const struct name *name, const struct access *access) {
    enum { WORD = 8 };
    uintptr_t word = op->object - op->object % WORD;
    for (unsigned i = 0; i < op->bytes; i++) {
        struct place *place = place_of(happens, op->object + i, name);
        if (place->raced)
            return;
        if (!keep_access(happens, place, name, access))
            continue;
        for (i = 0; i < WORD; i++)
            place_of(happens, word + i, name)->raced = true;
        return;
    }
}

void happens_access(struct happens *happens, int task, const struct op *op,
                    const struct name *name, int step) {
    if (op->object == 0)
        return; // it announces nothing
    bool is_atomic = op_access_is_atomic(op->access);
    if (is_atomic)
        order_before(happens, task, op);
    const struct access access = {
        {task, op_access_writes(op->access), op->name, step},
        clock_of(happens, task)->at[task],
        is_atomic};
    struct place *place =
        op->bytes > 0 ? NULL : place_of(happens, op->object, name);
    if (!place)
        keep_bytes(happens, op, name, &access);
    else if (!place->raced)
        keep_access(happens, place, name, &access);
    if (is_atomic)
        order_after(happens, task, op);
}

// By which way a step comes before the one that is asked about: the next step
// on it, and whether an edge leads there.
struct way {
    int next; // 0: there is none
    bool by_edge;
};

// Goes back from `to`: a step comes behind its task's one before, and behind
// whatever an edge comes from. Who lets go of a lock has let go of what others
// did before, too, and that is an edge of theirs; so of two ways the one by the
// earlier next step is kept, which has all that lies between.
static void find_ways(const struct happens *happens, const struct trace *trace,
                      int from, int to, struct way *ways) {
    ways[to].next = to;
    for (int step = to; step > from; step--) {
        if (ways[step].next == 0)
            continue;
        for (int i = step - 1; i >= from; i--)
            if (trace->steps[i - 1].task == trace->steps[step - 1].task) {
                ways[i] = (struct way){step, false};
                break;
            }
        for (int i = 0; i < happens->edge_count; i++)
            if (happens->edges[i].to == step)
                ways[happens->edges[i].from] = (struct way){step, true};
    }
}

bool happens_by(const struct happens *happens, const struct trace *trace,
                int from, int to, struct happens_edge *edge) {
    *edge = (struct happens_edge){0};
    if (from > to)
        return false;
    struct way *ways = calloc((size_t)to + 1, sizeof *ways);
    if (!ways)
        abort(); // a few kilobytes: nothing can go on
    find_ways(happens, trace, from, to, ways);
    bool is_before = ways[from].next != 0;
    for (int step = from; is_before && step != to; step = ways[step].next)
        if (ways[step].by_edge)
            *edge = (struct happens_edge){step, ways[step].next,
                                          trace->steps[to - 1].task};
    free(ways);
    return is_before;
}

bool happens_before(const struct happens *happens, const struct trace *trace,
                    int from, int to) {
    struct happens_edge edge;
    return happens_by(happens, trace, from, to, &edge);
}
