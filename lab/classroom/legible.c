#include "classroom/legible.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct character {
    uint32_t code;
    int bytes;
    bool is_utf8; // else it is one byte
};

static bool is_rest(unsigned char byte) {
    return (byte & 0xC0) == 0x80;
}

// The first character of `text`, which is not empty. Not the C library's
// mbrtowc(): what that takes depends on the locale.
static struct character character_of(const char *text) {
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *at = (const unsigned char *)text;
    int bytes = at[0] < 0x80    ? 1
                : at[0] < 0xC0  ? 0
                : at[0] < 0xE0  ? 2
                : at[0] < 0xF0  ? 3
                : at[0] <= 0xF4 ? 4
                                : 0;
    uint32_t code = bytes < 2 ? at[0] : at[0] & (0x7FU >> bytes);

    for (int i = 1; i < bytes; i++) {
        if (!is_rest(at[i]))
            return (struct character){at[0], 1, false};
        code = code << 6 | (at[i] & 0x3F);
    }
    if (bytes == 0 || code < least[bytes] || code > 0x10FFFF ||
        (code >= 0xD800 && code <= 0xDFFF))
        return (struct character){at[0], 1, false};
    return (struct character){code, bytes, true};
}

// Left out are control characters, those that have no width or turn the
// direction of writing, those that end a line, and what is no character at all.
static bool is_shown(uint32_t code) {
    static const struct {
        uint32_t first, last;
    } hidden[] = {
        {0x00, 0x1F},     {0x7F, 0x9F},       {0xAD, 0xAD},
        {0x61C, 0x61C},   {0x115F, 0x1160},   {0x17B4, 0x17B5},
        {0x180B, 0x180F}, {0x200B, 0x200F},   {0x2028, 0x202E},
        {0x2060, 0x206F}, {0x3164, 0x3164},   {0xFDD0, 0xFDEF},
        {0xFE00, 0xFE0F}, {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0},
        {0xFFF0, 0xFFFB}, {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF},
    };

    for (size_t i = 0; i < sizeof hidden / sizeof hidden[0]; i++)
        if (code >= hidden[i].first && code <= hidden[i].last)
            return false;
    return (code & 0xFFFE) != 0xFFFE;
}

static void *memory(size_t bytes) {
    void *new = malloc(bytes);
    if (new == NULL)
        abort(); // a line of text: nothing can go on
    return new;
}

// One byte becomes "\xNN" at most; no hidden character grows more than that:
// two bytes become "\u{ad}", four "\u{e0001}".
enum { NAME_GROWS_MAX = 4 };

char *legible_name(const char *name) {
    size_t room = strlen(name) * NAME_GROWS_MAX + 1, used = 0;
    char *shown = memory(room);
    const char *begin = name;

    for (struct character c; *name != '\0'; name += c.bytes) {
        c = character_of(name);
        char *at = shown + used;
        bool is_edge = name == begin || name[c.bytes] == '\0';
        if (!c.is_utf8 || c.code < 0x20 || c.code == 0x7F ||
            (c.code == ' ' && is_edge))
            used += (size_t)snprintf(at, room - used, "\\x%02x", c.code);
        else if (!is_shown(c.code))
            used += (size_t)snprintf(at, room - used, "\\u{%x}", c.code);
        else
            used += (size_t)snprintf(at, room - used, "%s%.*s",
                                     c.code == '\\' ? "\\" : "", c.bytes, name);
    }
    shown[used] = '\0';
    return shown;
}

char *legible_text(const char *text) {
    static const char replacement[] = "\uFFFD";
    char *shown = memory(strlen(text) * strlen(replacement) + 1), *end = shown;

    for (struct character c; *text != '\0'; text += c.bytes) {
        c = character_of(text);
        bool is_kept = c.is_utf8 && (c.code == '\n' || is_shown(c.code));
        size_t bytes = is_kept ? (size_t)c.bytes : strlen(replacement);
        memcpy(end, is_kept ? text : replacement, bytes);
        end += bytes;
    }
    *end = '\0';
    return shown;
}
