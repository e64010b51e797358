// explore.c - `racelab explore PROGRAM`: every schedule, or a sample of them.
#include "verbs.h"

#include "access.h"
#include "explore.h"
#include "record.h"
#include "text.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <jansson.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WITNESS_RUNS = 10, WITNESS_RUNS_MOST = 1000 };
enum { SAMPLE_RUNS = 1000, DEPTH = 3 };

// Of the shell: ended by Ctrl-C.
enum { EXIT_INTERRUPTED = 128 + SIGINT };

static const char HELP[] =
    "usage: racelab explore PROGRAM [--requests LIST] [--then LIST]\n"
    "                       [--strategy S] [--preemptions N] [--depth N]\n"
    "                       [--seed S] [--runs-max N] [--accesses]\n"
    "                       [--reproduce N] [--save DIR] [--json]\n"
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
    "  --then LIST      what is sent when nobody has anything left to do\n";

static const char HELP_OF_OPTIONS[] =
    "  --preemptions N  of dpor and all: no execution with more than N "
    "switches\n"
    "                   away from a task that could have gone on\n"
    "  --depth N        of pct (3): how many orders of steps a bug may need\n"
    "  --seed S         of random, pct and pos (1): the same seed, the same\n"
    "                   executions\n"
    "  --runs-max N     stop after N executions (random, pct and pos: 1000)\n"
    "  --accesses       each access to memory with a name is a point; in "
    "builds\n"
    "                   with the thread sanitizer\n"
    "  --reproduce N    runs each schedule that is shown N times more (10) "
    "on each\n"
    "                   backend, to see that it gives its outcome again\n"
    "  --save DIR       writes the schedules to DIR\n"
    "  --progress       says how far it is, though standard error is no "
    "terminal\n"
    "  --json           one JSON document\n"
    "\n"
    "Ctrl-C ends it, and what is known by then is printed; again: at once.\n"
    "\n"
    "Exit status: 0 if every outcome is right, nothing races and nothing else "
    "is\n"
    "found, 1 if not, 2 for bad input or a program that cannot be explored, "
    "130\n"
    "after Ctrl-C.\n";

struct options {
    const char *program, *save;
    struct explore_options explore;
    int witness_runs; // of each schedule that is shown, on each backend
    bool json, progress, seeded;
};

static volatile sig_atomic_t interrupted;

static void interrupt(int number) {
    (void)number;
    interrupted = 1;
}

// The second time it is as if we were not here.
static void catch_interrupt(void) {
    struct sigaction action = {.sa_handler = interrupt,
                               .sa_flags = (int)SA_RESETHAND | SA_RESTART};
    struct sigaction before;
    sigaction(SIGINT, NULL, &before);
    if (before.sa_handler != SIG_IGN)
        sigaction(SIGINT, &action, NULL);
}

static void leave_interrupt(void) {
    struct sigaction before;
    sigaction(SIGINT, NULL, &before);
    if (before.sa_handler == interrupt)
        signal(SIGINT, SIG_DFL);
}

// A line that says how far it is. On a terminal each takes the place of the one
// before it.

enum { PROGRESS_COLUMNS = 78 };

static bool progress_shown;

static void show_progress(const struct explore_progress *progress) {
    char text[PROGRESS_COLUMNS + 1];
    int used = snprintf(
        text, sizeof text, "%ld executions, %.0f a second, %d outcome%s",
        progress->executions, (double)progress->executions / progress->seconds,
        progress->outcomes, progress->outcomes == 1 ? "" : "s");
    int percent = (int)(100 * progress->done);
    if (progress->done >= 0 && used < PROGRESS_COLUMNS)
        snprintf(text + used, sizeof text - (size_t)used,
                 percent ? ", about %d %% done" : ", less than 1 %% done",
                 percent);
    bool in_place = isatty(STDERR_FILENO);
    fprintf(stderr, in_place ? "\r%-*s" : "%.*s\n", PROGRESS_COLUMNS, text);
    progress_shown = in_place;
}

static void clear_progress(void) {
    if (progress_shown)
        fprintf(stderr, "\r%*s\r", PROGRESS_COLUMNS, "");
}

// Options.

static bool parse_number(const char *text, uint64_t most, uint64_t *number) {
    char *end;
    errno = 0;
    *number = strtoull(text, &end, 10);
    return *text >= '0' && *text <= '9' && *end == '\0' && errno == 0 &&
           *number <= most;
}

// -1: go on; else an exit status. So are the others below.
static int take_number(const char *what, int least, int most, int *number) {
    uint64_t wide;
    char text[LIMIT_NAME * 2];
    if (parse_number(optarg, (uint64_t)most, &wide) &&
        wide >= (uint64_t)least) {
        *number = (int)wide;
        return -1;
    }
    snprintf(text, sizeof text, "%s takes a number from %d to %d, not ", what,
             least, most);
    return verbs_usage("explore", text, optarg);
}

