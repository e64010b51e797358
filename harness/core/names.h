// names.h - named memory: from an address to "context#1.keys".
//
// A program names pieces of its memory; reports and traces show the names and
// never an address. Of nested names the innermost wins. Pieces of one name are
// numbered in the order in which they were named, so that the numbers are the
// same in every execution that follows the same schedule.
#ifndef RACELAB_NAMES_H
#define RACELAB_NAMES_H

#include "limit.h"

#include <stdint.h>

struct name {
    uintptr_t base, bytes;
    char text[LIMIT_NAME]; // "context.keys"
    unsigned length;       // of that: it tells most names apart
    int number;            // 1 is the first of that name
    int maker;             // the id of the task that named it
    unsigned birth;        // as which of the things that it made
    int whole;             // the entry that it is part of: context of
                           // context.keys; or its own
};

struct names {
    struct name table[LIMIT_NAMED];
    int count;
    uintptr_t low, high; // all of them lie between these
};

void names_clear(struct names *names);

// Names `bytes` at `base`. What covers the same bytes gives way. NULL: full;
// else the entry, borrowed until the next call, for its maker to be filled in.
struct name *names_add(struct names *names, uintptr_t base, uintptr_t bytes,
                       const char *text);

// The innermost name that covers `address`, or NULL. Borrows until the next
// names_add.
const struct name *names_find(const struct names *names, uintptr_t address);

// How many bytes the largest piece has that begins at `base`; 1: none does.
uintptr_t names_extent(const struct names *names, uintptr_t base);

// The innermost name that covers `*address`, or else the lowest of those that
// overlap the `*bytes` from there on; NULL: none does. Then the two are cut to
// the whole that the name is part of.
const struct name *names_clip(const struct names *names, uintptr_t *address,
                              uintptr_t *bytes);

// Copies as much of `from` as there is room for. Returns how many bytes that
// were.
unsigned names_copy(char *to, unsigned long room, const char *from);

// "A" and "job" -> "A.job", at most LIMIT_NAME bytes; of a long first half the
// rest is cut.
void names_join(char *to, const char *whole, const char *part);

// "thread." and 12 -> "thread.12", at most LIMIT_NAME bytes.
void names_number(char *to, const char *stem, int number);

// Writes "context#1.keys" to `text`, at most `room` bytes.
void names_print(const struct name *name, char *text, unsigned long room);

#endif
