// shrink.c - `racelab shrink FILE`: the smallest schedule with the same
// outcome.
#include "verbs.h"

#include "shrink.h"
#include "text.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char HELP[] =
    "usage: racelab shrink FILE [--handler H] [--out FILE] [--json]\n"
    "\n"
    "Prints the smallest schedule that gives the same outcome as the one in "
    "FILE\n"
    "(- for standard input): all tasks report the same, the execution ends in "
    "the\n"
    "same way, and the expect lines that held still hold. Each candidate is "
    "run.\n"
    "\n"
    "  --handler H    shrinks it for another program; FILE's expect lines are "
    "then\n"
    "                 left out\n"
    "  -o, --out OUT  writes the schedule to OUT and not to standard output\n"
    "  --json         one JSON document\n"
    "\n"
    "Exit status: 0 if the result is the same in every one of its runs, 1 if "
    "not,\n"
    "2 for bad input or a program that is not deterministic, 3 if the schedule "
    "does\n"
    "not fit the program.\n";

struct options {
    const char *file, *handler, *out;
    bool json;
};

// -1: go on; else an exit status.
static int parse_options(int argc, char **argv, struct options *options) {
    static const struct option known[] = {
        {"handler", required_argument, NULL, 'H'},
        {"out", required_argument, NULL, 'o'},
        {"json", no_argument, NULL, 'j'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0}};
    *options = (struct options){0};
    for (int o; (o = verbs_option("shrink", argc, argv, known)) != -1;) {
        switch (o) {
        case 'H':
            options->handler = optarg;
            break;
        case 'o':
            options->out = optarg;
            break;
        case 'j':
            options->json = true;
            break;
        case 'h':
            fputs(HELP, stdout);
            return EXIT_AS_IT_SHOULD_BE;
        default:
            return EXIT_TROUBLE;
        }
    }
    if (argc - optind != 1)
        return verbs_usage(
            "shrink", argc == optind ? "which schedule?" : "one schedule, not ",
            argc == optind ? "" : argv[optind + 1]);
    options->file = argv[optind];
    return -1;
}

static bool progress_shown;

// A line that says how far it is, for people, when it takes long.
static void show_progress(void *context, long candidates) {
    static time_t last;
    const time_t *start = context;
    time_t now = time(NULL);
    if (!isatty(STDERR_FILENO) || now - *start < 2 || now == last)
        return;
    last = now;
    fprintf(stderr, "\r%ld candidates tried", candidates);
    progress_shown = true;
}

static int write_out(const char *path, const char *text) {
    FILE *file = fopen(path, "we");
    if (file && fputs(text, file) >= 0 && fclose(file) == 0)
        return EXIT_AS_IT_SHOULD_BE;
    perror(path);
    return EXIT_TROUBLE;
}

static void print_json(const struct options *options, const char *program,
                       const struct shrunk *shrunk, int status) {
    json_t *outcome = json_object();
    for (int i = 0; i < shrunk->outcome_count; i++)
        json_object_set_new(outcome, shrunk->outcomes[i].task_name,
                            json_string(shrunk->outcomes[i].line));
    json_t *document = json_pack(
        "{s:s, s:s, s:o, s:s, s:s, s:I, s:I, s:I, s:b, s:i, s:i, s:b, s:s, "
        "s:i}",
        "schedule", options->file, "program", program, "outcome", outcome,
        "verdict", text_verdict(shrunk->verdict), "message", shrunk->message,
        "lines_before", (json_int_t)shrunk->lines_before, "lines",
        (json_int_t)shrunk->lines, "candidates", (json_int_t)shrunk->candidates,
        "cut", shrunk->cut, "reproduced", shrunk->reproduced, "runs",
        2 * SHRINK_RUNS, "races_checked", shrunk->races_checked, "shrunk",
        shrunk->text, "exit", status);
    json_dumpf(document, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(document);
}

static void print_messages(const struct shrunk *shrunk) {
    fprintf(stderr, "%zu line%s -> %zu, %ld candidates tried\n",
            shrunk->lines_before, shrunk->lines_before == 1 ? "" : "s",
            shrunk->lines, shrunk->candidates);
    if (shrunk->cut)
        fprintf(stderr, "stopped there: there may be a smaller one\n");
    fprintf(stderr, "%s: reproduced %d/%d\n",
            shrunk->verdict == VERDICT_FINISHED ? shrunk->summary
                                                : shrunk->message,
            shrunk->reproduced, 2 * SHRINK_RUNS);
}

// What the file says of races, where nobody looks for them.
static void say_unchecked(const struct options *options,
                          const struct schedule *schedule) {
    struct error error;
    for (size_t i = 0; i < schedule->expectation_count; i++) {
        const struct expectation *expectation = &schedule->expectations[i];
        if (expectation->kind == EXPECT_OUTCOME)
            continue;
        error_set(&error, ERROR_NONE, expectation->line, 0,
                  "kept, and not checked: this build is without "
                  "-Db_sanitize=thread, and the shrunk schedule may not race "
                  "as the file does");
        verbs_complain(options->file, &error);
    }
}

static int report(const struct options *options,
                  const struct racelab_program *program,
                  const struct schedule *schedule,
                  const struct shrunk *shrunk) {
    int status = EXIT_AS_IT_SHOULD_BE;
    if (strcmp(program->name, schedule->program.text) != 0) {
        if (schedule->expectation_count > 0)
            fprintf(stderr,
                    "the expect lines are for %s, and left out for %s\n",
                    schedule->program.text, program->name);
    } else if (!shrunk->races_checked)
        say_unchecked(options, schedule);
    if (shrunk->reproduced < 2 * SHRINK_RUNS)
        status = EXIT_FINDING;
    if (options->out && write_out(options->out, shrunk->text) != 0)
        status = EXIT_TROUBLE;
    if (options->json)
        print_json(options, program->name, shrunk, status);
    else if (!options->out)
        fputs(shrunk->text, stdout);
    fflush(stdout);
    print_messages(shrunk);
    return status;
}

static int shrink_file(const struct options *options,
                       const struct racelab_program *program,
                       const struct schedule *schedule) {
    struct shrunk shrunk;
    struct error error;
    time_t start = time(NULL);
    const struct shrink_options how = {.tried = show_progress,
                                       .context = &start};
    int failed = shrink(&shrunk, program, schedule, &how, &error);
    if (progress_shown)
        fputc('\n', stderr);
    if (failed) {
        verbs_complain(options->file, &error);
        return failed == ERROR_DIVERGED ? EXIT_DIVERGED : EXIT_TROUBLE;
    }
    int status = report(options, program, schedule, &shrunk);
    shrink_done(&shrunk);
    return status;
}

int shrink_main(int argc, char **argv) {
    struct options options;
    struct schedule schedule;
    struct error error;
    int status = parse_options(argc, argv, &options);
    if (status >= 0)
        return status;
    if (schedule_read(&schedule, options.file, &error))
        return verbs_complain(options.file, &error);
    const struct racelab_program *program = verbs_find_program(
        options.handler ? options.handler : schedule.program.text);
    status = program ? shrink_file(&options, program, &schedule) : EXIT_TROUBLE;
    schedule_done(&schedule);
    return status;
}
