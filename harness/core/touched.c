#include "touched.h"

enum { WORD = 8 };

// Who has touched a word first in an execution. What is named anew is new.
struct toucher {
    int maker;
    unsigned birth;
    int task;
};

int touched_init(struct touched *touched) {
    return lookup_init(&touched->known, sizeof(char)) ||
                   lookup_init(&touched->first, sizeof(struct toucher))
               ? -1
               : 0;
}

void touched_done(struct touched *touched) {
    lookup_done(&touched->known);
    lookup_done(&touched->first);
}

void touched_begin(struct touched *touched) {
    touched->grown = false;
}

void touched_clear(struct touched *touched) {
    lookup_clear(&touched->first);
}

// Of two words with one number the one may count as shared for the other's
// sake, which does no harm.
static uintptr_t number_of(const struct name *whole, uintptr_t word) {
    uintptr_t number = word - whole->base / WORD;
    for (const char *c = whole->text; *c; c++)
        number = (number ^ (unsigned char)*c) * UINT64_C(0x100000001B3);
    return number;
}

static bool is_of_two(struct touched *touched, const struct name *whole,
                      uintptr_t word, int task) {
    struct toucher *toucher = lookup_find(&touched->first, word);
    if (toucher && toucher->maker == whole->maker &&
        toucher->birth == whole->birth)
        return toucher->task != task;
    if (!toucher)
        toucher = lookup_add(&touched->first, word);
    *toucher = (struct toucher){whole->maker, whole->birth, task};
    return false;
}

bool touched_touch(struct touched *touched, const struct name *whole,
                   uintptr_t address, uintptr_t bytes, int task) {
    bool is_known = false;
    for (uintptr_t word = address / WORD; word * WORD < address + bytes;
         word++) {
        uintptr_t number = number_of(whole, word);
        bool known = lookup_find(&touched->known, number) != NULL;
        is_known |= known;
        if (!is_of_two(touched, whole, word, task) || known)
            continue;
        lookup_add(&touched->known, number);
        touched->grown = true;
    }
    return is_known;
}
