#include "label.h"
#include "symbol.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

struct key {
    const void *place;
    char object[LIMIT_NAME];
    enum op_access kind;
};

struct label {
    struct key key;
    char text[LIMIT_NAME];
    UT_hash_handle hh;
};

static const char *const VERBS[] = {
    [ACCESS_READ] = "read",     [ACCESS_WRITE] = "write",
    [ACCESS_LOAD] = "load",     [ACCESS_STORE] = "store",
    [ACCESS_UPDATE] = "update",
};

static void print(const struct key *key, char *text, size_t room) {
    const struct symbol *symbol = symbol_of(key->place);
    int used = snprintf(text, room, "%s %s", VERBS[key->kind], key->object);
    if (symbol->of_program && used > 0 && (size_t)used < room)
        snprintf(text + used, room - (size_t)used, " in %.40s:%d",
                 symbol->function, symbol->line);
}

const char *label_of(enum op_access kind, const char *object,
                     const void *place) {
    static struct label *all;
    struct label *label;
    struct key key;
    memset(&key, 0, sizeof key); // its gaps are compared as well
    key.place = place;
    key.kind = kind;
    strncpy(key.object, object, sizeof key.object - 1);
    HASH_FIND(hh, all, &key, sizeof key, label);
    if (label)
        return label->text;
    label = calloc(1, sizeof *label);
    if (!label)
        abort(); // memory for a few hundred bytes: nothing can go on
    label->key = key;
    print(&key, label->text, sizeof label->text);
    HASH_ADD(hh, all, key, sizeof key, label);
    return label->text;
}
