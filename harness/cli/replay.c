// replay.c - `racelab replay FILE`: one schedule, as often as you like.
#include "verbs.h"

#include "execute.h"
#include "judge.h"
#include "record.h"
#include "text.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct options {
    const char *file, *handler;
    enum backend_kind backends[2]; // each does all the runs
    int backend_count;
    long runs;
    bool json, steps, loud, no_expect;
};

// What one run looks like, for comparing it with the others.
struct picture {
    char *text;
    size_t bytes;
};

static const char HELP[] =
    "usage: racelab replay FILE [--handler H] [--runs N] [--backend B,...]\n"
    "                           [--no-expect] [--json [--steps]] [--tsan]\n"
    "\n"
    "Runs the schedule in FILE (- for standard input) against the real server\n"
    "over real sockets, and prints its console, its steps, its outcome and "
    "the\n"
    "races that ThreadSanitizer reports. In a build without "
    "-Db_sanitize=thread\n"
    "these are the races that the harness itself sees at points; they do not\n"
    "change the exit status.\n"
    "\n"
    "  --handler H  the same schedule on another program: same schedule, my "
    "fix.\n"
    "               FILE's expect lines are then passed over\n"
    "  --runs N     N times; says whether all runs were the same, byte for "
    "byte\n"
    "  --backend B  how a task runs: as a thread (the default), as a fiber,\n"
    "               or thread,fiber: the runs are made on both and compared\n"
    "  --no-expect  FILE's expect lines are passed over for its own program "
    "too:\n"
    "               what counts is that every outcome is right and nothing "
    "races\n"
    "  --json       one JSON document\n"
    "  --steps      with every step in it\n"
    "  --tsan       ThreadSanitizer prints its own reports too, on standard "
    "error\n"
    "\n"
    "Exit status: 0 if FILE's expect lines hold (or, where there are none, if\n"
    "every outcome is right, nothing races and nothing else is found), 1 if "
    "not,\n"
    "2 for bad input, 3 if the schedule does not fit the program.\n";

static int usage(const char *what, const char *word) {
    return verbs_usage("replay", what, word);
}

static bool parse_count(const char *text, long *count) {
    char *end;
    *count = strtol(text, &end, 10);
    return *text && *end == '\0' && *count >= 1 && *count <= 1000000;
}

static bool parse_backends(const char *text, struct options *options) {
    static const struct {
        const char *text;
        enum backend_kind kinds[2];
        int count;
    } known[] = {
        {"thread", {BACKEND_THREAD}, 1},
        {"fiber", {BACKEND_FIBER}, 1},
        {"thread,fiber", {BACKEND_THREAD, BACKEND_FIBER}, 2},
        {"fiber,thread", {BACKEND_FIBER, BACKEND_THREAD}, 2},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strcmp(text, known[i].text) != 0)
            continue;
        memcpy(options->backends, known[i].kinds, sizeof options->backends);
        options->backend_count = known[i].count;
        return true;
    }
    return false;
}

// -1: go on; else an exit status.
static int parse_options(int argc, char **argv, struct options *options) {
    static const struct option known[] = {
        {"handler", required_argument, NULL, 'H'},
        {"runs", required_argument, NULL, 'r'},
        {"backend", required_argument, NULL, 'b'},
        {"no-expect", no_argument, NULL, 'n'},
        {"json", no_argument, NULL, 'j'},
        {"steps", no_argument, NULL, 's'},
        {"tsan", no_argument, NULL, 't'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0}};
    *options = (struct options){.runs = 1, .backend_count = 1};
    for (int o; (o = verbs_option("replay", argc, argv, known)) != -1;) {
        switch (o) {
        case 'H':
            options->handler = optarg;
            break;
        case 'r':
            if (!parse_count(optarg, &options->runs))
                return usage("--runs takes a number from 1 to 1000000, not ",
                             optarg);
            break;
        case 'b':
            if (!parse_backends(optarg, options))
                return usage("--backend takes thread, fiber or thread,fiber, "
                             "not ",
                             optarg);
            break;
        case 'n':
            options->no_expect = true;
            break;
        case 'j':
            options->json = true;
            break;
        case 's':
            options->steps = true;
            break;
        case 't':
            options->loud = true;
            break;
        case 'h':
            fputs(HELP, stdout);
            return EXIT_AS_IT_SHOULD_BE;
        default:
            return EXIT_TROUBLE;
        }
    }
    if (argc - optind != 1)
        return usage(argc == optind ? "which schedule?" : "one schedule, not ",
                     argc == optind ? "" : argv[optind + 1]);
    options->file = argv[optind];
    return -1;
}

