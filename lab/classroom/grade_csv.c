#include "classroom/grade_csv.h"

#include <string.h>

// In quotes where the comma, the quote or an end of line is in it. A tab and a
// carriage return cannot be: what is shown has no control characters.
static void print_cell(const char *text, FILE *out) {
    const char *guard = *text != '\0' && strchr("=+-@", *text) ? "'" : "";

    if (strpbrk(text, ",\"\n") == NULL) {
        fprintf(out, "%s%s", guard, text);
        return;
    }
    fprintf(out, "\"%s", guard);
    for (; *text != '\0'; text++) {
        if (*text == '"')
            fputc('"', out);
        fputc(*text, out);
    }
    fputc('"', out);
}

static void print_head(const struct grade_book *book, FILE *out) {
    fputs("student", out);
    for (unsigned at = 0; at < book->exercise_count; at++) {
        const char *name = book->exercises[at].name;
        fprintf(out, ",%s,%s note", name, name);
    }
    fputs(",total,total_max\r\n", out);
}

static const char *note(const struct grade_mark *mark) {
    if (mark->state != GRADE_JUDGED)
        return grade_mark_state(mark);
    const char *class = grade_mark_class(mark);
    return class != NULL ? class : "";
}

void grade_csv_print(const struct grade_book *book, FILE *out) {
    print_head(book, out);
    for (unsigned i = 0; i < book->student_count; i++) {
        const struct grade_student *student = &book->students[i];
        int points, points_max;
        print_cell(student->shown, out);
        for (unsigned at = 0; at < book->exercise_count; at++) {
            fprintf(out, ",%d,", student->marks[at].points);
            print_cell(note(&student->marks[at]), out);
        }
        grade_book_total(book, student, &points, &points_max);
        fprintf(out, ",%d,%d\r\n", points, points_max);
    }
}
