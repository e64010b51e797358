#include "learn.h"

#include "course.h"
#include "debug.h"
#include "overview.h"
#include "reading.h"
#include "judged.h"
#include "watch.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

enum { DIRECTORY_BYTES_MAX = 512 };

static const char HELP[] =
    "usage: racelab learn [WHAT [NN]] [--dir DIR] [--lang en|zh]\n"
    "\n"
    "The course, for the one who takes it. NN is an exercise (2, 02, 02-seed, "
    "seed);\n"
    "without it, the first that is not passed.\n"
    "\n"
    "  list         all exercises and how far each is; this without a WHAT "
    "too\n"
    "  next         the first exercise that is not passed: its text and files\n"
    "  show NN      the same for any\n"
    "  hint NN      the next of three hints; --all: once more those taken\n"
    "  check NN     its judgement, by racelab check; passing is remembered\n"
    "  watch NN     a judgement on each save; --poll: look at the files, where "
    "the\n"
    "               system does not tell of a save\n"
    "  reset NN     fix.c as it was handed out (in an exercise without one, "
    "the\n"
    "               schedules); what was there is kept beside it. reset NN "
    "FILE:\n"
    "               that file\n"
    "  debug NN     your program under gdb, or what RACELAB_DEBUGGER names, "
    "with\n"
    "               the schedule that defeats it replayed. debug NN FILE: "
    "another\n"
    "  solution NN  the solution and its discussion, after passing\n"
    "  lang en|zh   the language from now on\n"
    "\n"
    "  --dir DIR    where your files are (course, or the course that this "
    "folder\n"
    "               is in)\n"
    "  --lang L     the language, this time\n"
    "  --json       list as one JSON document\n"
    "\n"
    "What you did is in DIR/progress.json. Your files are never written over.\n"
    "\n"
    "Exit status: 0 as it should be, 1 not passed (check, watch, solution), 2 "
    "bad\n"
    "usage, or something could not be done.\n";

struct arguments {
    const char *directory, *what, *which, *file;
    enum language language;
    bool has_language, shows_all, polls, wants_json, wants_help;
};

// What a WHAT is about.
enum subject { THE_COURSE, NEXT_EXERCISE, AN_EXERCISE, A_FILE, A_LANGUAGE };

static int choose_language(const struct learner *learner);

static const struct command {
    const char *name;
    enum subject subject;
    learner_command *run;
} commands[] = {
    {"list", THE_COURSE, overview_list},
    {"next", NEXT_EXERCISE, reading_show},
    {"show", AN_EXERCISE, reading_show},
    {"hint", AN_EXERCISE, reading_hint},
    {"check", AN_EXERCISE, judged_check},
    {"watch", AN_EXERCISE, watch_run},
    {"reset", A_FILE, course_reset},
    {"debug", A_FILE, debug_run},
    {"solution", AN_EXERCISE, reading_solution},
    {"lang", A_LANGUAGE, choose_language},
    {NULL, THE_COURSE, NULL},
};

// Always false.
static bool usage(const char *what, const char *word) {
    fprintf(stderr, "racelab learn: %s%s; see racelab learn --help\n", what,
            word);
    return false;
}

static bool parse_language(const char *text, enum language *language) {
    bool is_chinese = strcmp(text, "zh") == 0;
    *language = is_chinese ? CHINESE : ENGLISH;
    return is_chinese || strcmp(text, "en") == 0;
}

static bool take_option(struct arguments *arguments, int option) {
    switch (option) {
    case 'd':
        arguments->directory = optarg;
        return (*optarg != '\0' && strlen(optarg) < DIRECTORY_BYTES_MAX) ||
               usage("--dir wants a name of 1 to 511 bytes, not ", optarg);
    case 'l':
        arguments->has_language = true;
        return parse_language(optarg, &arguments->language) ||
               usage("--lang takes en or zh, not ", optarg);
    case 'a':
        arguments->shows_all = true;
        return true;
    case 'p':
        arguments->polls = true;
        return true;
    case 'j':
        arguments->wants_json = true;
        return true;
    default:
        arguments->wants_help = true;
        return true;
    }
}

static bool parse_options(int argc, char **argv, struct arguments *arguments) {
    static const struct option options[] = {
        {"dir", required_argument, NULL, 'd'},
        {"lang", required_argument, NULL, 'l'},
        {"all", no_argument, NULL, 'a'},
        {"poll", no_argument, NULL, 'p'},
        {"json", no_argument, NULL, 'j'},
        {"help", no_argument, NULL, 'h'},
        {0},
    };
    int option;
    bool is_right = true;

    optind = 0; // this may not be the first command line of the process
    opterr = 0;
    while (is_right &&
           (option = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
        const char *word = argv[optind - 1];
        if (option == '?')
            return usage(word, " is no option, or takes no argument");
        if (option == ':')
            return usage(word, " wants an argument");
        is_right = take_option(arguments, option);
    }
    return is_right;
}

// WHAT and its own words, behind which nothing may stand.
static bool parse_words(int count, char **words, struct arguments *arguments) {
    arguments->what = count > 0 ? words[0] : "list";
    arguments->which = count > 1 ? words[1] : NULL;
    arguments->file = count > 2 ? words[2] : NULL;
    return count <= 3 || usage(words[3], ": not expected");
}

static const struct command *find_command(const char *name) {
    for (const struct command *at = commands; at->name; at++)
        if (strcmp(at->name, name) == 0)
            return at;
    fprintf(stderr, "racelab learn: \"%s\" is none of", name);
    for (const struct command *at = commands; at->name; at++)
        fprintf(stderr, " %s", at->name);
    fputs("; see racelab learn --help\n", stderr);
    return NULL;
}

// Until a language is chosen, that of the terminal.
static enum language language_of_terminal(void) {
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = getenv(names[i]);
        if (value && *value)
            return strncmp(value, "zh", 2) == 0 ? CHINESE : ENGLISH;
    }
    return ENGLISH;
}