static void print_text(const struct execution *execution, FILE *out) {
    text_trace(&execution->trace, out);
    text_findings(&execution->trace, &execution->owners, out);
    if (execution->races_checked)
        text_races(execution->races, execution->race_count, out);
    else
        text_harness_races(&execution->trace, &execution->happens, out);
}

static struct picture picture_of(const struct execution *execution) {
    struct picture picture = {0};
    FILE *out = open_memstream(&picture.text, &picture.bytes);
    if (!out)
        abort();
    print_text(execution, out);
    fclose(out);
    return picture;
}

typedef int take_records(const struct execution *execution,
                         struct record *records);

static json_t *json_of_races(const struct execution *execution,
                             take_records *take) {
    struct record *records = malloc(LIMIT_RACES * sizeof *records);
    if (!records)
        abort(); // a quarter of a megabyte: nothing can go on
    json_t *races = record_json(records, take(execution, records));
    free(records);
    return races;
}

static json_t *json_of_outcomes(const struct trace *trace) {
    json_t *outcomes = json_array();
    for (int i = 0; i < trace->outcome_count; i++)
        json_array_append_new(outcomes,
                              json_pack("{s:s, s:s}", "task",
                                        trace->outcomes[i].task_name, "outcome",
                                        trace->outcomes[i].line));
    return outcomes;
}

// A number of a step; null for none.
static json_t *json_of_step(int step) {
    return step ? json_integer(step) : json_null();
}

static json_t *json_of_text(const char *text) {
    return *text ? json_string(text) : json_null();
}

// Whose sleep a loop was kept waiting by; null for other findings.
static json_t *json_of_sleeper(const struct trace *trace,
                               const struct finding *finding) {
    return finding->kind == FINDING_BLOCKED_LOOP
               ? json_string(trace->task_names[finding->sleeper])
               : json_null();
}

static json_t *json_of_findings(const struct execution *execution) {
    const struct owners *owners = &execution->owners;
    json_t *list = json_array();
    for (int i = 0; i < execution->findings.count; i++) {
        const struct finding *finding = &execution->findings.list[i];
        json_array_append_new(
            list,
            json_pack(
                "{s:s, s:i, s:s, s:s?, s:o, s:o, s:o, s:o, s:o, s:o}", "kind",
                text_finding(finding->kind), "step", finding->step, "task",
                execution->trace.task_names[finding->task], "point",
                finding->name, "object", json_of_text(finding->object_name),
                "for", json_of_text(owners_name(owners, finding->works_for)),
                "owner", json_of_text(owners_name(owners, finding->owner)),
                "since", json_of_step(finding->got_step), "put",
                json_of_step(finding->put_step), "sleeper",
                json_of_sleeper(&execution->trace, finding)));
    }
    return list;
}

static json_t *json_of_steps(const struct execution *execution) {
    const struct trace *trace = &execution->trace;
    json_t *list = json_array();
    for (int i = 0; i < trace->step_count; i++) {
        const struct step *step = &trace->steps[i];
        json_array_append_new(
            list,
            json_pack(
                "{s:i, s:s, s:o, s:s, s:o}", "step", i + 1, "task",
                step->task_name, "for",
                json_of_text(owners_name(&execution->owners, step->works_for)),
                "name", step->name, "detail", json_of_text(step->detail)));
    }
    return list;
}

