#include "kit_heap.h"

#include "server/heap.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

// More than the allocations of any execution that a request is worth.
enum { BLOCKS_MAX = 1024 };

// All relaxed, as in kit.c: nothing here orders two threads.
static struct {
    atomic_uint count;
    _Atomic(void *) blocks[BLOCKS_MAX]; // NULL: freed
    atomic_bool kept, invalid_free;
} heap;

void kit_heap_begin(void) {
    atomic_store_explicit(&heap.count, 0, memory_order_relaxed);
}

static unsigned remembered(void) {
    unsigned count = atomic_load_explicit(&heap.count, memory_order_relaxed);

    return count < BLOCKS_MAX ? count : BLOCKS_MAX;
}

static bool is_full(void) {
    return remembered() == BLOCKS_MAX;
}

// What was left stays: the server may have freed it, or use it still. Whoever
// allocated too much to be followed has left some.
void kit_heap_end(void) {
    bool kept = is_full();

    for (unsigned i = 0; i < remembered() && !kept; i++)
        kept =
            atomic_load_explicit(&heap.blocks[i], memory_order_relaxed) != NULL;
    if (kept)
        atomic_store_explicit(&heap.kept, true, memory_order_relaxed);
}

bool kit_saw_memory_kept(void) {
    return atomic_load_explicit(&heap.kept, memory_order_relaxed);
}

bool kit_saw_invalid_free(void) {
    return atomic_load_explicit(&heap.invalid_free, memory_order_relaxed);
}

void kit_note_invalid_free(void) {
    atomic_store_explicit(&heap.invalid_free, true, memory_order_relaxed);
}

static void *remember(void *block) {
    if (block == NULL)
        return NULL;
    unsigned at =
        atomic_fetch_add_explicit(&heap.count, 1, memory_order_relaxed);
    if (at < BLOCKS_MAX)
        atomic_store_explicit(&heap.blocks[at], block, memory_order_relaxed);
    return block;
}

// False: it is not among those that were handed out and not freed.
static bool forget(void *block) {
    for (unsigned i = remembered(); i > 0; i--) {
        void *expected = block;
        if (atomic_compare_exchange_strong_explicit(
                &heap.blocks[i - 1], &expected, NULL, memory_order_relaxed,
                memory_order_relaxed))
            return true;
    }
    return is_full();
}

// Refused, and noted: it is not theirs, and the process goes on unharmed.
static bool may_free(void *block) {
    bool theirs = block == NULL || forget(block);

    if (!theirs)
        kit_note_invalid_free();
    return theirs;
}

void *classroom_malloc(size_t bytes) {
    return remember(malloc(bytes));
}

void *classroom_calloc(size_t count, size_t bytes) {
    return remember(calloc(count, bytes));
}

void *classroom_realloc(void *block, size_t bytes) {
    return may_free(block) ? remember(realloc(block, bytes)) : NULL;
}

void classroom_free(void *block) {
    if (may_free(block))
        free(block);
}

char *classroom_strdup(const char *text) {
    return remember(strdup(text));
}

char *classroom_strndup(const char *text, size_t bytes) {
    return remember(strndup(text, bytes));
}

void *classroom_heap_new(size_t bytes) {
    return remember(heap_new(bytes));
}

void *classroom_heap_grow(void *block, size_t bytes) {
    return may_free(block) ? remember(heap_grow(block, bytes))
                           : remember(heap_new(bytes));
}