static int take_strategy(struct explore_options *options) {
    char text[LIMIT_LINE_BYTES] = "the strategies are ";
    options->strategy = explore_find_strategy(optarg);
    if (options->strategy)
        return -1;
    for (const struct explore_strategy *at = explore_strategies; at->name;
         at++) {
        strcat(text, at->name);
        strcat(text, !at[1].name ? ", not " : at[2].name ? ", " : " and ");
    }
    return verbs_usage("explore", text, optarg);
}

static int take_bound(struct strategy_options *choice) {
    choice->bounded = true;
    return take_number("--preemptions", 0, INT32_MAX, &choice->preemptions);
}

static int take_runs(struct explore_options *options) {
    int number = 0;
    int status = take_number("--runs-max", 1, INT32_MAX, &number);
    options->runs_max = number;
    return status;
}

// No more than JSON's numbers can hold.
static int take_seed(struct strategy_options *choice) {
    return parse_number(optarg, INT64_MAX, &choice->seed)
               ? -1
               : verbs_usage("explore",
                             "--seed takes a number from 0 to "
                             "9223372036854775807, not ",
                             optarg);
}

static int take_accesses(struct explore_options *options) {
    const char *remedy = access_remedy();
    options->accesses = true;
    if (!remedy)
        return -1;
    fprintf(stderr, "racelab explore: --accesses: %s\n", remedy);
    return EXIT_TROUBLE;
}

static int print_help(void) {
    fputs(HELP, stdout);
    printf("  --strategy S     which executions (default %s):\n",
           explore_strategies[0].name);
    for (const struct explore_strategy *at = explore_strategies; at->name; at++)
        printf("      %-7s %s\n", at->name, at->summary);
    fputs(HELP_OF_OPTIONS, stdout);
    return EXIT_AS_IT_SHOULD_BE;
}

static int parse_option(int option, struct options *options) {
    struct explore_options *explore = &options->explore;
    switch (option) {
    case 'r':
        explore->requests = optarg;
        return -1;
    case 't':
        explore->then = optarg;
        return -1;
    case 's':
        return take_strategy(explore);
    case 'p':
        return take_bound(&explore->choice);
    case 'D':
        return take_number("--depth", 1, LIMIT_DEPTH, &explore->choice.depth);
    case 'S':
        options->seeded = true;
        return take_seed(&explore->choice);
    case 'n':
        return take_runs(explore);
    case 'a':
        return take_accesses(explore);
    case 'w':
        return take_number("--reproduce", 0, WITNESS_RUNS_MOST,
                           &options->witness_runs);
    case 'd':
        options->save = optarg;
        return -1;
    case 'P':
        options->progress = true;
        return -1;
    case 'j':
        options->json = true;
        return -1;
    case 'h':
        return print_help();
    default:
        return EXIT_TROUBLE;
    }
}

// An option that the strategy would pass over is a mistake.
static int fit_to_strategy(struct options *all) {
    struct explore_options *options = &all->explore;
    const struct explore_strategy *strategy = options->strategy;
    if (all->seeded && !strategy->is_sample)
        return verbs_usage("explore", "--seed is not for the strategy ",
                           strategy->name);
    if (options->choice.bounded && !strategy->has_bound)
        return verbs_usage("explore", "--preemptions is not for the strategy ",
                           strategy->name);
    if (options->choice.depth && !strategy->has_depth)
        return verbs_usage("explore", "--depth is not for the strategy ",
                           strategy->name);
    if (options->choice.depth == 0)
        options->choice.depth = DEPTH;
    if (strategy->is_sample && options->runs_max == 0)
        options->runs_max = SAMPLE_RUNS;
    return -1;
}

