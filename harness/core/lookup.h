// lookup.h - from numbers to entries, for what is forgotten at once and soon.
//
// Rules
//   - An entry stays where it is until the next lookup_add.
//   - It grows when there are more entries than ever before, and never shrinks.
#ifndef RACELAB_LOOKUP_H
#define RACELAB_LOOKUP_H

#include <stddef.h>
#include <stdint.h>

// What is of an earlier round counts as empty.
struct lookup_slot {
    uintptr_t key;
    uint64_t round;
    unsigned number; // counted from 0 in the order in which keys come
};

struct lookup {
    struct lookup_slot *slots; // a power of two of them
    size_t room;
    unsigned count; // of this round
    uint64_t round;
    char *entries; // room / 2 of them, found by their number
    size_t entry_bytes;
};

// 0, or -1: no memory.
int lookup_init(struct lookup *lookup, size_t entry_bytes);
void lookup_done(struct lookup *lookup);

// Forgets all keys.
void lookup_clear(struct lookup *lookup);

// The slot of `key`, or the empty one that it would have.
static inline struct lookup_slot *lookup_slot_of(const struct lookup *lookup,
                                                 uintptr_t key) {
    uint64_t hash = (uint64_t)key * UINT64_C(0x9E3779B97F4A7C15);
    size_t at = (size_t)(hash >> 32);
    for (;; at++) {
        struct lookup_slot *slot = &lookup->slots[at & (lookup->room - 1)];
        if (slot->round != lookup->round || slot->key == key)
            return slot;
    }
}

static inline void *lookup_entry_of(const struct lookup *lookup,
                                    const struct lookup_slot *slot) {
    return lookup->entries + slot->number * lookup->entry_bytes;
}

// The entry of `key`, or NULL. Asked at each access: hence inline.
static inline void *lookup_find(const struct lookup *lookup, uintptr_t key) {
    const struct lookup_slot *slot = lookup_slot_of(lookup, key);
    return slot->round == lookup->round ? lookup_entry_of(lookup, slot) : NULL;
}

// Adds `key`, which is not there. What is in the entry is of earlier rounds.
void *lookup_add(struct lookup *lookup, uintptr_t key);

#endif
