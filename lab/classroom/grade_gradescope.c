#include "classroom/grade_gradescope.h"

#include "classroom/legible.h"

#include <stdlib.h>

static json_t *test_json(char *name, int score, int score_max, bool passed,
                         char *output, json_t *tags) {
    json_t *test = json_pack(
        "{s:s, s:s, s:i, s:i, s:s, s:s, s:s, s:s, s:o}", "name", name,
        "name_format", "text", "score", score, "max_score", score_max, "status",
        passed ? "passed" : "failed", "output", output, "output_format", "text",
        "visibility", "visible", "tags", tags);

    free(name);
    free(output);
    return test;
}

// In the book's languages, one line.
static char *name_of(const struct exercise *exercise, char *title) {
    char *name = NULL;

    for (char *at = title; *at != '\0'; at++)
        if (*at == '\n')
            *at = ' ';
    if (asprintf(&name, "%s%s%s", exercise->name, *title != '\0' ? ": " : "",
                 title) < 0)
        abort(); // a line of text: nothing can go on
    free(title);
    return name;
}

// A schedule that shows it, and how to have it at home: `racelab check` writes
// it beside the repair, where the command finds it.
static void print_schedule(const struct grade_book *book,
                           const struct exercise *exercise,
                           const json_t *criterion, FILE *out) {
    const char *command =
        json_string_value(json_object_get(criterion, "command"));
    const char *schedule =
        json_string_value(json_object_get(criterion, "schedule"));

    if (command == NULL || schedule == NULL)
        return;
    if (book->speaks[ENGLISH])
        fprintf(out,
                "\n\nThis schedule shows it. `racelab check %s` finds it, too, "
                "and writes it beside fix.c; there it can be replayed:",
                exercise->name);
    if (book->speaks[CHINESE])
        fprintf(out,
                "\n\n用下面的调度可以重现。`racelab check %s` 也会找到它，写在 "
                "fix.c 旁边，在那里就能重放：",
                exercise->name);
    char *text = legible_text(schedule), *line = legible_text(command);
    fprintf(out, "\n    %s\n\n%s", line, text);
    free(line);
    free(text);
}

static char *output_of(const struct grade_book *book,
                       const struct exercise *exercise,
                       const json_t *criterion) {
    char *says = grade_book_text(book, json_object_get(criterion, "says"));
    char *output = NULL;
    size_t bytes;
    FILE *out = open_memstream(&output, &bytes);

    if (out == NULL)
        abort(); // a few lines of text: nothing can go on
    fputs(says, out);
    print_schedule(book, exercise, criterion, out);
    fclose(out);
    free(says);
    return output;
}

static json_t *criterion_json(const struct grade_book *book,
                              const struct exercise *exercise,
                              const json_t *criterion) {
    const json_t *id = json_object_get(criterion, "id");
    const json_t *title = json_object_get(criterion, "title");
    const json_t *points = json_object_get(criterion, "points");
    const json_t *points_max = json_object_get(criterion, "points_max");

    return test_json(
        name_of(exercise, grade_book_text(book, title)),
        (int)json_integer_value(points), (int)json_integer_value(points_max),
        json_is_true(json_object_get(criterion, "passed")),
        output_of(book, exercise, criterion),
        json_pack("[s, s]", exercise->name, json_string_value(id)));
}

// The criteria of a mark, or one test that says why there are none.
static void add_mark(const struct grade_book *book,
                     const struct exercise *exercise,
                     const struct grade_mark *mark, json_t *tests) {
    size_t index;
    json_t *criterion;

    if (mark->state != GRADE_JUDGED)
        json_array_append_new(tests,
                              test_json(name_of(exercise, calloc(1, 1)), 0,
                                        mark->points_max, false,
                                        grade_book_says(book, mark),
                                        json_pack("[s, s]", exercise->name,
                                                  grade_mark_state(mark))));
    json_array_foreach(json_object_get(mark->document, "criteria"), index,
                       criterion) {
        json_array_append_new(tests, criterion_json(book, exercise, criterion));
    }
}

static void print_summary(const struct grade_book *book, FILE *out) {
    const struct grade_student *student = &book->students[0];
    unsigned waiting = grade_book_waiting(book);

    if (waiting > 0 && book->speaks[ENGLISH])
        fprintf(out, "Not complete: %u of %u exercises are not judged yet.\n",
                waiting, book->exercise_count);
    if (waiting > 0 && book->speaks[CHINESE])
        fprintf(out, "尚未完成：共 %u 道练习，还有 %u 道没有评判。\n",
                book->exercise_count, waiting);
    for (unsigned at = 0; at < book->exercise_count; at++) {
        const struct grade_mark *mark = &student->marks[at];
        char *says = grade_book_says(book, mark);
        fprintf(out, "%s %d/%d%s%s\n", book->exercises[at].name, mark->points,
                mark->points_max, *says != '\0' ? " " : "", says);
        free(says);
    }
}

void grade_gradescope_print(const struct grade_book *book, FILE *out) {
    json_t *tests = json_array();
    char *summary = NULL;
    size_t bytes;
    FILE *stream = open_memstream(&summary, &bytes);

    if (stream == NULL)
        abort(); // a few lines of text: nothing can go on
    print_summary(book, stream);
    fclose(stream);
    for (unsigned at = 0; at < book->exercise_count; at++)
        add_mark(book, &book->exercises[at], &book->students[0].marks[at],
                 tests);
    json_t *results = json_pack(
        "{s:s, s:s, s:s, s:s, s:o}", "output", summary, "output_format", "text",
        "visibility", "visible", "stdout_visibility", "hidden", "tests", tests);
    free(summary);
    json_dumpf(results, out, JSON_INDENT(2));
    fputc('\n', out);
    json_decref(results);
}
