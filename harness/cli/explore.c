// explore.c - `racelab explore PROGRAM`: every schedule, or a sample of them.
#include "verbs.h"

#include "explore.h"
#include "text.h"

#include <getopt.h>
#include <inttypes.h>
#include <jansson.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { WITNESS_RUNS = 10 };

static const char HELP[] =
    "usage: racelab explore PROGRAM [--requests /test,/test] [--strategy S]\n"
    "                       [--runs-max N] [--seed S] [--save DIR] [--json]\n"
    "\n"
    "Runs PROGRAM under every schedule, and says which outcomes there are: "
    "how\n"
    "many executions give each, in how many ThreadSanitizer reports a race "
    "(in a\n"
    "build without it: the harness, which does not change the exit status), "
    "and\n"
    "the shortest schedule seen to show it.\n"
    "\n"
    "  --requests LIST  what the clients A, B, ... send (default "
    "/test,/test)\n"
    "  --strategy S     dpor (the default): one execution of each kind; when "
    "it\n"
    "                   ends by itself, it is a proof. all: every "
    "interleaving,\n"
    "                   for very small programs. random: a sample\n"
    "  --runs-max N     stop after N executions (random: 1000)\n"
    "  --seed S         of random (1): the same seed, the same executions\n"
    "  --save DIR       writes the schedules to DIR\n"
    "  --json           one JSON document\n"
    "\n"
    "Exit status: 0 if every outcome is right and nothing races, 1 if not, 2 "
    "for\n"
    "bad input or a program that cannot be explored.\n";

static const char *const strategy_names[] = {"dpor", "all", "random"};

struct options {
    const char *program, *save;
    struct explore_options explore;
    bool json;
};

static volatile sig_atomic_t interrupted;

static void interrupt(int number) {
    (void)number;
    interrupted = 1;
}

// A line that says how far it is, for people, when it takes long.
static bool show_progress(void *context, long executions) {
    static time_t last;
    const time_t *start = context;
    time_t now = time(NULL);
    if (isatty(STDERR_FILENO) && now - *start >= 2 && now != last) {
        last = now;
        fprintf(stderr, "\r%ld executions", executions);
    }
    return interrupted;
}

static bool parse_number(const char *text, uint64_t *number) {
    char *end;
    *number = strtoull(text, &end, 10);
    return *text >= '0' && *text <= '9' && *end == '\0';
}

static int parse_option(int option, struct options *options) {
    uint64_t number;
    switch (option) {
    case 'r':
        options->explore.requests = optarg;
        return -1;
    case 's':
        if (strcmp(optarg, "random") == 0)
            options->explore.strategy = EXPLORE_RANDOM;
        else if (strcmp(optarg, "all") == 0)
            options->explore.strategy = EXPLORE_ALL;
        else if (strcmp(optarg, "dpor") != 0)
            return verbs_usage("explore",
                               "the strategies are dpor, all and random, not ",
                               optarg);
        return -1;
    case 'n':
        if (!parse_number(optarg, &number) || number == 0 || number > INT32_MAX)
            return verbs_usage(
                "explore", "--runs-max takes a number from 1, not ", optarg);
        options->explore.runs_max = (long)number;
        return -1;
    case 'S':
        if (!parse_number(optarg, &options->explore.seed))
            return verbs_usage("explore", "--seed takes a number, not ",
                               optarg);
        return -1;
    case 'd':
        options->save = optarg;
        return -1;
    case 'j':
        options->json = true;
        return -1;
    case 'h':
        fputs(HELP, stdout);
        return EXIT_AS_IT_SHOULD_BE;
    default:
        return EXIT_TROUBLE;
    }
}

