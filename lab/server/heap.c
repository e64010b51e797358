#include "heap.h"

#include <stdio.h>
#include <stdlib.h>

static void *must(void *memory) {
    if (memory == NULL) {
        fputs("out of memory\n", stderr);
        abort();
    }
    return memory;
}

void *heap_new(size_t bytes) {
    return must(calloc(1, bytes));
}

void *heap_grow(void *memory, size_t bytes) {
    return must(realloc(memory, bytes));
}
