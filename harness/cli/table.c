// table.c - `racelab table`: every schedule of a folder on two handlers, side
// by side, each cell run on the spot.
#include "verbs.h"

#include "execute.h"
#include "text.h"

#include <dirent.h>
#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_SCHEDULES = 64, SCHEDULE_COLUMNS = 21, CELL_COLUMNS = 33 };

struct cell {
    char outcome[LIMIT_NAME * 4];
    const char *race; // "RACE", "silent", "-" or "?"
};

static const char HELP[] =
    "usage: racelab table [DIR [HANDLER ...]] [--json]\n"
    "\n"
    "Runs every schedule in DIR on every HANDLER (without any: the lesson's "
    "own)\n"
    "and prints what the job that the schedule is about reports, and what\n"
    "ThreadSanitizer says of it:\n"
    "\n"
    "  RACE    it reports a data race\n"
    "  silent  the outcome is wrong, and it reports nothing\n"
    "  -       the outcome is right, and it reports nothing\n"
    "  ?       this build is without -Db_sanitize=thread\n"
    "\n"
    "Findings are what it is for. Exit status: 0 if every cell could be run, "
    "1 if\n"
    "an execution went wrong (a deadlock, a crash), 2 for bad input, 3 if a\n"
    "schedule does not fit a program.\n";

static int is_schedule(const struct dirent *entry) {
    size_t length = strlen(entry->d_name);
    return length > 6 && strcmp(entry->d_name + length - 6, ".sched") == 0;
}

// The place of a file in the lesson; those that it does not have come last.
static int rank(const char *file) {
    int place = 0;
    const char *const *name =
        verbs_lab->lesson ? verbs_lab->lesson->schedules : NULL;
    for (; name && *name; name++, place++)
        if (strncmp(*name, file, strlen(*name)) == 0 &&
            strcmp(file + strlen(*name), ".sched") == 0)
            return place;
    return INT_MAX;
}

static int by_lesson(const struct dirent **a, const struct dirent **b) {
    int of_a = rank((*a)->d_name), of_b = rank((*b)->d_name);
    if (of_a != of_b)
        return of_a < of_b ? -1 : 1;
    return strcmp((*a)->d_name, (*b)->d_name);
}

// The last outcome, as `expect` has it, of the task that the schedule is about:
// the first that it expects something of, else the last that reported.
static const char *outcome_in_question(const struct schedule *schedule,
                                       const struct trace *trace) {
    const char *task = NULL;
    for (size_t i = 0; i < schedule->expectation_count && !task; i++)
        if (schedule->expectations[i].kind == EXPECT_OUTCOME)
            task = schedule->expectations[i].task.text;
    for (int i = trace->outcome_count - 1; i >= 0; i--)
        if (!task || strcmp(trace->outcomes[i].task_name, task) == 0)
            return trace->outcomes[i].line;
    return "nothing";
}

static const char *gloss_of(const char *outcome) {
    const struct racelab_gloss *gloss = verbs_lab->glosses;
    for (; gloss && gloss->outcome; gloss++)
        if (strcmp(gloss->outcome, outcome) == 0)
            return gloss->english;
    return NULL;
}

static int run_cell(const char *path, const struct schedule *schedule,
                    const struct racelab_program *program,
                    struct execution *execution, struct cell *cell) {
    struct error error;
    const struct execution_options options = {.backend = BACKEND_THREAD};
    if (execute(execution, program, schedule, &options, &error))
        return verbs_complain(path, &error);
    if (execution->verdict.kind != VERDICT_FINISHED) {
        snprintf(error.text, sizeof error.text, "%.1900s",
                 execution->verdict.text);
        error.line = execution->verdict.line;
        error.column = execution->verdict.column;
        verbs_complain(path, &error);
        return execution->verdict.kind == VERDICT_DIVERGED ? EXIT_DIVERGED
                                                           : EXIT_FINDING;
    }
    const char *outcome = outcome_in_question(schedule, &execution->trace);
    bool right = program->right && strcmp(outcome, program->right) == 0;
    snprintf(cell->outcome, sizeof cell->outcome, "%s", outcome);
    cell->race = !execution->races_checked   ? "?"
                 : execution->race_count > 0 ? "RACE"
                 : right                     ? "-"
                                             : "silent";
    return EXIT_AS_IT_SHOULD_BE;
}

static void pad(int columns, int width) {
    printf("%*s", columns < width ? width - columns : 1, "");
}

