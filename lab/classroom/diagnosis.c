#include "diagnosis.h"

#include "ask.h"
#include "classroom_config.h"
#include "legible.h"
#include "phrase.h"
#include "source.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SCHEDULE_BYTES_MAX = 32 * 1024, ANSWERS_BYTES_MAX = 32 * 1024 };
enum { WITNESSES_MAX = 4, QUESTIONS_MAX = 16 };

static const char *text_of(const json_t *object, const char *key) {
    return json_string_value(json_object_get(object, key));
}

static int points_of(const struct judgement *judgement, const char *id) {
    return (int)json_integer_value(json_object_get(
        json_object_get(judgement->exercise->json, "points"), id));
}

static void say(struct criterion *criterion, const char *en, const char *zh) {
    free(criterion->says[ENGLISH]);
    free(criterion->says[CHINESE]);
    criterion->says[ENGLISH] = phrase("%s", en);
    criterion->says[CHINESE] = phrase("%s", zh);
}

// Reads what was handed in under that name; NULL, said in the criterion: it
// cannot be.
static char *read_handed_in(struct criterion *criterion, const char *folder,
                            const char *name, size_t most) {
    struct gate_refusal refusal;
    struct source source;
    char path[1024];

    snprintf(path, sizeof path, "%s/%s", folder != NULL ? folder : "", name);
    criterion->is_absent = folder == NULL || access(path, F_OK) != 0;
    if (criterion->is_absent) {
        say(criterion, "Not handed in.", "没有提交。");
        return NULL;
    }
    if (!source_read(&source, path, most, &refusal)) {
        say(criterion, refusal.en, refusal.zh);
        return NULL;
    }
    if (strlen(source.text) == source.bytes)
        return source.text;
    say(criterion, "It is not a text.", "它不是文本文件。");
    source_free(&source);
    return NULL;
}

// Schedules.

static int points_of_witness(const struct judgement *judgement,
                             const json_t *witness) {
    const json_t *points = json_object_get(witness, "points");
    const json_t *all = json_object_get(judgement->exercise->json, "witness");

    return points != NULL
               ? (int)json_integer_value(points)
               : points_of(judgement, "witness") / (int)json_array_size(all);
}

static struct criterion *add_witness(struct judgement *judgement,
                                     const json_t *witness) {
    struct criterion *criterion = &judgement->criteria[judgement->count++];
    const char *race = text_of(witness, "race");
    bool silent = race != NULL && strcmp(race, "silent") == 0;
    const char *en = race == NULL ? ""
                     : silent     ? ", and ThreadSanitizer is silent"
                                  : ", and ThreadSanitizer reports it";
    const char *zh = race == NULL ? ""
                     : silent     ? "，且 ThreadSanitizer 保持沉默"
                                  : "，且 ThreadSanitizer 会报告";

    *criterion = (struct criterion){
        .id = "witness",
        .points_max = points_of_witness(judgement, witness),
        .title = {phrase("%s: %s reports %s%s", text_of(witness, "file"),
                         text_of(witness, "task"), text_of(witness, "outcome"),
                         en),
                  phrase("%s：%s 报告%s%s", text_of(witness, "file"),
                         text_of(witness, "task"), text_of(witness, "outcome"),
                         zh)},
    };
    return criterion;
}

static const char *reported(const json_t *replayed, const char *task) {
    const json_t *outcome;
    size_t at;

    json_array_foreach(json_object_get(replayed, "outcomes"), at,
                       outcome) if (strcmp(text_of(outcome, "task"), task) ==
                                    0) return text_of(outcome, "outcome");
    return "nothing";
}

// The first line of a complaint, which may hold what the student wrote.
static char *line_of(const char *text) {
    char *line = phrase("%.*s", (int)strcspn(text, "\n"), text);
    char *shown = legible_text(line);

    free(line);
    return shown;
}

