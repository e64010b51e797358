#include "page.h"

#include <limits.h>
#include <locale.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

// As deep as a list may stand, and a hanging line with it.
enum { INDENT_BYTES_MAX = 32 };

struct character {
    wchar_t code;
    int bytes, columns;
};

// The names of C.UTF-8 come with the C library; where they do not, text goes
// out as it came.
static locale_t utf8(void) {
    static locale_t locale;
    if (locale == (locale_t)0)
        locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    return locale;
}

// The first of `text`, which is not empty. One that cannot be shown has no
// code.
static struct character character_of(const char *text) {
    struct character c = {.bytes = 1, .columns = 1};
    mbstate_t state = {0};
    locale_t before = uselocale(utf8());
    size_t bytes = mbrtowc(&c.code, text, strnlen(text, MB_LEN_MAX), &state);
    int columns = bytes <= MB_LEN_MAX ? wcwidth(c.code) : -1;

    uselocale(before);
    if (columns < 0)
        return (struct character){.bytes = bytes <= MB_LEN_MAX ? (int)bytes : 1,
                                  .columns = 1};
    c.bytes = (int)bytes;
    c.columns = columns;
    return c;
}

int page_width(const char *text) {
    int columns = 0;
    for (struct character c; *text; text += c.bytes) {
        c = character_of(text);
        columns += c.columns;
    }
    return columns;
}

static bool is_among(wchar_t code, const wchar_t *set) {
    return code != 0 && wcschr(set, code) != NULL;
}

static const wchar_t closing[] = L"，。、；：？！）》」』】”’…—,.;:?!)]}>/%";
static const wchar_t opening[] = L"（《「『【“‘([{<";

// May a line end between these two?
static bool may_part(struct character before, struct character after) {
    return (before.columns == 2 || after.columns == 2) &&
           !is_among(after.code, closing) && !is_among(before.code, opening);
}

static void print_piece(FILE *out, const char *text, const char *end) {
    for (struct character c; text < end; text += c.bytes) {
        c = character_of(text);
        if (c.code == 0)
            fputc('?', out);
        else
            fwrite(text, 1, (size_t)c.bytes, out);
    }
}

// Where the line that begins at `text` ends: the last place within `columns`
// at which it may, or the first one behind. The next line begins at *next.
static const char *line_end(const char *text, int columns, const char **next) {
    const char *end = NULL, *at = text;
    struct character before = {0}, c;

    for (int used = 0; *at; at += c.bytes, before = c) {
        c = character_of(at);
        bool is_space = c.code == L' ', was_space = before.code == L' ';
        if (at > text && !was_space && (is_space || may_part(before, c))) {
            end = at;
            *next = at + strspn(at, " ");
            if (used > columns)
                return end; // a word that is longer than the line
        }
        used += c.columns;
        if (used > columns && end && !is_space)
            return end;
    }
    *next = at;
    return at;
}

void page_fill(FILE *out, const char *begin, const char *rest, const char *text,
               int columns) {
    const char *indent = begin;
    do {
        const char *next = text;
        const char *end = line_end(text, columns - page_width(indent), &next);
        fputs(indent, out);
        print_piece(out, text, end);
        fputc('\n', out);
        text = next;
        indent = rest;
    } while (*text);
}

struct page page_of(FILE *out, enum language language) {
    const char *no = getenv("NO_COLOR"), *terminal = getenv("TERM");
    return (struct page){
        .out = out,
        .language = language,
        .has_colour = isatty(fileno(out)) && !(no && *no) &&
                      !(terminal && strcmp(terminal, "dumb") == 0),
    };
}

int page_columns(const struct page *page) {
    struct winsize size;
    int descriptor = fileno(page->out);

    if (descriptor < 0 || ioctl(descriptor, TIOCGWINSZ, &size) != 0 ||
        size.ws_col == 0 || size.ws_col > PAGE_COLUMNS_MAX)
        return PAGE_COLUMNS_MAX;
    return size.ws_col < PAGE_COLUMNS_MIN ? PAGE_COLUMNS_MIN : size.ws_col;
}

// One line, without its end, that is broken if it has to be.
static void print_line(const struct page *page, const char *line) {
    char indent[INDENT_BYTES_MAX] = "";
    size_t spaces = strspn(line, " ");

    if (*line == '\0') {
        fputc('\n', page->out);
    } else if (strncmp(line + spaces, "$ ", 2) == 0) {
        print_piece(page->out, line, line + strlen(line));
        fputc('\n', page->out);
    } else {
        spaces = spaces < sizeof indent ? spaces : sizeof indent - 1;
        memset(indent, ' ', spaces);
        page_fill(page->out, indent, indent, line + spaces, page_columns(page));
    }
}

void page_lines(const struct page *page, const char *text) {
    while (*text) {
        size_t bytes = strcspn(text, "\n");
        char *line = strndup(text, bytes);
        if (!line)
            abort(); // a line of text: nothing can go on
        print_line(page, line);
        free(line);
        text += bytes + (text[bytes] == '\n');
    }
}

void page_say(const struct page *page, const char *english, const char *chinese,
              ...) {
    char *text;
    va_list arguments;

    va_start(arguments, chinese);
    int bytes = vasprintf(&text, page->language == CHINESE ? chinese : english,
                          arguments);
    va_end(arguments);
    if (bytes < 0)
        abort();
    page_lines(page, text);
    free(text);
}

