#include "lookup.h"

#include <stdlib.h>

enum { ROOM_AT_FIRST = 32 };

int lookup_init(struct lookup *lookup, size_t entry_bytes) {
    lookup->room = ROOM_AT_FIRST;
    lookup->round = 1;
    lookup->count = 0;
    lookup->entry_bytes = entry_bytes;
    lookup->slots = calloc(lookup->room, sizeof *lookup->slots);
    lookup->entries = malloc(lookup->room / 2 * entry_bytes);
    return lookup->slots && lookup->entries ? 0 : -1;
}

void lookup_done(struct lookup *lookup) {
    free(lookup->slots);
    free(lookup->entries);
}

void lookup_clear(struct lookup *lookup) {
    lookup->round++;
    lookup->count = 0;
}

static void grow(struct lookup *lookup) {
    struct lookup old = *lookup;
    lookup->room *= 2;
    lookup->slots = calloc(lookup->room, sizeof *lookup->slots);
    lookup->entries =
        realloc(lookup->entries, lookup->room / 2 * lookup->entry_bytes);
    if (!lookup->slots || !lookup->entries)
        abort(); // a few kilobytes: nothing can go on
    for (size_t i = 0; i < old.room; i++)
        if (old.slots[i].round == old.round)
            *lookup_slot_of(lookup, old.slots[i].key) = old.slots[i];
    free(old.slots);
}

void *lookup_add(struct lookup *lookup, uintptr_t key) {
    if (lookup->count == lookup->room / 2)
        grow(lookup);
    struct lookup_slot *slot = lookup_slot_of(lookup, key);
    *slot = (struct lookup_slot){key, lookup->round, lookup->count++};
    return lookup_entry_of(lookup, slot);
}