// -1: go on; else an exit status.
static int parse_options(int argc, char **argv, struct options *options) {
    static const struct option known[] = {
        {"requests", required_argument, NULL, 'r'},
        {"strategy", required_argument, NULL, 's'},
        {"runs-max", required_argument, NULL, 'n'},
        {"seed", required_argument, NULL, 'S'},
        {"save", required_argument, NULL, 'd'},
        {"json", no_argument, NULL, 'j'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0}};
    *options =
        (struct options){.explore = {.requests = "/test,/test", .seed = 1}};
    for (int o; (o = verbs_option("explore", argc, argv, known)) != -1;) {
        int status = parse_option(o, options);
        if (status >= 0)
            return status;
    }
    if (argc - optind != 1)
        return verbs_usage(
            "explore", argc == optind ? "which program?" : "one program, not ",
            argc == optind ? "" : argv[optind + 1]);
    options->program = argv[optind];
    if (options->explore.strategy == EXPLORE_RANDOM &&
        options->explore.runs_max == 0)
        options->explore.runs_max = 1000;
    return -1;
}

static bool is_right(const struct explored_outcome *outcome,
                     const struct racelab_program *program) {
    if (outcome->verdict != VERDICT_FINISHED)
        return false;
    for (int i = 0; program->right && i < outcome->line_count; i++)
        if (strcmp(outcome->lines[i].line, program->right) != 0)
            return false;
    return true;
}

static int save(const struct options *options,
                const struct exploration *exploration) {
    char path[LIMIT_LINE_BYTES];
    if (mkdir(options->save, 0777) && access(options->save, W_OK)) {
        perror(options->save);
        return EXIT_TROUBLE;
    }
    for (int i = 0; i < exploration->outcome_count; i++) {
        snprintf(path, sizeof path, "%s/%s-%d.sched", options->save,
                 options->program, i + 1);
        FILE *file = fopen(path, "we");
        if (!file || fputs(exploration->outcomes[i].witness, file) < 0 ||
            fclose(file)) {
            perror(path);
            return EXIT_TROUBLE;
        }
    }
    return EXIT_AS_IT_SHOULD_BE;
}

static json_t *json_of_lines(const struct explored_outcome *outcome) {
    json_t *lines = json_object();
    for (int i = 0; i < outcome->line_count; i++)
        json_object_set_new(lines, outcome->lines[i].task_name,
                            json_string(outcome->lines[i].line));
    return lines;
}

static json_t *json_by_task(const struct exploration *exploration) {
    json_t *tasks = json_object();
    for (int i = 0; i < exploration->outcome_count; i++) {
        const struct explored_outcome *outcome = &exploration->outcomes[i];
        for (int k = 0; k < outcome->line_count; k++) {
            const char *task = outcome->lines[k].task_name;
            const char *line = outcome->lines[k].line;
            json_t *counts = json_object_get(tasks, task);
            if (!counts) {
                counts = json_object();
                json_object_set_new(tasks, task, counts);
            }
            json_int_t before =
                json_integer_value(json_object_get(counts, line));
            json_object_set_new(
                counts, line,
                json_integer(before + (json_int_t)outcome->executions));
        }
    }
    return tasks;
}

