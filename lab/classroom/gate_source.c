#include "classroom/gate.h"

#include "classroom/allowed.h"
#include "classroom/refusal.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum {
    NESTING_MAX = 64, // C promises 63 of each kind
    NAME_BYTES_MAX = 128,
};

// The source, as far as it has been read.
struct reader {
    const char *at, *end;
    int line;
    bool is_line_begun; // by a token
    bool is_after_open; // the token before was a [
    unsigned nesting;
    unsigned tokens;
    struct gate_refusal *refusal;
};

static bool refuse(struct reader *reader, enum refusal_reason reason,
                   const char *word, size_t word_bytes) {
    refusal_say(reader->refusal, reason, reader->line, word, word_bytes);
    return false;
}

// The character `ahead` of here; 0 at the end.
static char peek(const struct reader *reader, size_t ahead) {
    return (size_t)(reader->end - reader->at) > ahead ? reader->at[ahead] : 0;
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

static bool is_name(char c) {
    return isalnum((unsigned char)c) || c == '_';
}

// Bytes, before there are tokens.

// How many bytes the character at `at` has in UTF-8; 0: it is none.
static size_t character_bytes(const unsigned char *at, size_t rest) {
    size_t bytes = at[0] < 0x80                    ? 1
                   : at[0] >= 0xc2 && at[0] < 0xe0 ? 2
                   : at[0] >= 0xe0 && at[0] < 0xf0 ? 3
                   : at[0] >= 0xf0 && at[0] < 0xf5 ? 4
                                                   : 0;

    if (bytes > rest)
        return 0;
    for (size_t i = 1; i < bytes; i++)
        if ((at[i] & 0xc0) != 0x80)
            return 0;
    if ((at[0] == 0xe0 && at[1] < 0xa0) || (at[0] == 0xed && at[1] > 0x9f) ||
        (at[0] == 0xf0 && at[1] < 0x90) || (at[0] == 0xf4 && at[1] > 0x8f))
        return 0;
    return bytes;
}

static bool is_text(const unsigned char *at, size_t rest) {
    if (at[0] == '\r')
        return rest > 1 && at[1] == '\n';
    return (at[0] >= ' ' && at[0] != 0x7f) || at[0] == '\n' || at[0] == '\t' ||
           at[0] == '\f' || at[0] == '\v';
}

static bool is_trigraph(const struct reader *reader) {
    return peek(reader, 0) == '?' && peek(reader, 1) == '?' &&
           peek(reader, 2) != 0 && strchr("=/'()!<>-", peek(reader, 2));
}

// Compilers take blanks behind the backslash, too.
static bool is_continued(const struct reader *reader) {
    size_t ahead = 1;

    if (peek(reader, 0) != '\\')
        return false;
    while (is_blank(peek(reader, ahead)))
        ahead++;
    return peek(reader, ahead) == '\n' || peek(reader, ahead) == 0;
}

static bool look_at_bytes(struct reader reader) {
    while (reader.at < reader.end) {
        const unsigned char *at = (const unsigned char *)reader.at;
        size_t rest = (size_t)(reader.end - reader.at);
        size_t bytes = character_bytes(at, rest);

        if (bytes == 0 || !is_text(at, rest))
            return refuse(&reader, REFUSAL_text, "", 0);
        if (is_continued(&reader))
            return refuse(&reader, REFUSAL_continued, "", 0);
        if (is_trigraph(&reader))
            return refuse(&reader, REFUSAL_spelling, reader.at, 3);
        reader.line += *at == '\n';
        reader.at += bytes;
    }
    return true;
}

// Tokens.

static bool skip_comment(struct reader *reader) {
    struct reader begin = *reader;

    for (reader->at += 2; reader->at < reader->end; reader->at++) {
        if (peek(reader, 0) == '*' && peek(reader, 1) == '/') {
            reader->at += 2;
            return true;
        }
        reader->line += *reader->at == '\n';
    }
    return refuse(&begin, REFUSAL_comment, "", 0);
}

// Blanks, line ends and comments.
static bool skip_space(struct reader *reader) {
    for (;;) {
        char c = peek(reader, 0);

        if (c == '\n') {
            reader->line++;
            reader->is_line_begun = false;
            reader->at++;
        } else if (is_blank(c)) {
            reader->at++;
        } else if (c == '/' && peek(reader, 1) == '/') {
            while (reader->at < reader->end && *reader->at != '\n')
                reader->at++;
        } else if (c == '/' && peek(reader, 1) == '*') {
            if (!skip_comment(reader))
                return false;
        } else {
            return true;
        }
    }
}

// A string or a character, or a header's name: from a quote to the next.
static bool skip_quoted(struct reader *reader, char quote) {
    struct reader begin = *reader;

    for (reader->at++; peek(reader, 0) != quote; reader->at++) {
        if (peek(reader, 0) == '\\')
            reader->at++;
        if (peek(reader, 0) == '\n' || reader->at >= reader->end)
            return refuse(&begin, REFUSAL_string, "", 0);
    }
    reader->at++;
    return true;
}

static bool is_to_harness(const char *name) {
    static const char *const words[] = {"asm",   "main",  "OUTCOME", "SAW",
                                        "NAMED", "POINT", NULL};
    static const char *const families[] = {"racelab",  "RACELAB", "classroom_",
                                           "Annotate", "POINT_",  NULL};

    if (allowed_point(name))
        return false;
    for (const char *const *word = words; *word != NULL; word++)
        if (strcmp(name, *word) == 0)
            return true;
    for (const char *const *family = families; *family != NULL; family++)
        if (strncmp(name, *family, strlen(*family)) == 0)
            return true;
    return strstr(name, "tsan_") != NULL || strstr(name, "sanitizer_") != NULL;
}

static bool is_reserved(const char *name) {
    return name[0] == '_' &&
           (name[1] == '_' || isupper((unsigned char)name[1])) &&
           !allowed_reserved(name);
}

static bool take_name(struct reader *reader) {
    const char *begin = reader->at;
    char name[NAME_BYTES_MAX];

    while (is_name(peek(reader, 0)))
        reader->at++;
    size_t bytes = (size_t)(reader->at - begin);
    snprintf(name, sizeof name, "%.*s", (int)bytes, begin);
    if (is_to_harness(name))
        return refuse(reader, REFUSAL_harness, begin, bytes);
    if (is_reserved(name))
        return refuse(reader, REFUSAL_reserved, begin, bytes);
    return true;
}

static bool take_number(struct reader *reader) {
    while (is_name(peek(reader, 0)) || peek(reader, 0) == '.') {
        char c = (char)tolower((unsigned char)*reader->at++);

        if ((c == 'e' || c == 'p') &&
            (peek(reader, 0) == '+' || peek(reader, 0) == '-'))
            reader->at++;
    }
    return true;
}

static bool take_directive(struct reader *reader) {
    struct reader begin = *reader;
    char name[NAME_BYTES_MAX];

    reader->at++;
    while (is_blank(peek(reader, 0)))
        reader->at++;
    const char *word = reader->at;
    while (is_name(peek(reader, 0)))
        reader->at++;
    size_t bytes = (size_t)(reader->at - word);
    snprintf(name, sizeof name, "#%.*s", (int)bytes, word);
    if (begin.is_line_begun || strcmp(name, "#include") != 0)
        return refuse(&begin, REFUSAL_directive, name, strlen(name));
    while (is_blank(peek(reader, 0)))
        reader->at++;
    word = reader->at;
    char quote = peek(reader, 0);
    if (quote != '"' && quote != '<')
        return refuse(&begin, REFUSAL_header, word, quote ? 1 : 0);
    if (!skip_quoted(reader, quote == '<' ? '>' : '"'))
        return false;
    bytes = (size_t)(reader->at - word);
    snprintf(name, sizeof name, "%.*s", (int)bytes, word);
    if (!allowed_header(name))
        return refuse(&begin, REFUSAL_header, word, bytes);
    return true;
}

static bool is_digraph(const struct reader *reader) {
    static const char *const all[] = {"<:", ":>", "<%", "%>", "%:", NULL};

    for (const char *const *at = all; *at != NULL; at++)
        if (peek(reader, 0) == (*at)[0] && peek(reader, 1) == (*at)[1])
            return true;
    return false;
}

// One that is not in ASCII is named by its number: it may be one that a
// terminal shows as something else, or not at all.
static bool refuse_character(struct reader *reader) {
    const unsigned char *at = (const unsigned char *)reader->at;
    size_t bytes = character_bytes(at, (size_t)(reader->end - reader->at));
    unsigned long code = bytes == 1 ? at[0] : at[0] & (0x7fu >> bytes);
    char name[32];

    for (size_t i = 1; i < bytes; i++)
        code = code << 6 | (at[i] & 0x3f);
    if (code < 0x80)
        snprintf(name, sizeof name, "%c", (char)code);
    else
        snprintf(name, sizeof name, "U+%04lX", code);
    return refuse(reader, REFUSAL_character, name, strlen(name));
}

static bool take_sign(struct reader *reader) {
    char c = peek(reader, 0);

    if (is_digraph(reader))
        return refuse(reader, REFUSAL_spelling, reader->at, 2);
    if (!strchr("!%&()*+,-./:;<=>?[]^{|}~", c))
        return refuse_character(reader);
    if (c == '[' && reader->is_after_open)
        return refuse(reader, REFUSAL_attribute, "", 0);
    if (strchr("([{", c) && ++reader->nesting > NESTING_MAX)
        return refuse(reader, REFUSAL_nesting, "", 0);
    if (strchr(")]}", c) && reader->nesting > 0)
        reader->nesting--;
    reader->at++;
    return true;
}

static bool take_token(struct reader *reader) {
    char c = peek(reader, 0);

    if (c == '#')
        return take_directive(reader);
    if (c == '"' || c == '\'')
        return skip_quoted(reader, c);
    if (isdigit((unsigned char)c) ||
        (c == '.' && isdigit((unsigned char)peek(reader, 1))))
        return take_number(reader);
    if (is_name(c))
        return take_name(reader);
    return take_sign(reader);
}

static bool look_at_tokens(struct reader reader) {
    while (skip_space(&reader)) {
        if (reader.at >= reader.end)
            return reader.tokens > 0 || refuse(&reader, REFUSAL_empty, "", 0);
        bool is_open = peek(&reader, 0) == '[';
        if (!take_token(&reader))
            return false;
        reader.is_line_begun = true;
        reader.is_after_open = is_open;
        reader.tokens++;
    }
    return false;
}

bool gate_source(const char *source, size_t bytes,
                 struct gate_refusal *refusal) {
    struct reader reader = {
        .at = source,
        .end = source + bytes,
        .line = 1,
        .refusal = refusal,
    };

    if (bytes > GATE_SOURCE_BYTES_MAX) {
        refusal_say(refusal, REFUSAL_size, 0, "", 0);
        return false;
    }
    return look_at_bytes(reader) && look_at_tokens(reader);
}
