#include "check.h"

#include "ask.h"
#include "build.h"
#include "classroom_config.h"
#include "exercise.h"
#include "judge.h"
#include "phrase.h"
#include "progress.h"
#include "report.h"
#include "source.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { EXIT_AS_IT_SHOULD_BE, EXIT_FINDING, EXIT_TROUBLE };

static const char HELP[] =
    "usage: racelab check NN [FILE|FOLDER] [--lang en|zh|both] [--json]\n"
    "                        [--replay SCHEDULE.sched [--starter]] "
    "[--timings]\n"
    "\n"
    "Judges exercise NN (\"02\", \"02-seed\" or \"seed\"): runs FILE, or "
    "FOLDER/"
    "fix.c,\n"
    "under every schedule, plain and with ThreadSanitizer, and says of each\n"
    "criterion whether it holds, and if not, why, and with which schedule. "
    "FOLDER\n"
    "may hold the diagnosis, too: the schedules that the exercise asks for, "
    "and\n"
    "answers.txt. Without either: NN-name of the course, here or around "
    "here.\n"
    "\n"
    "  --lang L    en for English, zh for Chinese, both (the default)\n"
    "  --json      one JSON document, with both languages\n"
    "  --replay F  runs the schedule in F on the repair, step by step, and "
    "explains\n"
    "              what happens; F may lie in FOLDER, too\n"
    "  --starter   runs it on the exercise's starter instead; where no repair "
    "is\n"
    "              asked for there is nothing else\n"
    "  --timings   says on standard error what took how long\n"
    "\n"
    "The schedules that defeat a fix.c are written beside it, as\n"
    "failing-outcome.sched and so on; with --json, and for a file of another "
    "name,\n"
    "they are printed alone.\n"
    "\n"
    "Exit status: 0 if the repair holds (where none is asked for: the "
    "schedules),\n"
    "1 if not, 2 for bad input.\n";

struct options {
    const char *exercise, *path, *replay;
    bool shows[LANGUAGES];
    bool json, timings, starter;
};

static int trouble(const char *what, const char *word, const char *more) {
    fprintf(stderr, "racelab check: %s%s%s\n", what, word, more);
    return EXIT_TROUBLE;
}

static bool parse_language(const char *text, struct options *options) {
    bool both = strcmp(text, "both") == 0;

    options->shows[ENGLISH] = both || strcmp(text, "en") == 0;
    options->shows[CHINESE] = both || strcmp(text, "zh") == 0;
    return options->shows[ENGLISH] || options->shows[CHINESE];
}

// -1: go on; else an exit status.
static int take_option(int option, struct options *options, char **argv) {
    switch (option) {
    case 'l':
        return parse_language(optarg, options)
                   ? -1
                   : trouble("--lang takes en, zh or both, not ", optarg, "");
    case 'j':
        options->json = true;
        return -1;
    case 'r':
        options->replay = optarg;
        return -1;
    case 't':
        options->timings = true;
        return -1;
    case 's':
        options->starter = true;
        return -1;
    case 'h':
        fputs(HELP, stdout);
        return EXIT_AS_IT_SHOULD_BE;
    default:
        return trouble(argv[optind - 1],
                       option == ':' ? " wants an argument" : " is no option",
                       "; see racelab check --help");
    }
}

static int parse_options(int argc, char **argv, struct options *options) {
    static const struct option known[] = {
        {"lang", required_argument, NULL, 'l'},
        {"json", no_argument, NULL, 'j'},
        {"replay", required_argument, NULL, 'r'},
        {"starter", no_argument, NULL, 's'},
        {"timings", no_argument, NULL, 't'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0}};

    *options = (struct options){.shows = {true, true}};
    opterr = 0;
    for (int o; (o = getopt_long(argc, argv, ":h", known, NULL)) != -1;) {
        int status = take_option(o, options, argv);
        if (status >= 0)
            return status;
    }
    if (optind == argc || argc - optind > 2)
        return trouble(optind == argc ? "which exercise?"
                                      : "one exercise and one file, not ",
                       optind == argc ? "" : argv[optind + 2],
                       "; see racelab check --help");
    if (options->starter && options->replay == NULL)
        return trouble("--starter is for --replay", "",
                       "; see racelab check --help");
    options->exercise = argv[optind];
    options->path = optind + 1 < argc ? argv[optind + 1] : NULL;
    return -1;
}

// What is handed in.

struct handed_in {
    char *fix, *folder; // owned
};

