// main.c - the command line: a table of verbs.
#include "verbs.h"

#include "limit.h"
#include "nearest.h"
#include "report.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

const struct racelab_lab *verbs_lab;

static const struct racelab_verb verbs[] = {
    {"replay", "FILE [--handler H] [--runs N] [--backend B,...] [--json]",
     "run one schedule: the same program, the same outcome, every time",
     replay_main, true},
    {"explain", "FILE [--handler H] [--lang en|zh|both] [--json]",
     "why each task reports what it does, in a sentence", explain_main, false},
    {"show", "FILE [--handler H] [--as text|mermaid|perfetto|html]",
     "draw one execution: who did what, whose it was, what came before what",
     show_main, false},
    {"explore", "PROGRAM [--requests LIST] [--strategy S] [--json]",
     "run every schedule: which outcomes are possible at all", explore_main,
     true},
    {"shrink", "FILE [--handler H] [--out FILE] [--json]",
     "the smallest schedule that gives the same outcome", shrink_main, false},
    {"table", "[DIR [HANDLER ...]] [--json]",
     "run every schedule of a folder on some handlers, side by side",
     table_main, false},
    {"matrix", "[PROGRAM ...] [--json]",
     "every program at every moment: outcome, race, owner, leak, blocked loop",
     matrix_main, false},
    {"list", "[--json]", "the programs that there are", list_main, false},
    {"doctor", "[--json]",
     "can this machine run ThreadSanitizer, and if not, the remedy",
     doctor_main, false},
    {.name = NULL},
};

static const struct racelab_verb *find(const struct racelab_verb *table,
                                       const char *name) {
    for (; table->name; table++)
        if (strcmp(table->name, name) == 0)
            return table;
    return NULL;
}

static void print_verbs(FILE *out, const struct racelab_verb *table,
                        bool with_all) {
    for (; table->name; table++)
        if (with_all || table->is_common)
            fprintf(out, "  %-7s %s\n          %s\n", table->name,
                    table->arguments, table->summary);
}

static void print_help(FILE *out, bool with_all) {
    fprintf(out,
            "usage: racelab VERB [ARGUMENT ...]\n\n"
            "A race, on demand: the same program under the same schedule does\n"
            "the same, every time.\n\n");
    print_verbs(out, verbs, with_all);
    print_verbs(out, verbs_lab->verbs, with_all);
    if (!with_all)
        fprintf(out, "\n`racelab --help-all` shows the other verbs.");
    fprintf(out, "\n`racelab help VERB` says more of each.\n\n"
                 "Exit status: 0 as it should be, 1 a finding (wrong outcome, "
                 "race, deadlock),\n2 trouble (bad input, usage), 3 the "
                 "schedule does not fit the program.\n");
}

static int unknown_verb(const char *name) {
    const char *names[LIMIT_NAME];
    size_t count = 0;
    for (const struct racelab_verb *verb = verbs; verb->name; verb++)
        names[count++] = verb->name;
    for (const struct racelab_verb *verb = verbs_lab->verbs;
         verb->name && count < LIMIT_NAME; verb++)
        names[count++] = verb->name;
    const char *near = nearest_name(name, names, count);
    fprintf(stderr,
            "racelab: there is no verb \"%s\"%s%s%s; see racelab "
            "--help\n",
            name, near ? "; did you mean \"" : "", near ? near : "",
            near ? "\"?" : "");
    return EXIT_TROUBLE;
}

const char *verbs_requests(const struct racelab_program *program) {
    return program->requests ? program->requests : "/test,/test";
}

const struct racelab_program *verbs_find_program(const char *name) {
    const char *names[LIMIT_NAME];
    size_t count = 0;
    for (const struct racelab_program *const *at = verbs_lab->programs; *at;
         at++) {
        if (strcmp((*at)->name, name) == 0)
            return *at;
        if (count < LIMIT_NAME)
            names[count++] = (*at)->name;
    }
    const char *near = nearest_name(name, names, count);
    fprintf(stderr,
            "racelab: there is no program \"%s\"%s%s%s; `racelab "
            "list` shows all\n",
            name, near ? "; did you mean \"" : "", near ? near : "",
            near ? "\"?" : "");
    return NULL;
}

