#include "classroom/grade_book.h"

#include "classroom/legible.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void grade_book_init(struct grade_book *book, const struct exercise *exercises,
                     unsigned exercise_count) {
    *book = (struct grade_book){
        .exercises = exercises,
        .exercise_count = exercise_count,
    };
}

void grade_book_done(struct grade_book *book) {
    for (unsigned i = 0; i < book->student_count; i++) {
        struct grade_student *student = &book->students[i];
        for (unsigned at = 0; at < book->exercise_count; at++)
            grade_mark_done(&student->marks[at]);
        free(student->marks);
        free(student->name);
        free(student->shown);
    }
    free(book->students);
}

void grade_book_add(struct grade_book *book, const char *name) {
    struct grade_student *students =
        realloc(book->students, (book->student_count + 1) * sizeof *students);
    struct grade_student student = {
        .name = strdup(name),
        .shown = legible_name(name),
        .marks = calloc(book->exercise_count, sizeof *student.marks),
    };

    if (students == NULL || student.name == NULL || student.marks == NULL)
        abort(); // out of memory: nothing can go on
    for (unsigned at = 0; at < book->exercise_count; at++)
        grade_mark_init(&student.marks[at], &book->exercises[at]);
    book->students = students;
    students[book->student_count++] = student;
}

static int by_name(const void *a, const void *b) {
    const struct grade_student *one = a, *other = b;

    return strcmp(one->name, other->name);
}

void grade_book_sort(struct grade_book *book) {
    if (book->student_count > 0)
        qsort(book->students, book->student_count, sizeof *book->students,
              by_name);
}

void grade_book_total(const struct grade_book *book,
                      const struct grade_student *student, int *points,
                      int *points_max) {
    *points = *points_max = 0;
    for (unsigned at = 0; at < book->exercise_count; at++) {
        *points += student->marks[at].points;
        *points_max += student->marks[at].points_max;
    }
}

static unsigned count(const struct grade_book *book,
                      bool (*is_counted)(const struct grade_mark *mark)) {
    unsigned sum = 0;

    for (unsigned i = 0; i < book->student_count; i++)
        for (unsigned at = 0; at < book->exercise_count; at++)
            sum += is_counted(&book->students[i].marks[at]);
    return sum;
}

static bool is_waiting(const struct grade_mark *mark) {
    return mark->state == GRADE_WAITING;
}

static bool has_failed(const struct grade_mark *mark) {
    return mark->state != GRADE_WAITING && mark->state != GRADE_JUDGED &&
           mark->state != GRADE_ABSENT;
}

unsigned grade_book_waiting(const struct grade_book *book) {
    return count(book, is_waiting);
}

unsigned grade_book_failed(const struct grade_book *book) {
    return count(book, has_failed);
}

// Joins what is said in the languages of the book; takes the texts.
static char *join(const struct grade_book *book, char *texts[LANGUAGES]) {
    bool is_both = book->speaks[ENGLISH] && book->speaks[CHINESE];
    char *joined = NULL;

    if (asprintf(&joined, "%s%s%s", book->speaks[ENGLISH] ? texts[ENGLISH] : "",
                 is_both && *texts[ENGLISH] ? "\n" : "",
                 book->speaks[CHINESE] ? texts[CHINESE] : "") < 0)
        abort(); // a line of text: nothing can go on
    for (int language = 0; language < LANGUAGES; language++)
        free(texts[language]);
    return joined;
}

char *grade_book_says(const struct grade_book *book,
                      const struct grade_mark *mark) {
    char *texts[LANGUAGES] = {
        [ENGLISH] = grade_mark_says(mark, ENGLISH),
        [CHINESE] = grade_mark_says(mark, CHINESE),
    };

    return join(book, texts);
}

char *grade_book_text(const struct grade_book *book, const json_t *text) {
    char *texts[LANGUAGES] = {
        [ENGLISH] = grade_mark_text(text, ENGLISH),
        [CHINESE] = grade_mark_text(text, CHINESE),
    };

    return join(book, texts);
}
