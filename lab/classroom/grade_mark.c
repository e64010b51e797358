#include "classroom/grade_mark.h"

#include "classroom/legible.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const codes[LANGUAGES] = {
    [ENGLISH] = "en", [CHINESE] = "zh"};

// A sentence is `says`, the detail, and `ends`.
static const struct {
    const char *name, *says[LANGUAGES], *ends[LANGUAGES];
} states[] = {
    [GRADE_WAITING] = {"waiting", {"not judged yet", "尚未评判"}, {"", ""}},
    [GRADE_JUDGED] = {"judged", {"judged", "已评判"}, {"", ""}},
    [GRADE_ABSENT] = {"not-handed-in", {"not handed in", "未提交"}, {"", ""}},
    [GRADE_NO_FOLDER] = {"no-folder",
                         {"a folder is wanted; files, pipes and symbolic links "
                          "are not opened",
                          "这里应是文件夹；文件、管道和符号链接一律不打开"},
                         {"", ""}},
    [GRADE_UNREADABLE] = {"unreadable",
                          {"the folder cannot be opened: ", "文件夹无法打开："},
                          {"", ""}},
    [GRADE_TIME] = {"time",
                    {"the judge was stopped after ", "评判在 "},
                    {"", " 内没有结束，已中止"}},
    [GRADE_OUTPUT] = {"output",
                      {"the judge was stopped, it printed more than it may",
                       "评判程序输出过多，已中止"},
                      {"", ""}},
    [GRADE_KILLED] = {"killed",
                      {"the judge was killed by signal ", "评判程序被信号 "},
                      {"", " 终止"}},
    [GRADE_GARBLED] = {"garbled",
                       {"what the judge printed is no verdict",
                        "评判程序输出的不是判定结果"},
                       {"", ""}},
    [GRADE_TROUBLE] = {"trouble",
                       {"it cannot be judged: ", "无法评判："},
                       {"", ""}},
};

// The points that all criteria of an exercise bring together.
static int points_of(const struct exercise *exercise) {
    const char *criterion;
    json_t *points;
    int sum = 0;

    json_object_foreach(json_object_get(exercise->json, "points"), criterion,
                        points) sum += (int)json_integer_value(points);
    return sum;
}

void grade_mark_init(struct grade_mark *mark, const struct exercise *exercise) {
    *mark = (struct grade_mark){.points_max = points_of(exercise)};
}

void grade_mark_done(struct grade_mark *mark) {
    json_decref(mark->document);
    free(mark->detail);
}

void grade_mark_fail(struct grade_mark *mark, enum grade_state state,
                     const char *detail) {
    mark->state = state;
    mark->detail = detail != NULL ? legible_text(detail) : NULL;
}

// What a document must be like.

static bool is_text(const json_t *text) {
    return json_is_string(json_object_get(text, "en")) &&
           json_is_string(json_object_get(text, "zh"));
}

// Such as programs look for: "late_copy".
static bool is_word(const json_t *word) {
    const char *text = json_string_value(word);

    return text != NULL && *text != '\0' &&
           text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789._-")] ==
               '\0';
}

static bool is_text_or_null(const json_t *text) {
    return json_is_null(text) || is_text(text);
}

static bool are_points(const json_t *points, const json_t *most) {
    return json_is_integer(points) && json_is_integer(most) &&
           json_integer_value(points) >= 0 &&
           json_integer_value(points) <= json_integer_value(most) &&
           json_integer_value(most) <= GRADE_POINTS_MAX;
}

static bool is_criterion(const json_t *criterion) {
    return is_word(json_object_get(criterion, "id")) &&
           is_text(json_object_get(criterion, "title")) &&
           json_is_boolean(json_object_get(criterion, "passed")) &&
           are_points(json_object_get(criterion, "points"),
                      json_object_get(criterion, "points_max")) &&
           is_text_or_null(json_object_get(criterion, "says"));
}

static bool are_criteria(const json_t *criteria) {
    size_t index;
    json_t *criterion;

    if (!json_is_array(criteria))
        return false;
    json_array_foreach(criteria, index, criterion) {
        if (!is_criterion(criterion))
            return false;
    }
    return true;
}

static bool is_refusal(const json_t *refused) {
    return json_is_null(refused) || (is_word(json_object_get(refused, "why")) &&
                                     is_text(json_object_get(refused, "says")));
}

static bool is_class(const json_t *class, const json_t *says) {
    return (json_is_null(class) || is_word(class)) && is_text_or_null(says);
}

static bool is_verdict(const json_t *document, const char *exercise) {
    const char *name = json_string_value(json_object_get(document, "exercise"));

    return name != NULL && strcmp(name, exercise) == 0 &&
           json_is_boolean(json_object_get(document, "passed")) &&
           are_points(json_object_get(document, "points"),
                      json_object_get(document, "points_max")) &&
           is_class(json_object_get(document, "class"),
                    json_object_get(document, "class_says")) &&
           is_refusal(json_object_get(document, "refused")) &&
           are_criteria(json_object_get(document, "criteria"));
}

