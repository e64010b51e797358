#include "models.h"

#include <racelab/point.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <uv.h>

enum { MOST = 128 };

static int cells[MOST + 1], seen[MOST + 1];
static int shared, total;
static uv_mutex_t lock, other;

// A load and a store of a variable that others share, both relaxed: what is
// counted is orders, not races.

static int load(const int *variable) {
    POINT_READ("variable.load", variable);
    return __atomic_load_n(variable, __ATOMIC_RELAXED);
}

static void store(int *variable, int value) {
    POINT_WRITE("variable.store", variable);
    __atomic_store_n(variable, value, __ATOMIC_RELAXED);
}

static void clear(int size) {
    (void)size;
    memset(cells, 0, sizeof cells);
    memset(seen, 0, sizeof seen);
    shared = total = 0;
}

static void say_nothing(char *text, int size) {
    (void)size;
    strcpy(text, "done");
}

static void say_seen(char *text, int size) {
    for (int i = 0; i < size; i++)
        text += sprintf(text, "%d ", seen[i]);
}

// readers(n): one writes x, n read it.

static void reader(int number, int size) {
    if (number == size)
        store(&shared, 1);
    else
        seen[number] = load(&shared);
}

// lastzero(n): n threads each set a[i] = a[i-1] + 1; one looks for the last
// zero from the end.

static void last_zero(int number, int size) {
    if (number > 0 && number < MOST) {
        store(&cells[number], load(&cells[number - 1]) + 1);
        return;
    }
    int at = size;
    while (load(&cells[at]) != 0)
        at--;
    seen[0] = at;
}

static void say_last_zero(char *text, int size) {
    (void)size;
    sprintf(text, "%d", seen[0]);
}

// indexer(n): n threads fill a hash table of 128 slots, four entries each.

