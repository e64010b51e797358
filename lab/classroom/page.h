// page.h - text for whoever sits at the terminal: in their language, and as
// wide as their window is at that moment.
//
// What is printed is words in lines, from top to bottom: nothing is drawn over,
// no cursor moves, and colour never says what a word does not. So it reads the
// same to a screen reader, in a pipe and on paper.
//
// Rules
//   - A line is at most 80 columns, or as many as a narrower terminal has; the
//     terminal is asked again for each text, so a resize counts from the next.
//   - Widths are counted in columns (Chinese characters take two), whatever the
//     locale is.
//   - A word is never cut; Chinese is broken between any two characters but
//     before a mark that closes and behind one that opens.
//   - Bytes that are no UTF-8, and control characters, are printed as '?'.
#ifndef LAB_CLASSROOM_PAGE_H
#define LAB_CLASSROOM_PAGE_H

#include "exercise.h"

#include <stdio.h>

enum { PAGE_COLUMNS_MAX = 80, PAGE_COLUMNS_MIN = 20 };

struct page {
    FILE *out; // borrowed
    enum language language;
    bool has_colour; // on a terminal, unless NO_COLOR is set
};

struct page page_of(FILE *out, enum language language);

// The columns that there are now.
int page_columns(const struct page *page);

// The columns that `text` takes.
int page_width(const char *text);

// Prints the one in the page's language. Lines end where the text says, and
// where they must; what is broken goes on below the line's first word. A
// command, which begins with "$ ", stays whole.
void page_say(const struct page *page, const char *english, const char *chinese,
              ...) __attribute__((format(printf, 2, 4), format(printf, 3, 4)));

// The same for a text that is in some language already.
void page_lines(const struct page *page, const char *text);

// The same for Markdown: paragraphs are filled anew, code and tables stay as
// they are.
void page_markdown(const struct page *page, const char *text);

// A file as it is.
void page_code(const struct page *page, const char *text);

// One line, that stands out where there is colour.
void page_heading(const struct page *page, const char *text);

// Prints `text`, broken so that with `begin` before its first line and `rest`
// before the others none has more than `columns`.
void page_fill(FILE *out, const char *begin, const char *rest, const char *text,
               int columns);

#endif