// A descriptor below three that is closed would be given to the first socket.
static void open_standard_descriptors(void) {
    int descriptor;
    do
        descriptor = open("/dev/null", O_RDWR);
    while (descriptor >= 0 && descriptor <= STDERR_FILENO);
    if (descriptor >= 0)
        close(descriptor);
}

// What could not be printed is trouble, whatever it was.
static int flush(int status) {
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    fprintf(stderr, "racelab: standard output cannot be written: %s\n",
            strerror(errno));
    return EXIT_TROUBLE;
}

int verbs_usage(const char *verb, const char *what, const char *word) {
    fprintf(stderr, "racelab %s: %s%s; see racelab %s --help\n", verb, what,
            word, verb);
    return EXIT_TROUBLE;
}

// -o is short for --out, where there is one.
static const char *letters_of(const struct option *options) {
    for (; options->name; options++)
        if (strcmp(options->name, "out") == 0)
            return ":ho:";
    return ":h";
}

int verbs_option(const char *verb, int argc, char **argv,
                 const struct option *options) {
    char letter[] = "-?";
    opterr = 0;
    int option = getopt_long(argc, argv, letters_of(options), options, NULL);
    if (option != '?' && option != ':')
        return option;
    const char *word = argv[optind - 1];
    bool is_long = strncmp(word, "--", 2) == 0;
    letter[1] = (char)optopt;
    fprintf(stderr, "racelab %s: %s %s; see racelab %s --help\n", verb,
            is_long ? word : letter,
            option == ':'           ? "wants an argument"
            : is_long && optopt > 0 ? "takes no argument"
                                    : "is no option",
            verb);
    return '?';
}

int verbs_complain(const char *file, const struct error *error) {
    fprintf(stderr, "%s", file);
    if (error->line)
        fprintf(stderr, ":%d", error->line);
    if (error->line && error->column)
        fprintf(stderr, ":%d", error->column);
    fprintf(stderr, ": %s\n", error->text);
    return EXIT_TROUBLE;
}

static const struct racelab_verb *find_anywhere(const char *name) {
    const struct racelab_verb *verb = find(verbs, name);
    return verb ? verb : find(verbs_lab->verbs, name);
}

// `racelab help VERB` is `racelab VERB --help`.
static int help_of(const char *name) {
    const struct racelab_verb *verb = find_anywhere(name);
    char option[] = "--help", word[LIMIT_NAME];
    if (!verb)
        return unknown_verb(name);
    snprintf(word, sizeof word, "%s", name);
    return verb->run(2, (char *[]){word, option, NULL});
}

int racelab_main(int argc, char **argv, const struct racelab_lab *lab) {
    open_standard_descriptors();
    verbs_lab = lab;
    if (argc < 2) {
        print_help(stderr, false);
        return EXIT_TROUBLE;
    }
    if (strcmp(argv[1], "help") == 0 && argc > 2)
        return help_of(argv[2]);
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0) {
        print_help(stdout, false);
        return EXIT_AS_IT_SHOULD_BE;
    }
    if (strcmp(argv[1], "--help-all") == 0) {
        print_help(stdout, true);
        return EXIT_AS_IT_SHOULD_BE;
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("racelab %s\n", RACELAB_VERSION);
        return EXIT_AS_IT_SHOULD_BE;
    }
    const struct racelab_verb *verb = find_anywhere(argv[1]);
    if (!verb)
        return unknown_verb(argv[1]);
    int status = verb->run(argc - 1, argv + 1);
    bool raced_live = report_finish() > 0;
    if (status == EXIT_AS_IT_SHOULD_BE && raced_live)
        status = EXIT_FINDING;
    return flush(status);
}
