#include "overview.h"

#include "course.h"

#include <stdlib.h>

// Narrower than this, and a title has a line of its own.
enum { TABLE_COLUMNS_MIN = 60 };

const struct exercise *overview_next(const struct exercise_list *list,
                                     const struct progress *progress) {
    for (unsigned i = 0; i < list->count; i++)
        if (!progress_has_passed(progress, list->entries[i].name))
            return &list->entries[i];
    return NULL;
}

static unsigned count_passed(const struct exercise_list *list,
                             const struct progress *progress) {
    unsigned passed = 0;
    for (unsigned i = 0; i < list->count; i++)
        passed += progress_has_passed(progress, list->entries[i].name);
    return passed;
}

enum state { NOT_BEGUN, BEGUN, PASSED };

static enum state state_of(const struct learner *learner,
                           const struct progress *progress,
                           const struct exercise *exercise) {
    if (progress_has_passed(progress, exercise->name))
        return PASSED;
    return course_has(learner, exercise) ? BEGUN : NOT_BEGUN;
}

static const char *state_word(enum state state, enum language language) {
    static const char *const words[][LANGUAGES] = {
        [NOT_BEGUN] = {"not begun", "未开始"},
        [BEGUN] = {"begun", "进行中"},
        [PASSED] = {"passed", "已通过"},
    };
    return words[state][language];
}

static void pad(FILE *out, const char *text, int columns) {
    int width = page_width(text);
    fprintf(out, "%s%*s", text, width < columns ? columns - width : 0, "");
}

static int widest_name(const struct exercise_list *list) {
    int widest = 0;
    for (unsigned i = 0; i < list->count; i++) {
        int width = page_width(list->entries[i].name);
        widest = width > widest ? width : widest;
    }
    return widest;
}

static void print_row(const struct learner *learner,
                      const struct progress *progress,
                      const struct exercise *exercise, int name_columns) {
    const struct page *page = &learner->page;
    const char *word =
        state_word(state_of(learner, progress, exercise), page->language);
    const char *title = exercise_title(exercise, page->language);
    char *begin, rest[128];
    size_t bytes;

    if (page_columns(page) < TABLE_COLUMNS_MIN) {
        fprintf(page->out, "  %s: %s\n", exercise->name, word);
        page_fill(page->out, "    ", "    ", title, page_columns(page));
        return;
    }
    FILE *out = open_memstream(&begin, &bytes);
    if (!out)
        abort();
    fputs("  ", out);
    pad(out, exercise->name, name_columns + 2);
    pad(out, word, page_width("not begun") + 2);
    fclose(out);
    snprintf(rest, sizeof rest, "%*s", page_width(begin), "");
    page_fill(page->out, begin, rest, title, page_columns(page));
    free(begin);
}

static void print_next(const struct learner *learner,
                       const struct exercise *next) {
    if (next)
        page_say(&learner->page, "\nNext is %s:", "\n接下来是 %s：",
                 next->name);
    else
        page_say(&learner->page,
                 "\nAll exercises are passed. The discussion of each:",
                 "\n所有练习都已通过。每个练习的讨论：");
    learner_suggest(learner, &learner->page, next ? "next" : "solution",
                    next ? NULL : "NN");
}

static void print_text(const struct learner *learner,
                       const struct progress *progress,
                       const struct exercise *next) {
    const struct exercise_list *list = learner->list;
    int columns = widest_name(list);

    page_say(&learner->page, "%u of %u exercises passed (in %s)\n\n",
             "已通过 %u 个练习，共 %u 个（在 %s 中）\n\n",
             count_passed(list, progress), list->count, learner->directory);
    for (unsigned i = 0; i < list->count; i++)
        print_row(learner, progress, &list->entries[i], columns);
    print_next(learner, next);
}

static void print_json(const struct learner *learner,
                       const struct progress *progress,
                       const struct exercise *next) {
    static const char *const words[] = {"not begun", "begun", "passed"};
    json_t *rows = json_array();

    for (unsigned i = 0; i < learner->list->count; i++) {
        const struct exercise *exercise = &learner->list->entries[i];
        json_array_append_new(
            rows,
            json_pack("{s:s, s:s, s:i, s:i}", "exercise", exercise->name,
                      "state", words[state_of(learner, progress, exercise)],
                      "hints", progress_hints(progress, exercise->name),
                      "checks", progress_checks(progress, exercise->name)));
    }
    json_t *document = json_pack("{s:o, s:s?}", "exercises", rows, "next",
                                 next ? next->name : NULL);
    json_dumpf(document, learner->page.out, JSON_INDENT(2));
    fputc('\n', learner->page.out);
    json_decref(document);
}

int overview_list(const struct learner *learner) {
    struct progress progress;

    if (progress_begin(&progress, learner->directory, &learner->errors) != 0)
        return EXIT_TROUBLE;
    const struct exercise *next = overview_next(learner->list, &progress);
    if (learner->wants_json)
        print_json(learner, &progress, next);
    else
        print_text(learner, &progress, next);
    return progress_end(&progress, &learner->errors) == 0 ? EXIT_RIGHT
                                                          : EXIT_TROUBLE;
}
