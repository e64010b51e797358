#include "classroom/grade_table.h"

#include "classroom/page.h"

#include <stdlib.h>
#include <string.h>

enum {
    NAME_COLUMNS_MIN = 8,  // as wide as its heading
    NAME_COLUMNS_MAX = 26, // with ten exercises a line has 80
    CELL_COLUMNS = 4,
    TOTAL_COLUMNS = 10,
};

// A word for people, in the book's languages.
static void print_word(const struct grade_book *book, const char *english,
                       const char *chinese, FILE *out) {
    bool is_both = book->speaks[ENGLISH] && book->speaks[CHINESE];

    fprintf(out, "%s%s%s", book->speaks[ENGLISH] ? english : "",
            is_both ? " / " : "", book->speaks[CHINESE] ? chinese : "");
}

static void print_blank(int columns, FILE *out) {
    fprintf(out, "%*s", columns > 0 ? columns : 0, "");
}

// Takes characters from the end of `name` until it fits.
static void cut(char *name, int columns) {
    size_t bytes = strlen(name);

    while (page_width(name) > columns) {
        do
            bytes--;
        while (((unsigned char)name[bytes] & 0xC0) == 0x80);
        name[bytes] = '\0';
    }
}

static void print_name(const char *name, int columns, FILE *out) {
    char *part = strdup(name);

    if (part == NULL)
        abort(); // a line of text: nothing can go on
    bool is_whole = page_width(part) <= columns;
    if (!is_whole)
        cut(part, columns - 1);
    fprintf(out, "%s%s", part, is_whole ? "" : "…");
    print_blank(columns - page_width(part) - !is_whole, out);
    free(part);
}

// The points: a row a student, a column an exercise.

static int name_columns(const struct grade_book *book) {
    int most = 0;

    for (unsigned i = 0; i < book->student_count; i++) {
        int width = page_width(book->students[i].shown);
        most = width > most ? width : most;
    }
    most = most < NAME_COLUMNS_MIN ? NAME_COLUMNS_MIN : most;
    return most > NAME_COLUMNS_MAX ? NAME_COLUMNS_MAX : most;
}

// The number of an exercise heads its column; the name, if it is the only one.
static int cell_columns(const struct grade_book *book) {
    return book->exercise_count > 1 ? CELL_COLUMNS
                                    : (int)strlen(book->exercises[0].name);
}

static void print_head(const struct grade_book *book, int columns, FILE *out) {
    bool is_english = book->speaks[ENGLISH];

    print_name(is_english ? "student" : "学生", columns, out);
    for (unsigned at = 0; at < book->exercise_count; at++)
        if (book->exercise_count > 1)
            fprintf(out, " %*.2d", CELL_COLUMNS, book->exercises[at].number);
        else
            fprintf(out, " %s", book->exercises[at].name);
    print_blank(TOTAL_COLUMNS - (is_english ? 5 : 4), out);
    fprintf(out, " %s\n", is_english ? "total" : "总分");
}

static const char *sign_of(enum grade_state state) {
    return state == GRADE_ABSENT ? "-" : state == GRADE_WAITING ? "." : "?";
}

static void print_row(const struct grade_book *book,
                      const struct grade_student *student, int columns,
                      FILE *out) {
    char total[2 * TOTAL_COLUMNS + 4];
    int points, points_max, width = cell_columns(book);

    print_name(student->shown, columns, out);
    for (unsigned at = 0; at < book->exercise_count; at++) {
        const struct grade_mark *mark = &student->marks[at];
        if (mark->state == GRADE_JUDGED)
            fprintf(out, " %*d", width, mark->points);
        else
            fprintf(out, " %*s", width, sign_of(mark->state));
    }
    grade_book_total(book, student, &points, &points_max);
    snprintf(total, sizeof total, "%d/%d", points, points_max);
    fprintf(out, " %*s\n", TOTAL_COLUMNS, total);
}

static bool has_state(const struct grade_book *book, const char *sign) {
    for (unsigned i = 0; i < book->student_count; i++)
        for (unsigned at = 0; at < book->exercise_count; at++) {
            enum grade_state state = book->students[i].marks[at].state;
            if (state != GRADE_JUDGED && strcmp(sign_of(state), sign) == 0)
                return true;
        }
    return false;
}

static void print_signs(const struct grade_book *book, FILE *out) {
    static const struct {
        const char *sign, *english, *chinese;
    } signs[] = {
        {"-", "not handed in", "未提交"},
        {"?", "could not be judged, see below", "无法评判，见下"},
        {".", "not judged yet", "尚未评判"},
    };

    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        if (!has_state(book, signs[i].sign))
            continue;
        fprintf(out, "%s  ", signs[i].sign);
        print_word(book, signs[i].english, signs[i].chinese, out);
        fputc('\n', out);
    }
}

// What is behind the points that are missing.

