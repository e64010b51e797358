#include "handout.h"

#include "page.h"
#include "textfile.h"

#include <stdlib.h>
#include <string.h>

// Of lines in files, so that they can be read beside others.
enum { COLUMNS = 78 };

static const char *in(const json_t *texts, enum language language) {
    const char *text = json_string_value(
        json_object_get(texts, language == CHINESE ? "zh" : "en"));
    return text ? text : "";
}

static const char *text_of(const json_t *object, const char *name) {
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

static void add(struct handout *handout, const char *name) {
    for (int i = 0; i < handout->count; i++)
        if (strcmp(handout->names[i], name) == 0)
            return; // a schedule that has to show two things
    if (handout->count < HANDOUT_FILES_MAX)
        snprintf(handout->names[handout->count++], HANDOUT_NAME_MAX, "%s",
                 name);
}

struct handout handout_of(const struct exercise *exercise) {
    struct handout handout = {.count = 0};
    json_t *witness;
    size_t index;

    if (exercise->has_repair)
        add(&handout, "fix.c");
    json_array_foreach(json_object_get(exercise->json, "witness"), index,
                       witness) {
        add(&handout, text_of(witness, "file"));
    }
    if (json_array_size(json_object_get(exercise->json, "answers")) > 0)
        add(&handout, "answers.txt");
    handout.handed_in = handout.count;
    add(&handout, "README.md");
    return handout;
}

static char *starter(const struct exercise *exercise) {
    char path[TEXTFILE_PATH_MAX];
    char *text;
    size_t bytes;

    snprintf(path, sizeof path, "%s/starter.c", exercise->directory);
    int error = textfile_read(path, &text, &bytes);
    if (error == 0)
        return text;
    fprintf(stderr, "racelab learn: %s cannot be read: %s\n", path,
            strerror(-error));
    return NULL;
}

static void print_questions(const struct exercise *exercise,
                            enum language language, FILE *out) {
    json_t *answer, *choice;
    size_t number, index;
    char begin[32];

    page_fill(out, "# ", "# ",
              language == CHINESE
                  ? "在每个题号后面写上你选的字母，例如：1 a"
                  : "Write the letter of your choice behind each number, as "
                    "in: 1 a",
              COLUMNS);
    json_array_foreach(json_object_get(exercise->json, "answers"), number,
                       answer) {
        fputs("\n", out);
        page_fill(out, "# ", "# ",
                  in(json_object_get(answer, "question"), language), COLUMNS);
        json_array_foreach(json_object_get(answer, "choices"), index, choice) {
            snprintf(begin, sizeof begin, "#   %.8s  ", text_of(choice, "id"));
            page_fill(out, begin, "#      ", in(choice, language), COLUMNS);
        }
        fprintf(out, "%zu \n", number + 1);
    }
}

static const json_t *witness_of(const struct exercise *exercise,
                                const char *file) {
    json_t *witness;
    size_t index;

    json_array_foreach(json_object_get(exercise->json, "witness"), index,
                       witness) {
        if (strcmp(text_of(witness, "file"), file) == 0)
            return witness;
    }
    return NULL;
}

// What the schedule has to show, as exercise.json has it.
static void print_wanted(const json_t *witness, enum language language,
                         FILE *out) {
    const char *task = text_of(witness, "task");
    const char *outcome = text_of(witness, "outcome");
    const char *race = text_of(witness, "race");
    bool is_silent = strcmp(race, "silent") == 0;
    char text[1024];

    if (language == CHINESE)
        snprintf(text, sizeof text, "要写的调度：任务 %s 报告 %s%s。", task,
                 outcome,
                 *race == '\0' ? ""
                 : is_silent   ? "，而 ThreadSanitizer 什么也不报告"
                             : "，并且 ThreadSanitizer 报告数据竞争");
    else
        snprintf(text, sizeof text,
                 "Wanted: a schedule under which %s reports %s%s.", task,
                 outcome,
                 *race == '\0' ? ""
                 : is_silent   ? ", and ThreadSanitizer reports nothing"
                               : ", and ThreadSanitizer reports a data race");
    page_fill(out, "# ", "# ", text, COLUMNS);
}

// A, B, … for what the program's clients send unless they are told otherwise.
static void print_requests(const struct exercise *exercise, FILE *out) {
    const char *at =
        text_of(json_object_get(exercise->json, "program"), "requests");
    if (*at == '\0')
        at = "/test,/test";
    for (char name = 'A'; *at && name <= 'Z'; name++) {
        size_t bytes = strcspn(at, ",");
        fprintf(out, "# request %c GET %.*s\n", name, (int)bytes, at);
        at += bytes + (at[bytes] == ',');
    }
}

// The head of a schedule and the shape of what follows, as comments: as it is
// handed out it shows nothing.
static void print_schedule(const struct exercise *exercise, const char *file,
                           enum language language, FILE *out) {
    print_wanted(witness_of(exercise, file), language, out);
    fprintf(out, "racelab schedule 1\nprogram %s\n\n", exercise->name);
    page_fill(out, "# ", "# ",
              language == CHINESE
                  ? "先是请求：去掉行首的 #，就有了这一行；可以改，"
                    "也可以再加。"
                  : "First the requests: take the # away from a line that you "
                    "want. They may be changed, and more may be added.",
              COLUMNS);
    print_requests(exercise, out);
    fputc('\n', out);
    page_fill(out, "# ", "# ",
              language == CHINESE
                  ? "然后是步骤，一行一步，有这样几种写法"
                    "（docs/schedules.zh.md 有说明）："
                  : "Then the steps, a line each, of these kinds "
                    "(docs/schedules.md explains them):",
              COLUMNS);
    fputs("# send A\n# run loop until pool.put\n# run A.job to end\n", out);
}

// Without the empty lines at its end.
static void print_part(const char *heading, const char *text, FILE *out) {
    size_t bytes = strlen(text);
    while (bytes > 0 && text[bytes - 1] == '\n')
        bytes--;
    fprintf(out, "\n## %s\n\n%.*s\n", heading, (int)bytes, text);
}

static bool print_readme(const struct exercise *exercise,
                         enum language language, FILE *out) {
    char *story = exercise_section(exercise, language, SECTION_STORY);
    char *task = exercise_section(exercise, language, SECTION_TASK);

    if (story && task) {
        fprintf(out, "# %s\n", exercise_title(exercise, language));
        print_part(language == CHINESE ? "故事" : "Story", story, out);
        print_part(language == CHINESE ? "任务" : "Task", task, out);
    }
    free(story);
    free(task);
    return story && task;
}

char *handout_text(const struct exercise *exercise, const char *name,
                   enum language language) {
    char *text = NULL;
    size_t bytes;
    bool is_whole = true;

    if (strcmp(name, "fix.c") == 0)
        return starter(exercise);
    FILE *out = open_memstream(&text, &bytes);
    if (!out)
        abort();
    if (strcmp(name, "answers.txt") == 0)
        print_questions(exercise, language, out);
    else if (strcmp(name, "README.md") == 0)
        is_whole = print_readme(exercise, language, out);
    else
        print_schedule(exercise, name, language, out);
    fclose(out);
    if (is_whole)
        return text;
    free(text);
    return NULL;
}
