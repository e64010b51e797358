// kit_heap.h - the memory that a submission gets, and a witness to it.
//
// What it allocates it frees, in the same execution: each request would cost
// that memory for ever else. What it frees it has allocated, and not freed yet;
// all else is left alone and noted, so that the execution comes to the same end
// every time, whatever malloc would have made of it.
#ifndef LAB_CLASSROOM_KIT_HEAP_H
#define LAB_CLASSROOM_KIT_HEAP_H

#include <stdbool.h>
#include <stddef.h>

// Before an execution, and after it, when no job is left.
void kit_heap_begin(void);
void kit_heap_end(void);

// Of all executions until now: has memory been left; has something been freed
// that was not theirs to free?
bool kit_saw_memory_kept(void);
bool kit_saw_invalid_free(void);
void kit_note_invalid_free(void);

void *classroom_malloc(size_t bytes);
void *classroom_calloc(size_t count, size_t bytes);
void *classroom_realloc(void *block, size_t bytes);
void classroom_free(void *block);
char *classroom_strdup(const char *text);
char *classroom_strndup(const char *text, size_t bytes);
void *classroom_heap_new(size_t bytes);
void *classroom_heap_grow(void *block, size_t bytes);

#endif
