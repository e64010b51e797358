#include "logger.h"

#include "duration.h"
#include "heap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    FRAME_BYTES = 256, // all but the path
    ESCAPE_BYTES = 4,  // "\xff"
    SHORT_BYTES = 64,  // of a path and a query, as most are
};

// How many bytes the UTF-8 character at `text` takes; 0 when it is none, or is
// a control character, which a terminal would obey.
static size_t printable(const unsigned char *text) {
    size_t bytes = *text < 0x80 ? 1 : *text < 0xE0 ? 2 : *text < 0xF0 ? 3 : 4;
    static const unsigned least[] = {0, 0x20, 0xA0, 0x800, 0x10000};
    unsigned rune = bytes == 1 ? *text : *text & (0x7Fu >> bytes);

    if (*text == 0x7F || (*text >= 0x80 && *text < 0xC2) || *text > 0xF4)
        return 0;
    for (size_t i = 1; i < bytes; i++) {
        if ((text[i] & 0xC0) != 0x80)
            return 0;
        rune = rune << 6 | (text[i] & 0x3F);
    }
    if (rune < least[bytes] || rune > 0x10FFFF || (rune >> 11) == 0x1B)
        return 0;
    return bytes;
}

// Writes the escape of one byte, as Go's strconv.Quote has it.
static char *escape(char *out, unsigned char byte) {
    static const char plain[] = "\a\b\f\n\r\t\v\"\\", letters[] = "abfnrtv\"\\";
    const char *found = byte != '\0' ? strchr(plain, byte) : NULL;

    if (found != NULL)
        return out + sprintf(out, "\\%c", letters[found - plain]);
    return out + sprintf(out, "\\x%02x", byte);
}

static char *quote(char *out, const char *text) {
    while (*text != '\0') {
        size_t bytes = printable((const unsigned char *)text);
        if (bytes == 0 || *text == '"' || *text == '\\') {
            out = escape(out, (unsigned char)*text++);
            continue;
        }
        for (; bytes > 0; bytes--)
            *out++ = *text++;
    }
    return out;
}

static char *print_frame(char *out, const struct logger_line *line) {
    char latency[DURATION_BYTES];
    time_t seconds = (time_t)(line->wall_ms / 1000);
    struct tm tm;

    // Over a minute Gin drops the decimals.
    uint64_t ns = line->latency_ns;
    duration_print(ns > 60000000000u ? ns - ns % 1000000000u : ns, latency);
    int blanks = 13 - (int)duration_columns(latency);
    gmtime_r(&seconds, &tm);
    out += strftime(out, 40, "[LAB] %Y/%m/%d - %H:%M:%S", &tm);
    return out + sprintf(out, " | %3d | %*s%s | %15.64s | %-7.32s  ",
                         line->status, blanks > 0 ? blanks : 0, "", latency,
                         line->client, line->method);
}

void logger_print(const struct logger_line *line) {
    size_t bytes = strlen(line->path) + strlen(line->query) + 1;
    char small[FRAME_BYTES + ESCAPE_BYTES * SHORT_BYTES];
    char *text = bytes <= SHORT_BYTES
                     ? small
                     : heap_new(FRAME_BYTES + ESCAPE_BYTES * bytes);
    char *out = print_frame(text, line);

    *out++ = '"';
    out = quote(out, line->path);
    if (*line->query != '\0') {
        *out++ = '?';
        out = quote(out, line->query);
    }
    strcpy(out, "\"\n");
    fputs(text, stdout);
    if (text != small)
        free(text);
}
