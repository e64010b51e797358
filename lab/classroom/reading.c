#include "reading.h"

#include "course.h"
#include "textfile.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

static void print_title(const struct learner *learner) {
    char title[256];

    snprintf(title, sizeof title, "%s: %s", learner->exercise->name,
             exercise_title(learner->exercise, learner->page.language));
    page_heading(&learner->page, title);
    fputc('\n', learner->page.out);
}

static bool print_section(const struct learner *learner, enum section section) {
    char *text =
        exercise_section(learner->exercise, learner->page.language, section);
    if (!text)
        return false;
    page_markdown(&learner->page, text);
    fputc('\n', learner->page.out);
    free(text);
    return true;
}

int reading_show(const struct learner *learner) {
    const struct page *page = &learner->page;
    const char *name = learner->exercise->name;

    print_title(learner);
    if (!print_section(learner, SECTION_STORY))
        return EXIT_TROUBLE;
    page_heading(page, page->language == CHINESE ? "任务" : "Task");
    fputc('\n', page->out);
    if (!print_section(learner, SECTION_TASK) || course_hand_out(learner) != 0)
        return EXIT_TROUBLE;
    page_say(page,
             "Work in %s/%s. To have it judged, now or on each save, and "
             "for a hint:",
             "在 %s/%s 中作答。要评判（现在就评，或每次保存时评），或要提示：",
             learner->directory, name);
    learner_suggest(learner, page, "check", name);
    learner_suggest(learner, page, "watch", name);
    learner_suggest(learner, page, "hint", name);
    return EXIT_RIGHT;
}

static bool print_hint(const struct learner *learner, int number) {
    const struct page *page = &learner->page;
    char *text = exercise_hint(learner->exercise, page->language, number);

    if (!text)
        return false;
    page_say(page, "Hint %d of %d\n\n", "提示 %d（共 %d 条）\n\n", number,
             EXERCISE_HINTS);
    page_markdown(page, text);
    fputc('\n', page->out);
    free(text);
    return true;
}

// What `learn hint` may be asked for next.
static void print_onward(const struct learner *learner, int taken) {
    const char *name = learner->exercise->name;

    if (taken < EXERCISE_HINTS)
        page_say(&learner->page, "The next one goes deeper:", "下一条更深入：");
    else
        page_say(&learner->page, "These are all. To read them again:",
                 "提示到此为止。要再读一遍：");
    learner_suggest(learner, &learner->page,
                    taken < EXERCISE_HINTS ? "hint" : "hint --all", name);
}

// Which hints are shown: the one after those that were taken; with --all these
// once more.
static int print_hints(const struct learner *learner, int *taken) {
    int first = *taken + 1, last = first;

    if (learner->shows_all) {
        first = 1;
        last = *taken;
    }
    for (int number = first; number <= last && number <= EXERCISE_HINTS;
         number++) {
        if (!print_hint(learner, number))
            return EXIT_TROUBLE;
        *taken = number > *taken ? number : *taken;
    }
    print_onward(learner, *taken);
    return EXIT_RIGHT;
}

int reading_hint(const struct learner *learner) {
    const char *name = learner->exercise->name;
    struct progress progress;

    if (progress_begin(&progress, learner->directory, &learner->errors) != 0)
        return EXIT_TROUBLE;
    int before = progress_hints(&progress, name), taken = before;
    int status = print_hints(learner, &taken);
    if (taken != before)
        progress_note_hint(&progress, name, taken);
    return progress_end(&progress, &learner->errors) == 0 ? status
                                                          : EXIT_TROUBLE;
}

// A file as it is, below its name.
static int print_file(const struct learner *learner, const char *name) {
    char path[TEXTFILE_PATH_MAX];
    char *text;
    size_t bytes;

    snprintf(path, sizeof path, "%s/%s", learner->exercise->directory, name);
    int error = textfile_read(path, &text, &bytes);
    if (error != 0) {
        page_say(&learner->errors, "racelab learn: %s cannot be read: %s",
                 "racelab learn：%s 无法读取：%s", path, strerror(-error));
        return error;
    }
    page_heading(&learner->page, name);
    fputc('\n', learner->page.out);
    page_code(&learner->page, text);
    fputc('\n', learner->page.out);
    free(text);
    return 0;
}

static int is_schedule(const struct dirent *entry) {
    size_t length = strlen(entry->d_name);
    return length > 6 && strcmp(entry->d_name + length - 6, ".sched") == 0;
}

// The solution of what is handed in: the fix, or the schedules.
static int print_solution(const struct learner *learner) {
    char path[TEXTFILE_PATH_MAX];
    struct dirent **found;
    int error = 0;

    if (learner->exercise->has_repair)
        return print_file(learner, "solution.c");
    snprintf(path, sizeof path, "%s/solution", learner->exercise->directory);
    int count = scandir(path, &found, is_schedule, alphasort);
    for (int i = 0; i < count; i++) {
        snprintf(path, sizeof path, "solution/%s", found[i]->d_name);
        error = error ? error : print_file(learner, path);
        free(found[i]);
    }
    if (count >= 0)
        free(found);
    return error;
}

int reading_solution(const struct learner *learner) {
    const char *name = learner->exercise->name;
    struct progress progress;

    if (progress_begin(&progress, learner->directory, &learner->errors) != 0)
        return EXIT_TROUBLE;
    bool has_passed = progress_has_passed(&progress, name);
    if (progress_end(&progress, &learner->errors) != 0)
        return EXIT_TROUBLE;
    if (!has_passed) {
        page_say(&learner->errors,
                 "racelab learn solution: it is shown when %s is passed. To "
                 "have yours judged, and for a hint:",
                 "racelab learn solution：%s 通过之后才给出解答。"
                 "要评判，或要提示：",
                 name);
        learner_suggest(learner, &learner->errors, "check", name);
        learner_suggest(learner, &learner->errors, "hint", name);
        return EXIT_NOT_YET;
    }
    print_title(learner);
    if (print_solution(learner) != 0)
        return EXIT_TROUBLE;
    return print_section(learner, SECTION_DISCUSSION) ? EXIT_RIGHT
                                                      : EXIT_TROUBLE;
}
