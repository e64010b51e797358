#include "classroom/allowed.h"
#include "classroom/gate.h"
#include "classroom/refusal.h"

#include <stdio.h>
#include <string.h>

enum {
    LINE_BYTES_MAX = 1024,
    FLAGS_BYTES = 7, // of a symbol, as objdump prints them
};

static const char suffix[] = "_handler";

// What is known of the object so far.
struct object {
    char *handler; // the caller's; empty until one is found
    size_t handler_bytes;
    struct gate_refusal *refusal;
};

struct symbol {
    const char *flags, *section, *name;
};

static bool refuse(struct object *object, enum refusal_reason reason,
                   const char *word) {
    refusal_say(object->refusal, reason, 0, word, strlen(word));
    return false;
}

static bool starts(const char *text, const char *prefix) {
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

// Constants that hold addresses lie in .data.rel.ro, which nobody can write to
// any more when the program runs.
static bool is_constant(const char *section) {
    return starts(section, ".rodata") || starts(section, ".data.rel.ro");
}

static bool is_start_or_end(const char *section) {
    static const char *const names[] = {".init",  ".fini",  ".preinit_array",
                                        ".ctors", ".dtors", NULL};

    for (const char *const *name = names; *name != NULL; name++)
        if (starts(section, *name))
            return true;
    return false;
}

static bool is_usual(const char *section) {
    return is_constant(section) || starts(section, ".text") ||
           starts(section, ".eh_frame") || starts(section, ".note");
}

// "  4 .data.rel.ro 00000030  00...  00...  00...  2**5  CONTENTS, ALLOC, ..."
static bool look_at_section(struct object *object, const char *line) {
    char name[LINE_BYTES_MAX];
    unsigned long bytes;

    if (sscanf(line, " %*u %1000s %lx", name, &bytes) != 2 ||
        strstr(line, "ALLOC") == NULL)
        return true;
    if (is_start_or_end(name))
        return refuse(object, REFUSAL_section, name);
    if (bytes > 0 && !is_usual(name))
        return refuse(object, REFUSAL_state, name);
    return true;
}

static bool ends_as_handler(const char *name) {
    size_t bytes = strlen(name), tail = strlen(suffix);

    return bytes > tail && strcmp(name + bytes - tail, suffix) == 0;
}

static bool take_global(struct object *object, const struct symbol *symbol) {
    size_t bytes = strlen(symbol->name) + 1;

    if (!ends_as_handler(symbol->name) || object->handler[0] != '\0' ||
        bytes > object->handler_bytes || strchr(symbol->flags, 'F') != NULL)
        return refuse(object, REFUSAL_exported, symbol->name);
    if (!is_constant(symbol->section))
        return refuse(object, REFUSAL_state, symbol->name);
    memcpy(object->handler, symbol->name, bytes);
    return true;
}

// Of a variable within a function compilers make "count.0".
static bool refuse_state(struct object *object, const struct symbol *symbol) {
    char name[LINE_BYTES_MAX];

    snprintf(name, sizeof name, "%.*s", (int)strcspn(symbol->name, "."),
             symbol->name);
    return refuse(object, REFUSAL_state, name[0] ? name : symbol->name);
}

static bool take_symbol(struct object *object, const struct symbol *symbol) {
    bool is_local = symbol->flags[0] == 'l';

    if (strcmp(symbol->section, "*UND*") == 0)
        return allowed_call(symbol->name) ||
               refuse(object, REFUSAL_call, symbol->name);
    if (strpbrk(symbol->flags, "df") != NULL) // a section, the file
        return true;
    if (!is_local && strcmp(symbol->section, "*COM*") != 0)
        return take_global(object, symbol);
    if (strchr(symbol->flags, 'O') != NULL && !is_constant(symbol->section))
        return refuse_state(object, symbol);
    return true;
}

// "0000000000000000 g     O .data.rel.ro\t0000000000000030 raw_handler", with
// ".hidden" or the like before some names.
static bool look_at_symbol(struct object *object, char *line) {
    char *flags = strchr(line, ' '), *tab = strchr(line, '\t');

    if (flags == NULL || tab == NULL || tab - flags <= FLAGS_BYTES + 1)
        return true; // a heading
    flags++;
    flags[FLAGS_BYTES] = '\0';
    *tab = '\0';
    struct symbol symbol = {
        .flags = flags,
        .section = flags + FLAGS_BYTES + 1,
        .name = strrchr(tab + 1, ' '),
    };
    if (symbol.name == NULL)
        return true;
    symbol.name++;
    return take_symbol(object, &symbol);
}

// Symbols first: they have names that the student knows.
static bool look_at_lines(struct object *object, const char *listing,
                          bool want_symbols) {
    bool in_symbols = false;

    for (const char *at = listing; *at != '\0';) {
        char line[LINE_BYTES_MAX];
        size_t bytes = strcspn(at, "\n");

        snprintf(line, sizeof line, "%.*s", (int)bytes, at);
        in_symbols = in_symbols || starts(line, "SYMBOL TABLE:");
        if (in_symbols == want_symbols &&
            !(want_symbols ? look_at_symbol(object, line)
                           : look_at_section(object, line)))
            return false;
        at += bytes + (at[bytes] == '\n');
    }
    return true;
}

bool gate_object(const char *listing, char *handler, size_t handler_bytes,
                 struct gate_refusal *refusal) {
    struct object object = {handler, handler_bytes, refusal};

    handler[0] = '\0';
    if (!look_at_lines(&object, listing, true) ||
        !look_at_lines(&object, listing, false))
        return false;
    return handler[0] != '\0' || refuse(&object, REFUSAL_handler, "");
}