// Chinese characters take two columns; printf counts bytes.
static void print_cell(const struct cell *cell, bool last) {
    char text[sizeof cell->outcome + LIMIT_NAME];
    const char *gloss = last ? NULL : gloss_of(cell->outcome);
    if (gloss)
        snprintf(text, sizeof text, "%s (%s)", cell->outcome, gloss);
    else
        snprintf(text, sizeof text, "%s", cell->outcome);
    fputs(text, stdout);
    pad(text_columns(text), last ? 12 : CELL_COLUMNS - 8);
    printf("%s", cell->race);
    if (!last)
        pad((int)strlen(cell->race), 8);
}

static void add_json(json_t *rows, const char *schedule, const char *handler,
                     const struct cell *cell) {
    json_array_append_new(
        rows, json_pack("{s:s, s:s, s:s, s:s}", "schedule", schedule, "handler",
                        handler, "outcome", cell->outcome, "race", cell->race));
}

struct table {
    const char *directory;
    const struct racelab_program *handlers[8];
    int handler_count;
    json_t *rows; // NULL: as text
};

static int run_row(const struct table *table, const char *file,
                   struct execution *execution) {
    char path[LIMIT_LINE_BYTES], name[LIMIT_NAME];
    struct schedule schedule;
    struct error error;
    snprintf(path, sizeof path, "%s/%s", table->directory, file);
    snprintf(name, sizeof name, "%.*s", (int)strlen(file) - 6, file);
    if (schedule_read(&schedule, path, &error))
        return verbs_complain(path, &error);
    if (!table->rows) {
        fputs(name, stdout);
        pad(text_columns(name), SCHEDULE_COLUMNS);
    }
    int status = EXIT_AS_IT_SHOULD_BE;
    for (int i = 0; i < table->handler_count && status == 0; i++) {
        struct cell cell;
        const struct racelab_program *program = table->handlers[i];
        status = run_cell(path, &schedule, program, execution, &cell);
        if (status == 0 && table->rows)
            add_json(table->rows, name, program->name, &cell);
        else if (status == 0)
            print_cell(&cell, i + 1 == table->handler_count);
        fflush(stdout);
    }
    if (!table->rows)
        putchar('\n');
    schedule_done(&schedule);
    return status;
}

static int run_table(const struct table *table) {
    struct dirent **files;
    struct execution execution;
    struct error error;
    int count = scandir(table->directory, &files, is_schedule, by_lesson);
    if (count <= 0) {
        fprintf(stderr,
                "racelab table: %s: %s; run it at the root of the source "
                "tree, or name a folder of schedules: racelab table DIR\n",
                table->directory,
                count < 0 ? strerror(errno) : "no schedules (*.sched) in it");
        return EXIT_TROUBLE;
    }
    if (execution_init(&execution, &error))
        return EXIT_TROUBLE;
    if (!table->rows) {
        printf("%-*s", SCHEDULE_COLUMNS, "schedule");
        for (int i = 0; i < table->handler_count; i++)
            printf("%-*s", i + 1 < table->handler_count ? CELL_COLUMNS : 0,
                   table->handlers[i]->name);
        putchar('\n');
    }
    int status = EXIT_AS_IT_SHOULD_BE;
    for (int i = 0; i < count; i++) {
        if (status == 0)
            status = run_row(table, files[i]->d_name, &execution);
        free(files[i]);
    }
    free(files);
    execution_done(&execution);
    return status;
}

static int add_handler(struct table *table, const char *name) {
    const struct racelab_program *program = verbs_find_program(name);
    if (!program)
        return EXIT_TROUBLE;
    if (table->handler_count < 8)
        table->handlers[table->handler_count++] = program;
    return EXIT_AS_IT_SHOULD_BE;
}

int table_main(int argc, char **argv) {
    static const struct option options[] = {{"json", no_argument, NULL, 'j'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    const struct racelab_lesson *lesson = verbs_lab->lesson;
    struct table table = {.directory = lesson ? lesson->directory : "."};
    int status = EXIT_AS_IT_SHOULD_BE;
    for (int o; (o = verbs_option("table", argc, argv, options)) != -1;) {
        if (o == '?')
            return EXIT_TROUBLE;
        if (o == 'h') {
            fputs(HELP, stdout);
            return EXIT_AS_IT_SHOULD_BE;
        }
        if (!table.rows)
            table.rows = json_array();
    }
    if (optind < argc)
        table.directory = argv[optind++];
    while (optind < argc && status == 0)
        status = add_handler(&table, argv[optind++]);
    if (table.handler_count == 0 && lesson)
        for (int i = 0; lesson->programs[i] && status == 0; i++)
            status = add_handler(&table, lesson->programs[i]);
    if (status == 0)
        status = run_table(&table);
    if (status == 0 && table.rows) {
        json_dumpf(table.rows, stdout, JSON_INDENT(2));
        putchar('\n');
    }
    json_decref(table.rows);
    return status;
}
