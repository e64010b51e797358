// legible.h - text by others, made fit to be shown.
//
// What a student named or wrote may hold whatever a file system takes: line
// feeds, escapes that a terminal obeys, marks that turn the direction of
// writing, bytes that are no UTF-8. What comes out of here is UTF-8 and shows
// nothing but itself.
#ifndef LAB_CLASSROOM_LEGIBLE_H
#define LAB_CLASSROOM_LEGIBLE_H

// Gives `name` on one line. What cannot be shown is "\xNN" for a byte and
// "\u{NNNN}" for a character, as is a space at its beginning or end, and a
// backslash is two: so different names stay different. Free it with free().
char *legible_name(const char *name);

// Gives `text`, of any number of lines, with U+FFFD in the place of what cannot
// be shown. Free it with free().
char *legible_text(const char *text);

#endif