static void print_json(const struct options *options,
                       const struct racelab_program *program,
                       const struct execution *execution, long runs,
                       bool identical, int expected, int status) {
    json_t *document = json_pack(
        "{s:s, s:s, s:I, s:b, s:o, s:o?, s:o, s:b, s:o, s:o, s:s, s:s, s:i}",
        "schedule", options->file, "handler", program->name, "runs",
        (json_int_t)runs, "identical", identical, "outcomes",
        json_of_outcomes(&execution->trace), "expected",
        expected < 0 ? NULL : json_boolean(expected), "races",
        json_of_races(execution, records_of), "races_checked",
        execution->races_checked, "harness_races",
        json_of_races(execution, records_of_harness), "findings",
        json_of_findings(execution), "verdict",
        text_verdict(execution->verdict.kind), "message",
        execution->verdict.text, "exit", status);
    if (options->steps)
        json_object_set_new(document, "steps", json_of_steps(execution));
    json_dumpf(document, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(document);
}

// A line that says how far it is, for people, when it takes long.
static void show_progress(long done, long runs, time_t start) {
    static time_t last;
    time_t now = time(NULL);
    if (!isatty(STDERR_FILENO) || now - start < 2 || now == last)
        return;
    last = now;
    fprintf(stderr, "\r%ld of %ld runs%s", done, runs,
            done == runs ? "\n" : "");
}

// The runs, until one does not finish. Returns an exit status; `last` is the
// last run's execution.
static int run_all(const struct options *options,
                   const struct racelab_program *program,
                   const struct schedule *schedule, struct execution *last,
                   long *runs, bool *identical) {
    struct picture first = {0};
    struct error error;
    int status = EXIT_AS_IT_SHOULD_BE;
    time_t start = time(NULL);
    long wanted = options->runs * options->backend_count;
    *identical = true;
    for (*runs = 0; *runs < wanted && status == 0;) {
        const struct execution_options how = {
            .backend = options->backends[*runs / options->runs],
            .loud = options->loud};
        if (execute(last, program, schedule, &how, &error)) {
            verbs_complain(options->file, &error);
            status = EXIT_TROUBLE;
            break;
        }
        ++*runs;
        show_progress(*runs, wanted, start);
        status = judge_verdict(&last->verdict);
        if (wanted == 1)
            break;
        struct picture picture = picture_of(last);
        if (first.text && strcmp(first.text, picture.text) != 0)
            *identical = false;
        if (first.text)
            free(picture.text);
        else
            first = picture;
    }
    free(first.text);
    return status;
}

static void print_summary(const struct execution *execution, long runs,
                          bool identical) {
    if (runs == 1)
        return;
    const struct trace *trace = &execution->trace;
    printf("runs\n  %ld of %ld %s\n", runs, runs,
           identical ? "the same, byte for byte" : "made, and they DIFFER");
    for (int i = 0; i < trace->outcome_count && identical; i++)
        printf("  %s %s in each\n", trace->outcomes[i].task_name,
               trace->outcomes[i].line);
    bool checked = execution->races_checked;
    int races = checked ? execution->race_count : execution->happens.race_count;
    if (identical)
        printf("  %d race%s in each%s\n", races, races == 1 ? "" : "s",
               checked ? "" : " (harness)");
}

static int replay(const struct options *options,
                  const struct racelab_program *program,
                  const struct schedule *schedule,
                  struct execution *execution) {
    long runs;
    bool identical;
    int expected = -1;
    int status =
        run_all(options, program, schedule, execution, &runs, &identical);
    if (runs == 0)
        return status;
    if (!options->json) {
        printf("schedule\n  %s, program %s\n", options->file, program->name);
        print_text(execution, stdout);
        fflush(stdout);
    }
    if (status != EXIT_AS_IT_SHOULD_BE)
        judge_complain(options->file, &execution->verdict);
    else
        status = judge_finished(options->file, program, schedule,
                                options->no_expect, execution, &expected);
    if (!identical)
        status = EXIT_FINDING;
    if (options->json)
        print_json(options, program, execution, runs, identical, expected,
                   status);
    else
        print_summary(execution, runs, identical);
    return status;
}

int replay_main(int argc, char **argv) {
    struct options options;
    struct schedule schedule;
    struct error error;
    struct execution execution;
    int status = parse_options(argc, argv, &options);
    if (status >= 0)
        return status;
    if (schedule_read(&schedule, options.file, &error)) {
        verbs_complain(options.file, &error);
        return EXIT_TROUBLE;
    }
    const struct racelab_program *program = verbs_find_program(
        options.handler ? options.handler : schedule.program.text);
    status = EXIT_TROUBLE;
    if (program && execution_init(&execution, &error) == 0) {
        status = replay(&options, program, &schedule, &execution);
        execution_done(&execution);
    }
    schedule_done(&schedule);
    return status;
}