static void judge_race(struct criterion *criterion, const json_t *witness,
                       const struct question *plain,
                       const struct question *sanitized) {
    const char *wanted = text_of(witness, "race");
    const json_t *races = sanitized->answered
                              ? json_object_get(sanitized->json, "races")
                              : json_object_get(plain->json, "harness_races");
    bool raced = json_array_size(races) > 0;

    criterion->passed =
        wanted == NULL || raced == (strcmp(wanted, "reported") == 0);
    if (!criterion->passed && raced)
        say(criterion, "ThreadSanitizer reports a race under this schedule.",
            "在这个调度下，ThreadSanitizer 报告了数据竞争。");
    else if (!criterion->passed)
        say(criterion, "ThreadSanitizer reports nothing under this schedule.",
            "在这个调度下，ThreadSanitizer 没有任何报告。");
}

static void judge_witness(struct criterion *criterion, const json_t *witness,
                          const struct question *plain,
                          const struct question *sanitized) {
    const char *task = text_of(witness, "task");

    if (!plain->answered || plain->json == NULL || plain->status > 1) {
        char *why = line_of(plain->answered ? plain->errors
                                            : "it did not come to an end");
        criterion->says[ENGLISH] = phrase("It cannot be replayed: %s", why);
        criterion->says[CHINESE] = phrase("无法重放：%s", why);
        free(why);
        return;
    }
    const char *line = reported(plain->json, task);
    if (strcmp(line, text_of(witness, "outcome")) == 0) {
        judge_race(criterion, witness, plain, sanitized);
    } else {
        criterion->says[ENGLISH] =
            phrase("Under this schedule %s reports %s.", task, line);
        criterion->says[CHINESE] =
            phrase("在这个调度下，%s 报告的是%s。", task, line);
    }
    if (criterion->passed)
        criterion->points = criterion->points_max;
}

static void print_objects(const struct exercise *exercise,
                          char objects[2][1024]) {
    static const char *const kinds[] = {"", "tsan-"};

    for (int i = 0; i < 2; i++)
        snprintf(objects[i], 1024, "%s/lab/exercises/starter-%s%s.so",
                 CLASSROOM_BUILD_ROOT, kinds[i], exercise->name);
}

// All that were handed in, each plain and with the sanitizer, at once.
static void judge_witnesses(struct judgement *judgement, const char *folder,
                            const struct build *build) {
    const struct exercise *exercise = judgement->exercise;
    const json_t *witness, *all = json_object_get(exercise->json, "witness");
    struct question questions[2 * WITNESSES_MAX];
    struct criterion *criteria[WITNESSES_MAX];
    const json_t *witnesses[WITNESSES_MAX];
    unsigned count = 0;
    size_t at;
    char objects[2][1024];

    print_objects(exercise, objects);
    json_array_foreach(all, at, witness) {
        struct criterion *criterion = add_witness(judgement, witness);
        const char *name = text_of(witness, "file");
        char *text =
            read_handed_in(criterion, folder, name, SCHEDULE_BYTES_MAX);
        if (text == NULL)
            continue;
        criterion->handed_in = phrase("%s/%s", folder, name);
        if (count < WITNESSES_MAX &&
            build_write(build, name, text, strlen(text)) == 0) {
            for (int i = 0; i < 2; i++)
                questions[2 * count + (unsigned)i] = (struct question){
                    .object = objects[i],
                    .handler = "fix_handler",
                    .sanitized = i == 1,
                    .words = {"replay", name, "--handler", exercise->name,
                              "--json", NULL},
                };
            witnesses[count] = witness;
            criteria[count++] = criterion;
        }
        free(text);
    }
    ask(questions, 2 * count, exercise, build->directory);
    for (unsigned i = 0; i < count; i++)
        judge_witness(criteria[i], witnesses[i], &questions[(size_t)2 * i],
                      &questions[(size_t)2 * i + 1]);
    for (unsigned i = 0; i < 2 * count; i++)
        ask_done(&questions[i]);
}

// Answers.

struct answers {
    char choices[QUESTIONS_MAX]; // 'b'; or 0: none yet
    int unread;                  // the first line that makes no sense; or 0
};

// What may stand between a number and a letter, in any language.
static bool is_between(char c) {
    return isspace((unsigned char)c) || strchr(".:)=-", c) != NULL ||
           (unsigned char)c > 127;
}

