// grade_book.h - a class: its students, their exercises, and their marks.
//
// Students are in the order of the bytes of their names, exercises in that of
// the course, and nothing else in it depends on when or where it was filled.
#ifndef LAB_CLASSROOM_GRADE_BOOK_H
#define LAB_CLASSROOM_GRADE_BOOK_H

#include "grade_mark.h"

struct grade_student {
    char *name;               // of the folder, as it is: owned
    char *shown;              // the same, fit to be shown: owned
    struct grade_mark *marks; // one an exercise: owned
};

struct grade_book {
    const struct exercise *exercises; // borrowed
    unsigned exercise_count;
    struct grade_student *students; // owned
    unsigned student_count;
    bool speaks[LANGUAGES]; // what is printed for people is in these
};

// A book of no students, which speaks no language yet.
void grade_book_init(struct grade_book *book, const struct exercise *exercises,
                     unsigned exercise_count);
void grade_book_done(struct grade_book *book);

// Copies the name. To be followed by grade_book_sort().
void grade_book_add(struct grade_book *book, const char *name);
void grade_book_sort(struct grade_book *book);

// The points of a student in all exercises, and how many there are to be had.
void grade_book_total(const struct grade_book *book,
                      const struct grade_student *student, int *points,
                      int *points_max);

// How many marks there are still to come; how many could not be given.
unsigned grade_book_waiting(const struct grade_book *book);
unsigned grade_book_failed(const struct grade_book *book);

// What grade_mark_says() says in the book's languages, a line each. Free it
// with free().
char *grade_book_says(const struct grade_book *book,
                      const struct grade_mark *mark);

// A text of a document likewise.
char *grade_book_text(const struct grade_book *book, const json_t *text);

#endif
