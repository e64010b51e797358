#include "classroom/grade_json.h"

static json_t *title_json(const struct exercise *exercise) {
    return json_pack("{s:s, s:s}", "en", exercise_title(exercise, ENGLISH),
                     "zh", exercise_title(exercise, CHINESE));
}

static json_t *exercises_json(const struct grade_book *book) {
    json_t *list = json_array();

    for (unsigned at = 0; at < book->exercise_count; at++) {
        struct grade_mark mark;
        grade_mark_init(&mark, &book->exercises[at]);
        json_array_append_new(list, json_pack("{s:s, s:o, s:i}", "name",
                                              book->exercises[at].name, "title",
                                              title_json(&book->exercises[at]),
                                              "points_max", mark.points_max));
    }
    return list;
}

static json_t *mark_json(const struct exercise *exercise,
                         const struct grade_mark *mark) {
    json_t *criteria = json_object_get(mark->document, "criteria");

    return json_pack("{s:s, s:s, s:b, s:i, s:i, s:s?, s:o, s:O}", "exercise",
                     exercise->name, "state", grade_mark_state(mark), "passed",
                     mark->passed, "points", mark->points, "points_max",
                     mark->points_max, "class", grade_mark_class(mark), "says",
                     grade_mark_says_json(mark), "criteria",
                     criteria != NULL ? criteria : json_array());
}

static json_t *student_json(const struct grade_book *book,
                            const struct grade_student *student) {
    json_t *marks = json_array();
    int points, points_max;

    for (unsigned at = 0; at < book->exercise_count; at++)
        json_array_append_new(
            marks, mark_json(&book->exercises[at], &student->marks[at]));
    grade_book_total(book, student, &points, &points_max);
    return json_pack("{s:s, s:i, s:i, s:o}", "name", student->shown, "points",
                     points, "points_max", points_max, "exercises", marks);
}

void grade_json_print(const struct grade_book *book, FILE *out) {
    json_t *students = json_array();

    for (unsigned i = 0; i < book->student_count; i++)
        json_array_append_new(students, student_json(book, &book->students[i]));
    json_t *whole =
        json_pack("{s:b, s:o, s:o}", "complete", grade_book_waiting(book) == 0,
                  "exercises", exercises_json(book), "students", students);
    json_dumpf(whole, out, JSON_INDENT(2));
    fputc('\n', out);
    json_decref(whole);
}
