#include "classroom/grade_junit.h"

#include <stdlib.h>
#include <string.h>

// The text is fit to be shown: no character in it is illegal in XML. An end of
// line within an attribute would come back as a space.
static void print_escaped(const char *text, FILE *out) {
    for (; *text != '\0'; text++) {
        switch (*text) {
        case '<':
            fputs("&lt;", out);
            break;
        case '>':
            fputs("&gt;", out);
            break;
        case '&':
            fputs("&amp;", out);
            break;
        case '"':
            fputs("&quot;", out);
            break;
        case '\n':
            fputs("&#10;", out);
            break;
        default:
            fputc(*text, out);
        }
    }
}

static void print_attribute(const char *name, const char *value, FILE *out) {
    fprintf(out, " %s=\"", name);
    print_escaped(value, out);
    fputc('"', out);
}

struct counts {
    int tests, failures, errors, skipped;
};

static void count_mark(const struct grade_mark *mark, struct counts *counts) {
    size_t index;
    json_t *criterion;

    if (mark->state != GRADE_JUDGED) {
        bool is_skipped =
            mark->state == GRADE_ABSENT || mark->state == GRADE_WAITING;
        counts->tests++;
        counts->skipped += is_skipped;
        counts->errors += !is_skipped;
    }
    json_array_foreach(json_object_get(mark->document, "criteria"), index,
                       criterion) {
        counts->tests++;
        counts->failures += !json_is_true(json_object_get(criterion, "passed"));
    }
}

static void print_counts(const struct counts *counts, FILE *out) {
    fprintf(out, " tests=\"%d\" failures=\"%d\" errors=\"%d\"", counts->tests,
            counts->failures, counts->errors);
}

// The beginning of a case. A class of a build server is a student's exercise.
static void print_case(const struct grade_student *student,
                       const struct exercise *exercise, const char *name,
                       FILE *out) {
    fputs("    <testcase", out);
    print_attribute("name", name, out);
    fputs(" classname=\"", out);
    print_escaped(student->shown, out);
    fprintf(out, ".%s\"", exercise->name);
}

static void print_reason(const char *element, const char *type,
                         const char *says, FILE *out) {
    fprintf(out, ">\n      <%s", element);
    print_attribute("type", type, out);
    print_attribute("message", says, out);
    fputs("/>\n    </testcase>\n", out);
}

static void print_unjudged(const struct grade_book *book,
                           const struct grade_student *student,
                           const struct exercise *exercise,
                           const struct grade_mark *mark, FILE *out) {
    bool is_skipped =
        mark->state == GRADE_ABSENT || mark->state == GRADE_WAITING;
    char *says = grade_book_says(book, mark);

    print_case(student, exercise, "verdict", out);
    print_reason(is_skipped ? "skipped" : "error", grade_mark_state(mark), says,
                 out);
    free(says);
}

static void print_criterion(const struct grade_book *book,
                            const struct grade_student *student,
                            const struct exercise *exercise,
                            const json_t *criterion, FILE *out) {
    const char *id = json_string_value(json_object_get(criterion, "id"));
    char *title = grade_book_text(book, json_object_get(criterion, "title"));

    print_case(student, exercise, title, out);
    free(title);
    if (json_is_true(json_object_get(criterion, "passed"))) {
        fputs("/>\n", out);
        return;
    }
    char *says = grade_book_text(book, json_object_get(criterion, "says"));
    print_reason("failure", id, says, out);
    free(says);
}

static void print_mark(const struct grade_book *book,
                       const struct grade_student *student,
                       const struct exercise *exercise,
                       const struct grade_mark *mark, FILE *out) {
    size_t index;
    json_t *criterion;

    if (mark->state != GRADE_JUDGED)
        print_unjudged(book, student, exercise, mark, out);
    json_array_foreach(json_object_get(mark->document, "criteria"), index,
                       criterion) {
        print_criterion(book, student, exercise, criterion, out);
    }
}

static void print_student(const struct grade_book *book,
                          const struct grade_student *student, FILE *out) {
    struct counts counts = {0};

    for (unsigned at = 0; at < book->exercise_count; at++)
        count_mark(&student->marks[at], &counts);
    fputs("  <testsuite", out);
    print_attribute("name", student->shown, out);
    print_counts(&counts, out);
    fprintf(out, " skipped=\"%d\">\n", counts.skipped);
    for (unsigned at = 0; at < book->exercise_count; at++)
        print_mark(book, student, &book->exercises[at], &student->marks[at],
                   out);
    fputs("  </testsuite>\n", out);
}

void grade_junit_print(const struct grade_book *book, FILE *out) {
    struct counts counts = {0};

    for (unsigned i = 0; i < book->student_count; i++)
        for (unsigned at = 0; at < book->exercise_count; at++)
            count_mark(&book->students[i].marks[at], &counts);
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
          "<testsuites name=\"racelab grade\"",
          out);
    print_counts(&counts, out);
    fputs(">\n", out);
    for (unsigned i = 0; i < book->student_count; i++)
        print_student(book, &book->students[i], out);
    fputs("</testsuites>\n", out);
}