// Taking one.

static void take_document(struct grade_mark *mark,
                          const struct exercise *exercise,
                          const struct grade_ending *ending) {
    json_t *document = json_loadb(ending->output, ending->output_bytes,
                                  JSON_REJECT_DUPLICATES, NULL);

    if (!is_verdict(document, exercise->name) ||
        json_is_true(json_object_get(document, "passed")) !=
            (ending->status == 0)) {
        json_decref(document);
        grade_mark_fail(mark, GRADE_GARBLED, NULL);
        return;
    }
    mark->state = GRADE_JUDGED;
    mark->document = document;
    mark->passed = ending->status == 0;
    mark->points = (int)json_integer_value(json_object_get(document, "points"));
    mark->points_max =
        (int)json_integer_value(json_object_get(document, "points_max"));
}

// The first line of what the judge complained of.
static void take_complaint(struct grade_mark *mark,
                           const struct grade_ending *ending) {
    size_t bytes = strcspn(ending->errors, "\n");
    char line[256];

    if (bytes > 0)
        snprintf(line, sizeof line, "%.*s", (int)bytes, ending->errors);
    else
        snprintf(line, sizeof line, "exit status %d", ending->status);
    grade_mark_fail(mark, GRADE_TROUBLE, line);
}

void grade_mark_take(struct grade_mark *mark, const struct exercise *exercise,
                     const struct grade_ending *ending) {
    char detail[64];

    if (ending->is_late) {
        snprintf(detail, sizeof detail, "%u s", ending->limit_s);
        grade_mark_fail(mark, GRADE_TIME, detail);
    } else if (ending->is_loud) {
        grade_mark_fail(mark, GRADE_OUTPUT, NULL);
    } else if (ending->signal != 0) {
        snprintf(detail, sizeof detail, "%d (%s)", ending->signal,
                 strsignal(ending->signal));
        grade_mark_fail(mark, GRADE_KILLED, detail);
    } else if (ending->status > 1) {
        take_complaint(mark, ending);
    } else {
        take_document(mark, exercise, ending);
    }
}

// What is said of one.

const char *grade_mark_state(const struct grade_mark *mark) {
    return states[mark->state].name;
}

const char *grade_mark_class(const struct grade_mark *mark) {
    if (json_is_object(json_object_get(mark->document, "refused")))
        return "refused";
    return json_string_value(json_object_get(mark->document, "class"));
}

char *grade_mark_text(const json_t *text, enum language language) {
    const char *said =
        json_string_value(json_object_get(text, codes[language]));

    return legible_text(said != NULL ? said : "");
}

// The criteria that do not hold, by their titles.
static void print_failed(const struct grade_mark *mark, enum language language,
                         FILE *out) {
    size_t index;
    json_t *criterion;
    const char *before = language == CHINESE ? "未达到：" : "does not hold: ";

    json_array_foreach(json_object_get(mark->document, "criteria"), index,
                       criterion) {
        if (json_is_true(json_object_get(criterion, "passed")))
            continue;
        char *title =
            grade_mark_text(json_object_get(criterion, "title"), language);
        fprintf(out, "%s%s", before, title);
        free(title);
        before = language == CHINESE ? "；" : "; ";
    }
}

static void print_judged(const struct grade_mark *mark, enum language language,
                         FILE *out) {
    const json_t *refused = json_object_get(mark->document, "refused");
    const json_t *says = json_is_object(refused)
                             ? json_object_get(refused, "says")
                             : json_object_get(mark->document, "class_says");
    const char *class = grade_mark_class(mark);

    if (class == NULL || !is_text(says)) {
        print_failed(mark, language, out);
        return;
    }
    char *text = grade_mark_text(says, language);
    fprintf(out, "%s%s%s", class, language == CHINESE ? "：" : ": ", text);
    free(text);
}

static void print_unjudged(const struct grade_mark *mark,
                           enum language language, FILE *out) {
    fprintf(out, "%s%s%s", states[mark->state].says[language],
            mark->detail != NULL ? mark->detail : "",
            states[mark->state].ends[language]);
}

char *grade_mark_says(const struct grade_mark *mark, enum language language) {
    char *text = NULL;
    size_t bytes;
    FILE *out = open_memstream(&text, &bytes);

    if (out == NULL)
        abort(); // a line of text: nothing can go on
    if (mark->state == GRADE_JUDGED)
        print_judged(mark, language, out);
    else
        print_unjudged(mark, language, out);
    fclose(out);
    return text;
}

json_t *grade_mark_says_json(const struct grade_mark *mark) {
    json_t *says = json_object();

    for (int language = 0; language < LANGUAGES; language++) {
        char *text = grade_mark_says(mark, (enum language)language);
        json_object_set_new(says, codes[language], json_string(text));
        free(text);
    }
    return says;
}