static int parse_options(int argc, char **argv, struct options *options) {
    static const struct option known[] = {
        {"requests", required_argument, NULL, 'r'},
        {"then", required_argument, NULL, 't'},
        {"strategy", required_argument, NULL, 's'},
        {"preemptions", required_argument, NULL, 'p'},
        {"depth", required_argument, NULL, 'D'},
        {"seed", required_argument, NULL, 'S'},
        {"runs-max", required_argument, NULL, 'n'},
        {"accesses", no_argument, NULL, 'a'},
        {"reproduce", required_argument, NULL, 'w'},
        {"save", required_argument, NULL, 'd'},
        {"progress", no_argument, NULL, 'P'},
        {"json", no_argument, NULL, 'j'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0}};
    *options = (struct options){.witness_runs = WITNESS_RUNS,
                                .explore = {.strategy = explore_strategies,
                                            .choice = {.seed = 1},
                                            .stop = &interrupted}};
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
    if (options->progress || isatty(STDERR_FILENO))
        options->explore.progress = show_progress;
    return fit_to_strategy(options);
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

static json_t *json_of_found(const struct explored_outcome *outcome) {
    json_t *found = json_object();
    for (int i = 0; i < FINDING_KINDS; i++)
        json_object_set_new(found, text_finding(i),
                            json_integer((json_int_t)outcome->found[i]));
    return found;
}

static json_t *json_of_outcome(const struct explored_outcome *outcome,
                               int reproduced) {
    return json_pack(
        "{s:o, s:s, s:s, s:I, s:I, s:I, s:o, s:s, s:b, s:i}", "outcome",
        json_of_lines(outcome), "verdict", text_verdict(outcome->verdict),
        "message", outcome->message, "executions",
        (json_int_t)outcome->executions, "raced", (json_int_t)outcome->raced,
        "raced_harness", (json_int_t)outcome->raced_harness, "found",
        json_of_found(outcome), "witness", outcome->witness, "accesses",
        outcome->of_build, "reproduced", reproduced);
}

static json_t *json_of_races(const struct exploration *exploration) {
    json_t *races = json_array();
    for (int i = 0; i < exploration->race_count; i++) {
        const struct explored_race *race = &exploration->races[i];
        json_array_append_new(
            races, json_pack("{s:s, s:I, s:s, s:o}", "object", race->object,
                             "executions", (json_int_t)race->executions,
                             "witness", race->witness, "record",
                             race->record ? record_json(race->record, 1)
                                          : json_array()));
    }
    return races;
}

static json_t *json_if(bool there_is, int number) {
    return there_is ? json_integer(number) : json_null();
}

static void print_json(const struct options *options,
                       const struct exploration *exploration,
                       const int *reproduced, int status) {
    const struct explore_options *explore = &options->explore;
    const struct strategy_options *choice = &explore->choice;
    json_t *outcomes = json_array();
    for (int i = 0; i < exploration->outcome_count; i++)
        json_array_append_new(
            outcomes,
            json_of_outcome(&exploration->outcomes[i], reproduced[i]));
    json_t *document = json_pack(
        "{s:s, s:s, s:s?, s:b, s:s, s:I, s:o, s:o, s:b, s:s?, s:I, s:I, s:f, "
        "s:b, s:o, s:o, s:o, s:i}",
        "program", options->program, "requests", explore->requests, "then",
        explore->then, "accesses", explore->accesses, "strategy",
        explore->strategy->name, "seed", (json_int_t)choice->seed, "depth",
        json_if(explore->strategy->has_depth, choice->depth), "preemptions",
        json_if(choice->bounded, choice->preemptions), "complete",
        exploration->complete, "gap", exploration->gap, "executions",
        (json_int_t)exploration->executions, "blocked",
        (json_int_t)exploration->blocked, "seconds", exploration->seconds,
        "races_checked", exploration->races_checked, "outcomes", outcomes,
        "races", json_of_races(exploration), "by_task",
        json_by_task(exploration), "exit", status);
    json_dumpf(document, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(document);
}

// "found: foreign in 3, leak in 1"
static void print_found(const struct explored_outcome *outcome) {
    const char *before = "   found: ";
    for (int i = 0; i < FINDING_KINDS; i++) {
        if (outcome->found[i] == 0)
            continue;
        printf("%s%s in %ld", before, text_finding(i), outcome->found[i]);
        before = ", ";
    }
    if (*before == ',')
        printf("\n");
}

static bool is_sound(const struct explored_outcome *outcome) {
    for (int i = 0; i < FINDING_KINDS; i++)
        if (outcome->found[i])
            return false;
    return outcome->raced == 0;
}

static void print_outcome(const struct explored_outcome *outcome,
                          const struct exploration *exploration, int number,
                          int reproduced, int witness_runs) {
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
               2 * witness_runs);
    print_found(outcome);
    for (const char *at = strstr(outcome->witness, "\n\n"); at && at[1];) {
        const char *line = at[1] == '\n' ? at + 2 : at + 1;
        size_t length = strcspn(line, "\n");
        if (length == 0)
            break;
        printf("     %.*s\n", (int)length, line);
        at = line + length;
    }
}

// What there is to be seen at all: each line that some task reported, or how an
// execution ended that did not finish. Each once, as they were found.
struct set {
    const char **texts;
    int count;
};

static void add_to_set(struct set *set, const char *text) {
    for (int i = 0; i < set->count; i++)
        if (strcmp(set->texts[i], text) == 0)
            return;
    set->texts =
        realloc(set->texts, (size_t)(set->count + 1) * sizeof *set->texts);
    if (!set->texts)
        abort();
    set->texts[set->count++] = text;
}

static void print_set(const struct exploration *exploration) {
    struct set set = {NULL, 0};
    for (int i = 0; i < exploration->outcome_count; i++) {
        const struct explored_outcome *outcome = &exploration->outcomes[i];
        for (int k = 0; k < outcome->line_count; k++)
            add_to_set(&set, outcome->lines[k].line);
        if (outcome->verdict != VERDICT_FINISHED)
            add_to_set(&set, text_verdict(outcome->verdict));
    }
    printf("exactly {");
    for (int i = 0; i < set.count; i++)
        printf("%s%s", i ? ", " : "", set.texts[i]);
    printf("}: complete");
    free(set.texts);
}

// Each race once, however many executions have it.
static void print_races(const struct exploration *exploration) {
    for (int i = 0; i < exploration->race_count; i++) {
        const struct explored_race *race = &exploration->races[i];
        printf("\nrace %d: %s, in %ld execution%s%s\n", i + 1, race->object,
               race->executions, race->executions == 1 ? "" : "s",
               exploration->races_checked ? "" : " (harness)");
        if (race->record)
            record_print(race->record, stdout);
    }
}

static void print_end(const struct options *options,
                      const struct exploration *exploration, int status) {
    const struct explore_options *explore = &options->explore;
    printf("\n");
    if (exploration->complete)
        print_set(exploration);
    else
        printf("NOT complete: there may be more");
    printf(", %ld execution%s", exploration->executions,
           exploration->executions == 1 ? "" : "s");
    if (explore->strategy->is_sample)
        printf(", seed %" PRIu64, explore->choice.seed);
    if (explore->strategy->has_depth)
        printf(", depth %d", explore->choice.depth);
    printf("%s\n", status == EXIT_INTERRUPTED ? ", interrupted" : "");
    if (exploration->gap)
        printf("because of %s: not everything that it leads to is looked at\n",
               exploration->gap);
}

static void print_text(const struct options *options,
                       const struct exploration *exploration,
                       const int *reproduced, int status) {
    printf("program %s, requests %s", options->program,
           options->explore.requests);
    if (options->explore.then)
        printf(", then %s", options->explore.then);
    if (options->explore.accesses)
        printf(", accesses are points");
    printf("\n\n");
    for (int i = 0; i < exploration->outcome_count; i++)
        print_outcome(&exploration->outcomes[i], exploration, i + 1,
                      reproduced[i], options->witness_runs);
    print_races(exploration);
    print_end(options, exploration, status);
}

static int judge(const struct exploration *exploration,
                 const struct racelab_program *program) {
    if (interrupted && !exploration->complete)
        return EXIT_INTERRUPTED;
    for (int i = 0; i < exploration->outcome_count; i++)
        if (!is_right(&exploration->outcomes[i], program) ||
            !is_sound(&exploration->outcomes[i]))
            return EXIT_FINDING;
    return EXIT_AS_IT_SHOULD_BE;
}

// How often each witness gave its outcome again.
static int *check_witnesses(const struct options *options,
                            const struct exploration *exploration,
                            const struct racelab_program *program) {
    int *reproduced =
        calloc((size_t)exploration->outcome_count + 1, sizeof *reproduced);
    if (!reproduced)
        abort();
    for (int i = 0; i < exploration->outcome_count; i++)
        reproduced[i] =
            exploration->outcomes[i].verdict == VERDICT_FINISHED &&
                    options->witness_runs > 0
                ? explore_check_witness(&exploration->outcomes[i], program,
                                        options->witness_runs)
                : -1; // a program that does not end leaves too much behind
    return reproduced;
}

static int show(const struct options *options,
                const struct racelab_program *program,
                struct exploration *exploration) {
    explore_record_races(exploration, program);
    int *reproduced = check_witnesses(options, exploration, program);
    int status = judge(exploration, program);
    if (options->save && save(options, exploration) != 0)
        status = EXIT_TROUBLE;
    if (options->json)
        print_json(options, exploration, reproduced, status);
    else
        print_text(options, exploration, reproduced, status);
    free(reproduced);
    return status;
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
    if (!options.explore.requests)
        options.explore.requests = verbs_requests(program);
    catch_interrupt();
    status = explore(&exploration, program, &options.explore, &error);
    leave_interrupt();
    clear_progress();
    if (status) {
        fprintf(stderr, "racelab explore: %s: %s\n", options.program,
                error.text);
        return EXIT_TROUBLE;
    }
    status = show(&options, program, &exploration);
    exploration_done(&exploration);
    return status;
}