static void print_json(const struct options *options,
                       const struct exploration *exploration,
                       const int *reproduced, int status) {
    json_t *outcomes = json_array();
    for (int i = 0; i < exploration->outcome_count; i++) {
        const struct explored_outcome *outcome = &exploration->outcomes[i];
        json_array_append_new(
            outcomes, json_pack("{s:o, s:s, s:s, s:I, s:I, s:I, s:s, s:i}",
                                "outcome", json_of_lines(outcome), "verdict",
                                text_verdict(outcome->verdict), "message",
                                outcome->message, "executions",
                                (json_int_t)outcome->executions, "raced",
                                (json_int_t)outcome->raced, "raced_harness",
                                (json_int_t)outcome->raced_harness, "witness",
                                outcome->witness, "reproduced", reproduced[i]));
    }
    json_t *document = json_pack(
        "{s:s, s:s, s:s, s:I, s:b, s:s?, s:I, s:I, s:f, s:b, s:o, s:o, s:i}",
        "program", options->program, "requests", options->explore.requests,
        "strategy", strategy_names[options->explore.strategy], "seed",
        (json_int_t)options->explore.seed, "complete", exploration->complete,
        "gap", exploration->gap, "executions",
        (json_int_t)exploration->executions, "blocked",
        (json_int_t)exploration->blocked, "seconds", exploration->seconds,
        "races_checked", exploration->races_checked, "outcomes", outcomes,
        "by_task", json_by_task(exploration), "exit", status);
    json_dumpf(document, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(document);
}

static void print_outcome(const struct explored_outcome *outcome,
                          const struct exploration *exploration, int number,
                          int reproduced) {
    printf("%d. %s\n", number, outcome->text);
    if (outcome->verdict != VERDICT_FINISHED)
        printf("   %s\n", outcome->message);
    printf("   %ld execution%s", outcome->executions,
           outcome->executions == 1 ? "" : "s");
    if (exploration->races_checked)
        printf(", %ld with a race", outcome->raced);
    else
        printf(", %ld with a race (harness)", outcome->raced_harness);
    if (reproduced < 0)
        printf("; the schedule below\n");
    else
        printf("; the schedule below: reproduced %d/%d\n", reproduced,
               2 * WITNESS_RUNS);
    for (const char *at = strstr(outcome->witness, "\n\n"); at && at[1];) {
        const char *line = at[1] == '\n' ? at + 2 : at + 1;
        size_t length = strcspn(line, "\n");
        if (length == 0)
            break;
        printf("     %.*s\n", (int)length, line);
        at = line + length;
    }
}

static void print_text(const struct options *options,
                       const struct exploration *exploration,
                       const int *reproduced) {
    printf("program %s, requests %s\n\n", options->program,
           options->explore.requests);
    for (int i = 0; i < exploration->outcome_count; i++)
        print_outcome(&exploration->outcomes[i], exploration, i + 1,
                      reproduced[i]);
    printf("\n%s, %ld execution%s",
           exploration->complete ? "exactly these: complete"
                                 : "NOT complete: there may be more",
           exploration->executions, exploration->executions == 1 ? "" : "s");
    if (options->explore.strategy == EXPLORE_RANDOM)
        printf(", seed %" PRIu64, options->explore.seed);
    printf("\n");
    if (exploration->gap)
        printf("because of %s: not every order of it is looked at\n",
               exploration->gap);
}

static int judge(const struct exploration *exploration,
                 const struct racelab_program *program) {
    for (int i = 0; i < exploration->outcome_count; i++)
        if (!is_right(&exploration->outcomes[i], program) ||
            exploration->outcomes[i].raced > 0)
            return EXIT_FINDING;
    return EXIT_AS_IT_SHOULD_BE;
}

int explore_main(int argc, char **argv) {
    struct options options;
    struct exploration exploration;
    struct error error;
    int status = parse_options(argc, argv, &options);
    if (status >= 0)
        return status;
    const struct racelab_program *program = verbs_find_program(options.program);
    if (!program)
        return EXIT_TROUBLE;
    time_t start = time(NULL);
    options.explore.stop = show_progress;
    options.explore.context = &start;
    signal(SIGINT, interrupt);
    if (explore(&exploration, program, &options.explore, &error)) {
        fprintf(stderr, "racelab explore: %s: %s\n", options.program,
                error.text);
        return EXIT_TROUBLE;
    }
    signal(SIGINT, SIG_DFL);
    int *reproduced =
        calloc((size_t)exploration.outcome_count + 1, sizeof *reproduced);
    if (!reproduced)
        abort();
    for (int i = 0; i < exploration.outcome_count; i++)
        reproduced[i] =
            exploration.outcomes[i].verdict == VERDICT_FINISHED
                ? explore_check_witness(&exploration.outcomes[i], program,
                                        WITNESS_RUNS)
                : -1; // a program that does not end leaves too much behind
    status = judge(&exploration, program);
    if (options.save && save(&options, &exploration) != 0)
        status = EXIT_TROUBLE;
    if (options.json)
        print_json(&options, &exploration, reproduced, status);
    else
        print_text(&options, &exploration, reproduced);
    free(reproduced);
    exploration_done(&exploration);
    return status;
}