// "2 b", "2. B" or "2：b", and "2" alone, which is no answer yet; what follows
// a # is for the reader. False: neither that nor a blank.
static bool take_answer(struct answers *answers, const char *line,
                        size_t length) {
    size_t at = 0;
    int number = 0;

    while (at < length && isspace((unsigned char)line[at]))
        at++;
    if (at == length)
        return true;
    for (; at < length && isdigit((unsigned char)line[at]); at++)
        if (number <= QUESTIONS_MAX)
            number = number * 10 + (line[at] - '0');
    if (number < 1 || number > QUESTIONS_MAX)
        return false;
    while (at < length && is_between(line[at]))
        at++;
    if (at == length)
        return true;
    char choice = line[at++];
    while (at < length && is_between(line[at]))
        at++;
    if (at < length || !isalpha((unsigned char)choice))
        return false;
    answers->choices[number - 1] = (char)tolower((unsigned char)choice);
    return true;
}

static void read_answers(const char *text, struct answers *answers) {
    int number = 0;

    *answers = (struct answers){.unread = 0};
    for (const char *line = text; *line != '\0';) {
        number++;
        if (!take_answer(answers, line, strcspn(line, "#\n")) &&
            answers->unread == 0)
            answers->unread = number;
        line += strcspn(line, "\n");
        line += *line == '\n';
    }
}

// Instead of what was said before. Takes both over.
static void say_both(struct criterion *criterion, char *english,
                     char *chinese) {
    free(criterion->says[ENGLISH]);
    free(criterion->says[CHINESE]);
    criterion->says[ENGLISH] = english;
    criterion->says[CHINESE] = chinese;
}

static void say_unread(struct criterion *criterion, int line) {
    say_both(criterion,
             phrase("Line %d is not understood: write a number and a letter, "
                    "as in \"2 b\".",
                    line),
             phrase("第 %d 行看不懂：请写题号和字母，例如 \"2 b\"。", line));
}

static void enlist(char *list, size_t number) {
    sprintf(list + strlen(list), "%s%zu", *list ? ", " : "", number);
}

static void judge_answers(struct criterion *criterion, const char *text,
                          const json_t *questions) {
    char wrong[QUESTIONS_MAX * 4] = "", open[QUESTIONS_MAX * 4] = "";
    struct answers answers;
    size_t at, right = 0;
    const json_t *question;

    read_answers(text, &answers);
    json_array_foreach(questions, at, question) {
        if (at < QUESTIONS_MAX &&
            answers.choices[at] == text_of(question, "right")[0])
            right++;
        else if (at < QUESTIONS_MAX)
            enlist(answers.choices[at] ? wrong : open, at + 1);
    }
    size_t count = json_array_size(questions);
    criterion->points =
        criterion->points_max * (int)right / (int)(count > 0 ? count : 1);
    criterion->passed = right == count;
    if (criterion->passed)
        return;
    if (*open == '\0')
        say_both(criterion, phrase("Think again about: %s.", wrong),
                 phrase("请再想想：%s。", wrong));
    else if (*wrong == '\0')
        say_both(criterion, phrase("Not answered yet: %s.", open),
                 phrase("还没有回答：%s。", open));
    else
        say_both(
            criterion,
            phrase("Think again about: %s. Not answered yet: %s.", wrong, open),
            phrase("请再想想：%s。还没有回答：%s。", wrong, open));
    if (answers.unread > 0)
        say_unread(criterion, answers.unread);
}

void diagnosis_judge(struct judgement *judgement, const char *folder,
                     const struct build *build) {
    const json_t *questions =
        json_object_get(judgement->exercise->json, "answers");

    judge_witnesses(judgement, folder, build);
    if (json_array_size(questions) == 0)
        return;
    struct criterion *criterion = &judgement->criteria[judgement->count++];
    *criterion = (struct criterion){
        .id = "answers",
        .points_max = points_of(judgement, "answers"),
        .title = {phrase("answers.txt: the questions"),
                  phrase("answers.txt：问题")},
    };
    char *text =
        read_handed_in(criterion, folder, "answers.txt", ANSWERS_BYTES_MAX);
    if (text != NULL)
        judge_answers(criterion, text, questions);
    free(text);
}
