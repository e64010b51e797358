#include "report.h"

#include "page.h"
#include "phrase.h"
#include "shellword.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// A path from the root says nothing to others, and is not the same elsewhere.
static const char *shown(const char *file) {
    const char *slash = strrchr(file, '/');

    return file[0] == '/' ? slash + 1 : file;
}

// The first criterion with this schedule gives the file its name.
static const struct criterion *first_with(const struct judgement *judgement,
                                          const char *schedule) {
    const struct criterion *at = judgement->criteria;

    while (at->schedule == NULL || strcmp(at->schedule, schedule) != 0)
        at++;
    return at;
}

static char *path_beside(const char *file, const char *id) {
    const char *slash = strrchr(file, '/');
    int folder = slash != NULL ? (int)(slash - file) + 1 : 0;

    return phrase("%.*sfailing-%s.sched", folder, file, id);
}

char *report_path_beside(const struct report *report, const char *id) {
    return path_beside(report->file, id);
}

char *report_schedule_path(const struct report *report,
                           const struct criterion *criterion) {
    return path_beside(report->file,
                       first_with(report->judgement, criterion->schedule)->id);
}

// For whoever has the file somewhere else.
static char *command_of(const struct report *report,
                        const struct criterion *criterion) {
    const char *file = shown(report->file);
    const char *id = first_with(report->judgement, criterion->schedule)->id;
    char *path = path_beside(file, id);
    char *command = phrase("racelab check %02d %s --replay %s",
                           report->judgement->exercise->number, file, path);

    free(path);
    return command;
}

// As data.

static json_t *json_of_says(char *const says[LANGUAGES]) {
    return says[ENGLISH] == NULL ? json_null()
                                 : json_pack("{s:s, s:s}", "en", says[ENGLISH],
                                             "zh", says[CHINESE]);
}

static json_t *json_of_criterion(const struct report *report,
                                 const struct criterion *criterion) {
    char *command =
        criterion->schedule != NULL ? command_of(report, criterion) : NULL;
    json_t *json = json_pack(
        "{s:s, s:o, s:b, s:i, s:i, s:o, s:s?, s:s?}", "id", criterion->id,
        "title", json_of_says(criterion->title), "passed", criterion->passed,
        "points", criterion->points, "points_max", criterion->points_max,
        "says", json_of_says(criterion->says), "schedule", criterion->schedule,
        "command", command);

    free(command);
    return json;
}

static json_t *json_of_refusal(const struct judgement *judgement) {
    const struct gate_refusal *refusal = &judgement->refusal;

    if (!judgement->is_refused)
        return json_null();
    return json_pack("{s:i, s:s, s:{s:s, s:s}}", "line", refusal->line, "why",
                     refusal->why, "says", "en", refusal->en, "zh",
                     refusal->zh);
}