// -1: there is no such file or folder, which has been said.
static int find(const struct options *options, const struct exercise *exercise,
                struct handed_in *handed_in) {
    struct stat status;
    char *path = options->path != NULL
                     ? phrase("%s", options->path)
                     : phrase("%s/%s", progress_directory(), exercise->name);
    size_t length = strlen(path);

    while (length > 1 && path[length - 1] == '/')
        path[--length] = '\0';
    *handed_in = (struct handed_in){NULL, NULL};
    if (lstat(path, &status) != 0) {
        if (options->path != NULL)
            trouble(path, ": ", strerror(errno));
        else
            trouble(path,
                    ": there is no such folder; name a file, or let "
                    "`racelab learn` make the course",
                    "");
        free(path);
        return -1;
    }
    if (S_ISDIR(status.st_mode)) {
        handed_in->folder = path;
        handed_in->fix = phrase("%s/fix.c", path);
    } else {
        handed_in->fix = path;
    }
    return 0;
}

// What an earlier judgement left there says nothing of this one.
static void remove_earlier(const struct report *report) {
    const struct judgement *judgement = report->judgement;

    for (unsigned i = 0; i < judgement->count; i++) {
        if (!judgement->criteria[i].is_repair)
            continue;
        char *path = report_path_beside(report, judgement->criteria[i].id);
        unlink(path);
        free(path);
    }
}

// Schedules that a student finds beside what they defeat.
static int save(const struct report *report) {
    const struct judgement *judgement = report->judgement;

    for (unsigned i = 0; i < judgement->count; i++) {
        const struct criterion *criterion = &judgement->criteria[i];
        if (criterion->schedule == NULL)
            continue;
        char *path = report_schedule_path(report, criterion);
        char *temporary = phrase("%s.tmp", path);
        unlink(temporary); // of one that was broken off
        FILE *file = fopen(temporary, "wxe");
        bool written = file != NULL && fputs(criterion->schedule, file) >= 0;
        written = file != NULL && fclose(file) == 0 && written &&
                  rename(temporary, path) == 0;
        if (!written)
            trouble(path, ": ", strerror(errno));
        free(temporary);
        free(path);
        if (!written)
            return -1;
    }
    return 0;
}

static bool is_fix(const char *file) {
    const char *slash = strrchr(file, '/');

    return strcmp(slash != NULL ? slash + 1 : file, "fix.c") == 0;
}

static unsigned now_ms(void) {
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (unsigned)(now.tv_sec * 1000 + now.tv_nsec / 1000000);
}

static int judge_and_report(const struct options *options,
                            const struct exercise *exercise,
                            const struct handed_in *handed_in) {
    struct judgement judgement;
    struct report report = {
        .judgement = &judgement,
        .file = exercise->has_repair ? handed_in->fix : handed_in->folder,
    };
    unsigned begin = now_ms();

    if (report.file == NULL)
        return trouble(handed_in->fix, ": this exercise asks for a folder", "");
    memcpy(report.shows, options->shows, sizeof report.shows);
    int status = judge(&judgement, exercise,
                       &(struct submission){handed_in->fix, handed_in->folder});
    if (options->timings)
        fprintf(stderr, "compiler %u ms, the rest %u ms\n",
                judgement.compiler_ms,
                now_ms() - begin - judgement.compiler_ms);
    if (status == 0 && options->json) {
        report_json(&report);
    } else if (status == 0) {
        if (is_fix(report.file)) {
            remove_earlier(&report);
            report.saved = save(&report) == 0;
        }
        report_text(&report);
    }
    status = status != 0        ? EXIT_TROUBLE
             : judgement.passed ? EXIT_AS_IT_SHOULD_BE
                                : EXIT_FINDING;
    judge_done(&judgement);
    return status;
}

// --replay.

// What a host printed, for a terminal: nothing in it that a terminal obeys.
static void print_plain(const char *text, FILE *out) {
    for (; *text != '\0'; text++)
        if ((unsigned char)*text >= ' ' || *text == '\n')
            putc(*text, out);
}

static const char *language_of(const struct options *options) {
    return options->shows[ENGLISH] && options->shows[CHINESE] ? "both"
           : options->shows[ENGLISH]                          ? "en"
                                                              : "zh";
}

// Under which name the schedule lies beside the build: its own, which messages
// then have, unless that could be anything else there.
static const char *name_of(const char *path) {
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;
    size_t length = strlen(name);
    bool is_plain =
        isalnum((unsigned char)*name) && length < 64 &&
        strspn(name, "abcdefghijklmnopqrstuvwxyz"
                     "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-") == length;

    return is_plain && length > strlen(".sched") &&
                   strcmp(name + length - strlen(".sched"), ".sched") == 0
               ? name
               : "replay.sched";
}

// What the harness cannot see, since no access shows it. True: there is some.
static bool print_memory(const struct options *options,
                         const struct question *replayed) {
    const char *const *says = judge_memory(
        replayed->invalid_free, replayed->copy_kept, replayed->memory_kept);

    if (says == NULL || options->json)
        return says != NULL;
    puts("memory");
    for (int i = 0; i < LANGUAGES; i++)
        if (options->shows[i])
            printf("  %s\n", says[i]);
    return true;
}