void page_heading(const struct page *page, const char *text) {
    const char *bold = page->has_colour ? "\033[1m" : "";
    const char *plain = page->has_colour ? "\033[0m" : "";
    const char *next, *end;

    do {
        end = line_end(text, page_columns(page), &next);
        fputs(bold, page->out);
        print_piece(page->out, text, end);
        fprintf(page->out, "%s\n", plain);
        text = next;
    } while (*text);
}

void page_code(const struct page *page, const char *text) {
    for (size_t bytes; *text; text += bytes + (text[bytes] == '\n')) {
        bytes = strcspn(text, "\n");
        print_piece(page->out, text, text + bytes);
        fputc('\n', page->out);
    }
}

// A paragraph or an item of a list, as it is gathered from its lines.
struct block {
    const struct page *page;
    FILE *stream; // NULL: none is open
    char *text;
    size_t bytes;
    char begin[INDENT_BYTES_MAX], rest[INDENT_BYTES_MAX];
    struct character last;
    bool owes_blank; // an empty line, if more comes
};

static void pay_blank(struct block *block) {
    if (block->owes_blank)
        fputc('\n', block->page->out);
    block->owes_blank = false;
}

static void block_end(struct block *block) {
    if (!block->stream)
        return;
    fclose(block->stream);
    pay_blank(block);
    page_fill(block->page->out, block->begin, block->rest, block->text,
              page_columns(block->page));
    free(block->text);
    block->stream = NULL;
}

// With the `marker` bytes of `line` in front, which other lines hang below.
static void block_begin(struct block *block, const char *line, size_t marker) {
    block_end(block);
    if (marker >= sizeof block->begin)
        marker = sizeof block->begin - 1;
    snprintf(block->begin, sizeof block->begin, "%.*s", (int)marker, line);
    snprintf(block->rest, sizeof block->rest, "%*s", (int)marker, "");
    block->stream = open_memstream(&block->text, &block->bytes);
    if (!block->stream)
        abort();
    block->last = (struct character){0};
}

static bool is_chinese(struct character c) {
    return c.columns == 2 || is_among(c.code, L"“”‘’—…");
}

// Does a space belong between two lines that end and begin so? Chinese has
// none, and its marks bring their own.
static bool wants_space(struct character before, struct character after) {
    bool is_mark = (before.columns == 2 && is_among(before.code, closing)) ||
                   (after.columns == 2 && is_among(after.code, opening));
    return !is_mark && !(is_chinese(before) && is_chinese(after));
}

// The marks of bold type are left out.
static void block_add(struct block *block, const char *line) {
    line += strspn(line, " ");
    if (block->last.code && *line &&
        wants_space(block->last, character_of(line)))
        fputc(' ', block->stream);
    for (struct character c; *line; line += c.bytes) {
        c = character_of(line);
        if (strncmp(line, "**", 2) == 0) {
            c.bytes = 2;
            continue;
        }
        fwrite(line, 1, (size_t)c.bytes, block->stream);
        block->last = c;
    }
}

// The bytes of "  - " or "12. " that an item of a list begins with; or 0.
static size_t item_marker(const char *line) {
    size_t spaces = strspn(line, " ");
    const char *at = line + spaces;
    size_t digits = strspn(at, "0123456789");

    if (strncmp(at, "- ", 2) == 0 || strncmp(at, "* ", 2) == 0)
        return spaces + 2;
    if (digits > 0 && strncmp(at + digits, ". ", 2) == 0)
        return spaces + digits + 2;
    return 0;
}

static void print_whole(struct block *block, const char *indent,
                        const char *line) {
    block_end(block);
    pay_blank(block);
    fputs(indent, block->page->out);
    print_piece(block->page->out, line, line + strlen(line));
    fputc('\n', block->page->out);
}

static void take_line(struct block *block, const char *line) {
    size_t marker = item_marker(line), hashes = strspn(line, "#");
    size_t spaces = strspn(line, " ");

    if (*line == '\0') {
        block_end(block);
        block->owes_blank = true;
    } else if (hashes > 0 && line[hashes] == ' ') {
        block_end(block);
        pay_blank(block);
        line += hashes;
        page_heading(block->page, line + strspn(line, " "));
    } else if (*line == '|' || (spaces >= 4 && !block->stream)) {
        print_whole(block, "", line);
    } else {
        if (marker > 0 || !block->stream)
            block_begin(block, line, marker > 0 ? marker : spaces);
        block_add(block, line + marker);
    }
}

void page_markdown(const struct page *page, const char *text) {
    struct block block = {.page = page};
    bool is_code = false;

    while (*text) {
        size_t bytes = strcspn(text, "\n");
        char *line = strndup(text, bytes);
        if (!line)
            abort();
        if (strncmp(line, "```", 3) == 0) {
            block_end(&block);
            is_code = !is_code;
        } else if (is_code) {
            print_whole(&block, "  ", line);
        } else {
            take_line(&block, line);
        }
        free(line);
        text += bytes + (text[bytes] == '\n');
    }
    block_end(&block);
}