void report_json(const struct report *report) {
    const struct judgement *judgement = report->judgement;
    json_t *criteria = json_array();

    for (unsigned i = 0; i < judgement->count; i++)
        json_array_append_new(
            criteria, json_of_criterion(report, &judgement->criteria[i]));
    json_t *json = json_pack(
        "{s:s, s:s, s:b, s:i, s:i, s:s?, s:o, s:b, s:o, s:o}", "exercise",
        judgement->exercise->name, "file", shown(report->file), "passed",
        judgement->passed, "points", judgement->points, "points_max",
        judgement->points_max, "class", judgement->wrong, "class_says",
        json_of_says(judgement->wrong_says), "thread_sanitizer",
        judgement->sanitizer_starts, "refused", json_of_refusal(judgement),
        "criteria", criteria);
    json_dumpf(json, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(json);
}

// As text.

// In Chinese where nothing else is shown.
static const char *word(const struct report *report, const char *en,
                        const char *zh) {
    return report->shows[ENGLISH] ? en : zh;
}

static void print_says(const struct report *report,
                       const char *const says[LANGUAGES], FILE *out) {
    for (int i = 0; i < LANGUAGES; i++)
        if (report->shows[i] && says[i] != NULL)
            fprintf(out, "    %s\n", says[i]);
}

// As it would be typed here.
static void print_command(const struct report *report, const char *replayed,
                          const char *more, FILE *out) {
    fputs("    $ ", out);
    shellword_print(program_invocation_name, out);
    fprintf(out, " check %02d ", report->judgement->exercise->number);
    shellword_print(report->file, out);
    fputs(" --replay ", out);
    shellword_print(replayed, out);
    fprintf(out, "%s\n", more);
}

// What shows the student why: the schedule that was found, or the one that was
// handed in.
static void print_replay(const struct report *report,
                         const struct criterion *criterion, FILE *out) {
    char *path = NULL;

    if (criterion->schedule != NULL)
        path = report_schedule_path(report, criterion);
    else if (criterion->handed_in != NULL)
        path = phrase("%s", criterion->handed_in);
    if (path != NULL)
        print_command(report, path,
                      criterion->schedule != NULL ? "" : " --starter", out);
    free(path);
}

static void print_criterion(const struct report *report,
                            const struct criterion *criterion, FILE *out) {
    bool harness_alone = strcmp(criterion->id, "race") == 0 &&
                         !report->judgement->sanitizer_starts;
    const char *label = criterion->passed ? word(report, "holds", "成立  ")
                        : criterion->is_absent
                            ? word(report, "none ", "未提交")
                            : word(report, "FAILS", "不成立");

    fprintf(out, "%s %2d/%-2d  %s%s\n", label, criterion->points,
            criterion->points_max, criterion->id,
            !harness_alone ? ""
                           : word(report, " (harness; TSan cannot start here)",
                                  "（由框架判定；TSan 在这里无法启动）"));
    print_says(report, (const char *const *)criterion->title, out);
    if (criterion->passed)
        return;
    print_says(report, (const char *const *)criterion->says, out);
    print_replay(report, criterion, out);
}

static void print_refusal(const struct report *report, FILE *out) {
    const struct gate_refusal *refusal = &report->judgement->refusal;
    const char *const says[LANGUAGES] = {refusal->en, refusal->zh};

    fprintf(out, "%s%s", word(report, "refused: ", "被拒绝："),
            shown(report->file));
    if (refusal->line > 0)
        fprintf(out, ":%d", refusal->line);
    putc('\n', out);
    print_says(report, says, out);
    fputs(word(report, "    Nothing of it was run; the repair has no points.\n",
               "    它没有被运行；修复部分不得分。\n"),
          out);
}

// Each schedule once, for one who has no folder to find it in.
static void print_schedules(const struct report *report, FILE *out) {
    const struct judgement *judgement = report->judgement;

    for (unsigned i = 0; i < judgement->count; i++) {
        const struct criterion *criterion = &judgement->criteria[i];
        if (criterion->schedule == NULL ||
            first_with(judgement, criterion->schedule) != criterion)
            continue;
        char *path = path_beside(shown(report->file), criterion->id);
        if (report->saved)
            fprintf(out, "%s%s\n", word(report, "written: ", "已写入："), path);
        else
            fprintf(out, "\n%s:\n%s", path, criterion->schedule);
        free(path);
    }
}

// Passing asks for the repair alone, and who has passed may still have points
// to win.
static void print_sum(const struct report *report, FILE *out) {
    const struct judgement *judgement = report->judgement;
    int points = judgement->points, most = judgement->points_max;

    if (report->shows[ENGLISH])
        fprintf(out, "\n%s: %d of %d points\n",
                judgement->passed ? "passed" : "not yet", points, most);
    else
        fprintf(out, "\n%s：%d 分（满分 %d）\n",
                judgement->passed ? "通过" : "尚未通过", points, most);
    if (judgement->passed && points < most)
        fputs(word(report,
                   "To pass is to repair; the rest is for the diagnosis.\n",
                   "修好即为通过；其余的分给诊断。\n"),
              out);
}

static void print(const struct report *report, FILE *out) {
    const struct judgement *judgement = report->judgement;

    fprintf(out, "%s", judgement->exercise->name);
    for (int i = 0; i < LANGUAGES; i++)
        if (report->shows[i])
            fprintf(out, "  %s",
                    exercise_title(judgement->exercise, (enum language)i));
    fprintf(out, "\n%s\n\n", shown(report->file));
    if (judgement->is_refused)
        print_refusal(report, out);
    // What was not run holds nothing, and fails nothing.
    for (unsigned i = 0; i < judgement->count; i++)
        if (!judgement->is_refused || !judgement->criteria[i].is_repair)
            print_criterion(report, &judgement->criteria[i], out);
    if (judgement->wrong != NULL) {
        fprintf(out, "\n%s%s\n", word(report, "recognised: ", "识别为："),
                judgement->wrong);
        print_says(report, (const char *const *)judgement->wrong_says, out);
    }
    print_schedules(report, out);
    print_sum(report, out);
}

// At a terminal, in its columns; in a pipe lines are as long as they are, for
// who breaks them there.
void report_text(const struct report *report) {
    const struct page page = page_of(stdout, ENGLISH);
    char *text;
    size_t bytes;
    FILE *out = open_memstream(&text, &bytes);

    if (out == NULL)
        abort(); // a few kilobytes: nothing can go on
    print(report, out);
    fclose(out);
    if (isatty(STDOUT_FILENO))
        page_lines(&page, text);
    else
        fputs(text, stdout);
    free(text);
}