// The replay with the sanitizer is shown where that can start.
static int replay_built(const struct options *options,
                        const struct exercise *exercise, const char *fix,
                        const struct build *build) {
    enum { SANITIZED, PLAIN, WHY, COUNT };
    const struct question replay_it = {
        .object = "./fix.so",
        .handler = build->handler,
        .words = {"replay", name_of(options->replay), "--handler",
                  exercise->name, options->json ? "--json" : NULL, NULL},
    };
    struct question questions[COUNT] = {replay_it, replay_it, replay_it};

    questions[SANITIZED].object = "./fix-tsan.so";
    questions[SANITIZED].sanitized = questions[SANITIZED].places = true;
    questions[WHY].words[0] = "explain";
    questions[WHY].words[4] = "--lang";
    questions[WHY].words[5] = language_of(options);
    ask(questions, COUNT, exercise, build->directory);
    const struct question *shown =
        &questions[questions[SANITIZED].answered ? SANITIZED : PLAIN];
    int status = shown->answered ? shown->status : EXIT_TROUBLE;
    if (shown->answered) {
        if (!options->json)
            printf("handler\n  %s\n", fix);
        print_plain(shown->text, stdout);
        print_plain(shown->errors, stderr);
    }
    if (questions[WHY].answered && !options->json)
        print_plain(questions[WHY].text, stdout);
    if (shown->answered && print_memory(options, shown) && status == 0)
        status = EXIT_FINDING;
    for (int i = 0; i < COUNT; i++)
        ask_done(&questions[i]);
    return status;
}

// `shown`: what a reader calls it.
static int replay(const struct options *options,
                  const struct exercise *exercise, const char *fix,
                  const char *shown) {
    struct gate_refusal refusal;
    struct source source, schedule = {NULL, 0};
    struct build build;
    int status = EXIT_TROUBLE;

    if (access(options->replay, R_OK) != 0)
        return trouble(options->replay, ": ", strerror(errno));
    if (build_init(&build) != 0)
        return EXIT_TROUBLE;
    bool fits =
        source_read(&source, fix, GATE_SOURCE_BYTES_MAX, &refusal) &&
        source_read(&schedule, options->replay, (size_t)32 * 1024, &refusal) &&
        build_make(&build, source.text, source.bytes, &refusal);
    if (!fits)
        trouble(refusal.en, "", "");
    else if (build_write(&build, name_of(options->replay), schedule.text,
                         schedule.bytes) == 0)
        status = replay_built(options, exercise, shown, &build);
    source_free(&source);
    source_free(&schedule);
    build_done(&build);
    return status;
}

static int replay_starter(const struct options *options,
                          const struct exercise *exercise) {
    char *starter = phrase("%s/starter.c", exercise->directory);
    int status =
        replay(options, exercise, starter, "starter.c, as it was handed out");

    free(starter);
    return status;
}

// A schedule that is not to be found here may lie with what is handed in. Free
// it.
static char *schedule_of(const struct options *options,
                         const struct exercise *exercise) {
    char *beside = options->path != NULL
                       ? phrase("%s/%s", options->path, options->replay)
                       : phrase("%s/%s/%s", progress_directory(),
                                exercise->name, options->replay);

    if (access(options->replay, R_OK) != 0 && access(beside, R_OK) == 0)
        return beside;
    free(beside);
    return phrase("%s", options->replay);
}

static int replay_or_judge(const struct options *options,
                           const struct exercise *exercise) {
    struct handed_in handed_in;
    int status = EXIT_TROUBLE;

    if (options->replay != NULL && (options->starter || !exercise->has_repair))
        return replay_starter(options, exercise);
    if (find(options, exercise, &handed_in) == 0)
        status = options->replay != NULL
                     ? replay(options, exercise, handed_in.fix, handed_in.fix)
                     : judge_and_report(options, exercise, &handed_in);
    free(handed_in.fix);
    free(handed_in.folder);
    return status;
}

static int check_found(struct options *options,
                       const struct exercise *exercise) {
    if (options->replay == NULL)
        return replay_or_judge(options, exercise);
    char *schedule = schedule_of(options, exercise);
    options->replay = schedule;
    int status = replay_or_judge(options, exercise);
    free(schedule);
    return status;
}

int check(int argc, char **argv) {
    struct options options;
    struct exercise_list list;
    int status = parse_options(argc, argv, &options);

    if (status >= 0)
        return status;
    if (!CLASSROOM_HAS_HOSTS)
        return trouble("this build has a sanitizer of its own; judge with one "
                       "that has none: meson setup build && ninja -C build, "
                       "then build/racelab check",
                       "", "");
    if (exercise_list_load(&list) != 0)
        return EXIT_TROUBLE;
    const struct exercise *exercise = exercise_find(&list, options.exercise);
    status = exercise != NULL
                 ? check_found(&options, exercise)
                 : trouble("there is no exercise \"", options.exercise,
                           "\"; racelab learn list shows all");
    exercise_list_free(&list);
    return status;
}
