#include "names.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

void names_clear(struct names *names) {
    names->count = 0;
    names->low = UINTPTR_MAX;
    names->high = 0;
}

static int number_of_next(const struct names *names, const char *text) {
    int highest = 0;
    for (int i = 0; i < names->count; i++)
        if (strcmp(names->table[i].text, text) == 0 &&
            names->table[i].number > highest)
            highest = names->table[i].number;
    return highest + 1;
}

// The entry for the same bytes, or for the same start under the same name
// (memory that was freed and handed out again).
static struct name *entry_for(struct names *names, uintptr_t base,
                              uintptr_t bytes, const char *text) {
    for (int i = 0; i < names->count; i++) {
        struct name *name = &names->table[i];
        if (name->base == base &&
            (name->bytes == bytes || strcmp(name->text, text) == 0))
            return name;
    }
    return names->count < LIMIT_NAMED ? &names->table[names->count] : NULL;
}

static bool covers(const struct name *name, uintptr_t address) {
    return address >= name->base && address - name->base < name->bytes;
}

// "context" is what "context.keys" is part of, if it lies in there.
static bool is_part(const struct name *part, const struct name *whole) {
    size_t stem = strlen(whole->text);
    return strncmp(part->text, whole->text, stem) == 0 &&
           part->text[stem] == '.' && covers(whole, part->base) &&
           covers(whole, part->base + part->bytes - 1);
}

static int whole_of(const struct names *names, int part) {
    for (int i = 0; i < names->count; i++)
        if (i != part && is_part(&names->table[part], &names->table[i]))
            return names->table[i].whole;
    return part;
}

struct name *names_add(struct names *names, uintptr_t base, uintptr_t bytes,
                       const char *text) {
    struct name *name = entry_for(names, base, bytes, text);
    if (!name)
        return NULL;
    int number = number_of_next(names, text);
    if (name == &names->table[names->count])
        names->count++;
    name->base = base;
    name->bytes = bytes;
    name->number = number;
    names_copy(name->text, sizeof name->text, text);
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

void names_copy(char *to, unsigned long room, const char *from) {
    size_t length = strnlen(from, room - 1);
    memcpy(to, from, length);
    to[length] = '\0';
}

void names_number(char *to, const char *stem, int number) {
    size_t used = strlen(stem), digits = 1;
    for (int rest = number; rest > 9; rest /= 10)
        digits++;
    memcpy(to, stem, used);
    for (size_t i = digits; i-- > 0; number /= 10)
        to[used + i] = (char)('0' + number % 10);
    to[used + digits] = '\0';
}

void names_print(const struct name *name, char *text, unsigned long room) {
    int stem = (int)strcspn(name->text, ".");
    snprintf(text, room, "%.*s#%d%s", stem, name->text, name->number,
             name->text + stem);
}
