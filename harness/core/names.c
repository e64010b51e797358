#include "names.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

void names_clear(struct names *names) {
    names->count = 0;
    names->low = UINTPTR_MAX;
    names->high = 0;
}

static bool is_called(const struct name *name, const char *text,
                      size_t length) {
    return name->length == length && memcmp(name->text, text, length) == 0;
}

static int number_of_next(const struct names *names, const char *text,
                          size_t length) {
    int highest = 0;
    for (int i = 0; i < names->count; i++)
        if (names->table[i].number > highest &&
            is_called(&names->table[i], text, length))
            highest = names->table[i].number;
    return highest + 1;
}

// The entry for the same bytes, or for the same start under the same name
// (memory that was freed and handed out again).
static struct name *entry_for(struct names *names, uintptr_t base,
                              uintptr_t bytes, const char *text,
                              size_t length) {
    for (int i = 0; i < names->count; i++) {
        struct name *name = &names->table[i];
        if (name->base == base &&
            (name->bytes == bytes || is_called(name, text, length)))
            return name;
    }
    return names->count < LIMIT_NAMED ? &names->table[names->count] : NULL;
}

static bool covers(const struct name *name, uintptr_t address) {
    return address >= name->base && address - name->base < name->bytes;
}

// "context" is what "context.keys" is part of, if it lies in there.
static bool is_part(const struct name *part, const struct name *whole) {
    return covers(whole, part->base) &&
           covers(whole, part->base + part->bytes - 1) &&
           part->length > whole->length && part->text[whole->length] == '.' &&
           memcmp(part->text, whole->text, whole->length) == 0;
}

static int whole_of(const struct names *names, int part) {
    for (int i = 0; i < names->count; i++)
        if (i != part && is_part(&names->table[part], &names->table[i]))
            return names->table[i].whole;
    return part;
}

struct name *names_add(struct names *names, uintptr_t base, uintptr_t bytes,
                       const char *text) {
    size_t length = strlen(text);
    struct name *name = entry_for(names, base, bytes, text, length);
    if (!name)
        return NULL;
    int number = number_of_next(names, text, length);
    if (name == &names->table[names->count])
        names->count++;
    name->base = base;
    name->bytes = bytes;
    name->number = number;
    name->length = names_copy(name->text, sizeof name->text, text);
    name->whole = whole_of(names, (int)(name - names->table));
    if (base < names->low)
        names->low = base;
    if (base + bytes > names->high)
        names->high = base + bytes;
    return name;
}

const struct name *names_find(const struct names *names, uintptr_t address) {
    const struct name *best = NULL;
    for (int i = 0; i < names->count; i++) {
        const struct name *name = &names->table[i];
        if (covers(name, address) && (!best || name->bytes < best->bytes))
            best = name;
    }
    return best;
}

static const struct name *first_behind(const struct names *names,
                                       uintptr_t address, uintptr_t bytes) {
    const struct name *first = NULL;
    for (int i = 0; i < names->count; i++) {
        const struct name *name = &names->table[i];
        if (name->base - address < bytes &&
            (!first || name->base < first->base))
            first = name;
    }
    return first;
}

const struct name *names_clip(const struct names *names, uintptr_t *address,
                              uintptr_t *bytes) {
    const struct name *name = names_find(names, *address);
    uintptr_t end = *address + *bytes;
    if (!name)
        name = first_behind(names, *address, *bytes);
    if (!name)
        return NULL;
    const struct name *whole = &names->table[name->whole];
    if (*address < name->base)
        *address = name->base;
    if (end > whole->base + whole->bytes)
        end = whole->base + whole->bytes;
    *bytes = end - *address;
    return name;
}

uintptr_t names_extent(const struct names *names, uintptr_t base) {
    uintptr_t bytes = 1;
    for (int i = 0; i < names->count; i++)
        if (names->table[i].base == base && names->table[i].bytes > bytes)
            bytes = names->table[i].bytes;
    return bytes;
}

unsigned names_copy(char *to, unsigned long room, const char *from) {
    // Names are short. A call for each takes as long, and several times as long
    // where ThreadSanitizer is in between.
    char *at = to;
    for (const char *last = to + room - 1; at < last && *from;)
        *at++ = *from++;
    *at = '\0';
    return (unsigned)(at - to);
}

void names_join(char *to, const char *whole, const char *part) {
    enum { WHOLE_BYTES = 40 };
    unsigned used = names_copy(to, WHOLE_BYTES + 1, whole);
    to[used++] = '.';
    names_copy(to + used, LIMIT_NAME - used, part);
}

void names_number(char *to, const char *stem, int number) {
    enum { DIGITS = 10 };
    unsigned used = names_copy(to, LIMIT_NAME - DIGITS, stem), digits = 1;
    for (int rest = number; rest > 9; rest /= 10)
        digits++;
    for (unsigned i = digits; i-- > 0; number /= 10)
        to[used + i] = (char)('0' + number % 10);
    to[used + digits] = '\0';
}

void names_print(const struct name *name, char *text, unsigned long room) {
    int stem = (int)strcspn(name->text, ".");
    snprintf(text, room, "%.*s#%d%s", stem, name->text, name->number,
             name->text + stem);
}