static bool put_if_free(int slot, int value) {
    POINT_WRITE("slot.cas", &cells[slot]);
    int none = 0;
    return __atomic_compare_exchange_n(&cells[slot], &none, value, false,
                                       __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

static void indexer(int number, int size) {
    (void)size;
    for (int m = 0; m < 4;) {
        int value = ++m * 11 + number;
        int slot = value * 7 % MOST;
        while (!put_if_free(slot, value))
            slot = (slot + 1) % MOST;
    }
}

// file-system(n): n threads allocate one of 26 blocks each to an inode, under
// locks.

enum { BLOCKS = 26, INODES = 32 };
static uv_mutex_t inode_locks[INODES], block_locks[BLOCKS];
static int inodes[INODES], busy[BLOCKS];

static void file_system_clear(int size) {
    clear(size);
    memset(inodes, 0, sizeof inodes);
    memset(busy, 0, sizeof busy);
}

static bool take_block(int block, int inode) {
    uv_mutex_lock(&block_locks[block]);
    bool is_free = load(&busy[block]) == 0;
    if (is_free) {
        store(&busy[block], 1);
        store(&inodes[inode], block + 1);
    }
    uv_mutex_unlock(&block_locks[block]);
    return is_free;
}

static void file_system(int number, int size) {
    (void)size;
    int inode = number % INODES;
    uv_mutex_lock(&inode_locks[inode]);
    if (load(&inodes[inode]) == 0) {
        int block = inode * 2 % BLOCKS;
        while (!take_block(block, inode))
            block = (block + 1) % BLOCKS;
    }
    uv_mutex_unlock(&inode_locks[inode]);
}

// n threads that take one lock once.

static void one_lock(int number, int size) {
    (void)size;
    uv_mutex_lock(&lock);
    seen[total++] = number;
    uv_mutex_unlock(&lock);
}

// n threads that each load and then store one variable.

static void increment(int number, int size) {
    (void)number;
    (void)size;
    store(&shared, load(&shared) + 1);
}

static void say_shared(char *text, int size) {
    (void)size;
    sprintf(text, "%d", shared);
}

// The three classics of memory models, under sequential consistency.

static void store_buffering(int number, int size) {
    (void)size;
    store(&cells[number], 1);
    seen[number] = load(&cells[1 - number]);
}

static void message_passing(int number, int size) {
    (void)size;
    if (number == 0) {
        store(&cells[0], 1);
        store(&cells[1], 1);
    } else {
        seen[0] = load(&cells[1]);
        seen[1] = load(&cells[0]);
    }
}

static void load_buffering(int number, int size) {
    (void)size;
    seen[number] = load(&cells[number]);
    store(&cells[1 - number], 1);
}

// Two locks in two orders.

static void lock_order(int number, int size) {
    (void)size;
    uv_mutex_lock(number ? &lock : &other);
    uv_mutex_lock(number ? &other : &lock);
    uv_mutex_unlock(number ? &other : &lock);
    uv_mutex_unlock(number ? &lock : &other);
}

// One who writes and posts twice, two who wait and then read.

static uv_sem_t semaphore;

static void semaphores(int number, int size) {
    (void)size;
    for (int i = 1; number == 0 && i <= 2; i++) {
        store(&shared, i);
        uv_sem_post(&semaphore);
    }
    if (number > 0 && number < MOST) {
        uv_sem_wait(&semaphore);
        seen[number] = load(&shared);
    }
}

// One who tries, two who lock.

static void tries(int number, int size) {
    (void)size;
    if (number == 0 && uv_mutex_trylock(&lock) == 0)
        uv_mutex_unlock(&lock);
    else if (number > 0)
        one_lock(number, size);
}

// Two who read under one lock, each until the other has come that far, and one
// who writes: before both, or behind both.

static uv_rwlock_t shelf;
static uv_sem_t came, left;

static void overlap(int number, int size) {
    (void)size;
    if (number == 2) {
        uv_rwlock_wrlock(&shelf);
        seen[0] = load(&cells[0]);
        seen[1] = load(&cells[1]);
        uv_rwlock_wrunlock(&shelf);
        return;
    }
    uv_rwlock_rdlock(&shelf);
    store(&cells[number], 1);
    if (number == 0)
        uv_sem_wait(&came);
    else
        uv_sem_post(&came);
    if (number == 1)
        uv_sem_wait(&left);
    uv_rwlock_rdunlock(&shelf);
    if (number == 0)
        uv_sem_post(&left);
}

// One who lets three go on who wait for it.

static uv_cond_t gate;

static void broadcast(int number, int size) {
    uv_mutex_lock(&lock);
    if (number == size) {
        __atomic_store_n(&shared, 1, __ATOMIC_RELAXED);
        uv_cond_broadcast(&gate);
    } else {
        while (!__atomic_load_n(&shared, __ATOMIC_RELAXED))
            uv_cond_wait(&gate, &lock);
        seen[total++] = number;
    }
    uv_mutex_unlock(&lock);
}

// Each writes, and behind the barrier reads what the other wrote.

static uv_barrier_t both;

static void barrier(int number, int size) {
    (void)size;
    store(&cells[number], 1);
    uv_barrier_wait(&both);
    seen[number] = load(&cells[1 - number]);
}

const struct model models[] = {
    {"readers", clear, reader, say_seen, -1},
    {"lastzero", clear, last_zero, say_last_zero, -1},
    {"indexer", clear, indexer, say_nothing, 0},
    {"file-system", file_system_clear, file_system, say_nothing, 0},
    {"one lock", clear, one_lock, say_seen, 0},
    {"increment", clear, increment, say_shared, 0},
    {"store buffering", clear, store_buffering, say_seen, 2},
    {"message passing", clear, message_passing, say_seen, 2},
    {"load buffering", clear, load_buffering, say_seen, 2},
    {"semaphores", clear, semaphores, say_seen, 3},
    {"tries", clear, tries, say_seen, 3},
    {"lock order", clear, lock_order, say_nothing, 2},
    {"overlap", clear, overlap, say_seen, 3},
    {"broadcast", clear, broadcast, say_seen, -1},
    {"barrier", clear, barrier, say_seen, 2},
    {NULL, NULL, NULL, NULL, 0},
};

const struct model *model_find(const char *name) {
    const struct model *model = models;
    while (model->name && strcmp(model->name, name) != 0)
        model++;
    return model->name ? model : NULL;
}

struct start {
    const struct sized_model *of;
    int number;
};

static void run_thread(void *argument) {
    const struct start *start = argument;
    start->of->model->thread(start->number, start->of->size);
}

static void init_locks(void) {
    uv_mutex_init(&lock);
    uv_mutex_init(&other);
    uv_sem_init(&semaphore, 0);
    uv_sem_init(&came, 0);
    uv_sem_init(&left, 0);
    uv_rwlock_init(&shelf);
    uv_cond_init(&gate);
    uv_barrier_init(&both, 2);
    for (int i = 0; i < INODES; i++)
        uv_mutex_init(&inode_locks[i]);
    for (int i = 0; i < BLOCKS; i++)
        uv_mutex_init(&block_locks[i]);
}

static int run(const struct racelab_program *program) {
    const struct sized_model *of = program->data;
    int threads = of->model->threads > 0    ? of->model->threads
                  : of->model->threads == 0 ? of->size
                                            : of->size + 1;
    uv_thread_t handles[MOST];
    struct start starts[MOST];
    char text[MOST * 4];
    of->model->set_up(of->size);
    init_locks();
    for (int i = 0; i < threads; i++) {
        starts[i] = (struct start){of, i};
        uv_thread_create(&handles[i], run_thread, &starts[i]);
    }
    for (int i = 0; i < threads; i++)
        uv_thread_join(&handles[i]);
    of->model->say(text,
                   of->model->threads > 0 ? of->model->threads : of->size);
    OUTCOME(text);
    return 0;
}

struct racelab_program model_program(const struct sized_model *of) {
    return (struct racelab_program){
        .name = "model", .summary = of->model->name, .run = run, .data = of};
}