static int choose_language(const struct learner *learner) {
    struct progress progress;

    if (progress_begin(&progress, learner->directory, &learner->errors) != 0)
        return EXIT_TROUBLE;
    progress_choose(&progress, learner->page.language);
    if (progress_end(&progress, &learner->errors) != 0)
        return EXIT_TROUBLE;
    page_say(&learner->page, "The course is in English from now on.",
             "课程从现在起使用中文。");
    return EXIT_RIGHT;
}

static const struct exercise *find_exercise(const struct learner *learner,
                                            const char *name) {
    const struct exercise *found = exercise_find(learner->list, name);
    if (!found)
        page_say(&learner->errors,
                 "racelab learn: there is no exercise \"%s\"; `racelab learn "
                 "list` shows all",
                 "racelab learn：没有练习“%s”；`racelab learn list` 列出全部",
                 name);
    return found;
}

// The exercise that is asked for, or the one that is next. NULL after a
// message.
static const struct exercise *choose_exercise(const struct learner *learner,
                                              const struct progress *progress,
                                              const char *name) {
    if (name)
        return find_exercise(learner, name);
    const struct exercise *next = overview_next(learner->list, progress);
    if (!next)
        page_say(&learner->page,
                 "All exercises are passed. To take one again, name it; "
                 "`racelab learn list` shows them.",
                 "所有练习都已通过。想再做哪一个，请写出它的编号；"
                 "`racelab learn list` 列出全部。");
    return next;
}

// Where the student stands: their language, if it was not given, and what they
// ask about. False when that cannot be told; then that has been said.
static bool look_up(struct learner *learner, const struct command *command,
                    const struct arguments *arguments) {
    struct progress progress;
    enum language language = learner->page.language;

    if (progress_begin(&progress, learner->directory, &learner->errors) != 0)
        return false;
    if (arguments->has_language || progress_language(&progress, &language))
        learner->page.language = learner->errors.language = language;
    if (command->subject == AN_EXERCISE || command->subject == A_FILE)
        learner->exercise =
            choose_exercise(learner, &progress, arguments->which);
    else if (command->subject == NEXT_EXERCISE)
        learner->exercise = choose_exercise(learner, &progress, NULL);
    progress_end(&progress, &learner->errors);
    return learner->exercise || command->subject == THE_COURSE ||
           command->subject == A_LANGUAGE;
}

static int run(const struct command *command,
               const struct arguments *arguments) {
    struct exercise_list list;
    struct learner learner = {
        .list = &list,
        .directory = arguments->directory,
        .file = arguments->file,
        .page = page_of(stdout, arguments->language),
        .errors = page_of(stderr, arguments->language),
        .shows_all = arguments->shows_all,
        .polls = arguments->polls,
        .wants_json = arguments->wants_json,
    };

    if (exercise_list_load(&list) != 0)
        return EXIT_TROUBLE;
    int status = look_up(&learner, command, arguments) ? command->run(&learner)
                                                       : EXIT_TROUBLE;
    exercise_list_free(&list);
    return status;
}

// An option that the command has no use for was meant for another one.
static bool takes_options(const struct command *command,
                          const struct arguments *arguments) {
    if (arguments->wants_json && command->run != overview_list)
        return usage("--json is for list, not for ", command->name);
    if (arguments->polls && command->run != watch_run)
        return usage("--poll is for watch, not for ", command->name);
    if (arguments->shows_all && command->run != reading_hint)
        return usage("--all is for hint, not for ", command->name);
    return true;
}

static bool takes_words(const struct command *command,
                        struct arguments *arguments) {
    bool wants_which =
        command->subject != THE_COURSE && command->subject != NEXT_EXERCISE;

    if (arguments->which && !wants_which)
        return usage(arguments->which, ": not expected");
    if (arguments->file && command->subject != A_FILE)
        return usage(arguments->file, ": not expected");
    if (command->subject != A_LANGUAGE)
        return true;
    arguments->has_language = true;
    return (arguments->which &&
            parse_language(arguments->which, &arguments->language)) ||
           usage("lang wants en or zh", "");
}

int learn(int argc, char **argv) {
    struct arguments arguments = {.directory = progress_directory(),
                                  .language = language_of_terminal()};

    if (!parse_options(argc, argv, &arguments))
        return EXIT_TROUBLE;
    if (arguments.wants_help) {
        fputs(HELP, stdout);
        return EXIT_RIGHT;
    }
    if (!parse_words(argc - optind, argv + optind, &arguments))
        return EXIT_TROUBLE;
    const struct command *command = find_command(arguments.what);
    if (!command || !takes_options(command, &arguments) ||
        !takes_words(command, &arguments))
        return EXIT_TROUBLE;
    return run(command, &arguments);
}