static bool is_worth_a_line(const struct grade_mark *mark) {
    if (mark->state == GRADE_JUDGED)
        return mark->points < mark->points_max;
    return mark->state != GRADE_ABSENT && mark->state != GRADE_WAITING;
}

static void print_mark(const struct grade_book *book,
                       const struct exercise *exercise,
                       const struct grade_mark *mark, FILE *out) {
    char begin[sizeof exercise->name + 32], rest[] = "    ";
    char *says = grade_book_says(book, mark), *at = says;

    snprintf(begin, sizeof begin, "  %s %d/%d ", exercise->name, mark->points,
             mark->points_max);
    for (char *line; (line = strsep(&at, "\n")) != NULL;)
        page_fill(out, line == says ? begin : rest, rest, line,
                  PAGE_COLUMNS_MAX);
    free(says);
}

static void print_reasons(const struct grade_book *book, FILE *out) {
    for (unsigned i = 0; i < book->student_count; i++) {
        const struct grade_student *student = &book->students[i];
        bool is_named = false;
        for (unsigned at = 0; at < book->exercise_count; at++) {
            if (!is_worth_a_line(&student->marks[at]))
                continue;
            if (!is_named)
                fprintf(out, "\n%s\n", student->shown);
            is_named = true;
            print_mark(book, &book->exercises[at], &student->marks[at], out);
        }
    }
}

// What the class made of each exercise.

struct tally {
    const char *class;
    unsigned count;
};

// The most frequent first; of equals, by name.
static int by_count(const void *a, const void *b) {
    const struct tally *one = a, *other = b;

    if (one->count != other->count)
        return one->count > other->count ? -1 : 1;
    return strcmp(one->class, other->class);
}

static void count_class(struct tally *tallies, unsigned *count,
                        const char *class) {
    unsigned i = 0;

    while (i < *count && strcmp(tallies[i].class, class) != 0)
        i++;
    if (i == *count)
        tallies[(*count)++] = (struct tally){.class = class};
    tallies[i].count++;
}

// "; CLASS COUNT, CLASS COUNT".
static void print_classes(const struct grade_book *book, unsigned at,
                          FILE *out) {
    struct tally *tallies = calloc(book->student_count + 1, sizeof *tallies);
    unsigned count = 0;

    if (tallies == NULL)
        abort(); // out of memory: nothing can go on
    for (unsigned i = 0; i < book->student_count; i++) {
        const char *class = grade_mark_class(&book->students[i].marks[at]);
        if (class != NULL)
            count_class(tallies, &count, class);
    }
    qsort(tallies, count, sizeof *tallies, by_count);
    for (unsigned i = 0; i < count; i++)
        fprintf(out, "%s %s %u", i == 0 ? ";" : ",", tallies[i].class,
                tallies[i].count);
    free(tallies);
}

static void print_passed(const struct grade_book *book, unsigned at,
                         FILE *out) {
    unsigned passed = 0, handed_in = 0;
    char english[64], chinese[64];

    for (unsigned i = 0; i < book->student_count; i++) {
        const struct grade_mark *mark = &book->students[i].marks[at];
        passed += mark->passed;
        handed_in += mark->state != GRADE_ABSENT;
    }
    snprintf(english, sizeof english, "%u of %u passed", passed, handed_in);
    snprintf(chinese, sizeof chinese, "%u 份中 %u 份通过", handed_in, passed);
    print_word(book, english, chinese, out);
}

static void print_exercise(const struct grade_book *book, unsigned at,
                           FILE *out) {
    char begin[sizeof book->exercises->name + 4], *text = NULL;
    size_t bytes;
    FILE *stream = open_memstream(&text, &bytes);

    if (stream == NULL)
        abort(); // a line of text: nothing can go on
    print_passed(book, at, stream);
    print_classes(book, at, stream);
    fclose(stream);
    snprintf(begin, sizeof begin, "%s  ", book->exercises[at].name);
    page_fill(out, begin, "    ", text, PAGE_COLUMNS_MAX);
    free(text);
}

static void print_state(const struct grade_book *book, FILE *out) {
    unsigned all = book->student_count * book->exercise_count;
    unsigned judged = all - grade_book_waiting(book);
    char english[64], chinese[64];

    if (judged == all)
        return;
    snprintf(english, sizeof english, "Not complete: %u of %u are judged.",
             judged, all);
    snprintf(chinese, sizeof chinese, "尚未完成：共 %u 份，已评判 %u 份。", all,
             judged);
    print_word(book, english, chinese, out);
    fputs("\n\n", out);
}

void grade_table_print(const struct grade_book *book, FILE *out) {
    int columns = name_columns(book);

    print_state(book, out);
    print_head(book, columns, out);
    for (unsigned i = 0; i < book->student_count; i++)
        print_row(book, &book->students[i], columns, out);
    print_signs(book, out);
    print_reasons(book, out);
    if (book->student_count < 2)
        return;
    fputc('\n', out);
    for (unsigned at = 0; at < book->exercise_count; at++)
        print_exercise(book, at, out);
}
