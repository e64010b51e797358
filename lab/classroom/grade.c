#include "classroom/grade.h"

#include "classroom/grade_csv.h"
#include "classroom/grade_folder.h"
#include "classroom/grade_gradescope.h"
#include "classroom/grade_json.h"
#include "classroom/grade_junit.h"
#include "classroom/grade_run.h"
#include "classroom/grade_table.h"
#include "classroom/textfile.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { EXIT_FINDING = 1, EXIT_TROUBLE = 2, EXIT_SIGNAL = 128 };

static const char HELP[] =
    "usage: racelab grade DIR [OPTION ...]\n"
    "\n"
    "Judges what many students handed in, some submissions at a time, each in\n"
    "a process of its own, and prints a table. DIR holds one folder a "
    "student,\n"
    "and in it one folder an exercise, as `racelab learn` keeps them:\n"
    "DIR/STUDENT/02-seed, or DIR/STUDENT/course/02-seed. Symbolic links are "
    "not\n"
    "followed. The same submissions give the same bytes, every time.\n"
    "\n"
    "  --exercise NN      one exercise alone; its files may then lie in\n"
    "                     DIR/STUDENT itself\n"
    "  --csv FILE         a row a student, for a spreadsheet (RFC 4180)\n"
    "  --junit FILE       JUnit's XML: a suite a student, a case a criterion\n"
    "  --gradescope FILE  Gradescope's results.json; DIR is then the folder "
    "of\n"
    "                     one student. Written anew after each exercise\n"
    "  --json             the whole as one JSON document, instead of the "
    "table\n"
    "  --lang en|zh|both  the language of what is said (both)\n"
    "  --jobs N           judges at a time (one a processor)\n"
    "  --limit SECONDS    a judge that takes longer is stopped (120)\n"
    "  --judge PROGRAM    judges in place of this racelab; called in the "
    "folder\n"
    "                     of a submission, as PROGRAM check NN . --json\n"
    "\n"
    "Wrong fixes are what it is for. Exit status: 0 when each submission has "
    "its\n"
    "verdict, 1 when one could not be judged (its row says why), 2 for bad "
    "options\n"
    "or input, 130 after Ctrl-C: then the table has what is known so far.\n";

struct arguments {
    const char *directory, *exercise;
    const char *csv, *junit, *gradescope;
    char judge[PATH_MAX]; // "": this program
    unsigned jobs, limit_s;
    bool json, speaks[LANGUAGES];
};

static int usage(const char *word, const char *text) {
    fprintf(stderr, "racelab grade: %s%s; see racelab grade --help\n", word,
            text);
    return EXIT_TROUBLE;
}

// Options.

static bool parse_number(const char *text, unsigned most, unsigned *number) {
    char *end;
    unsigned long value = strtoul(text, &end, 10);

    if (*text < '0' || *text > '9' || *end != '\0' || value < 1 || value > most)
        return false;
    *number = (unsigned)value;
    return true;
}

static bool parse_language(const char *text, bool speaks[LANGUAGES]) {
    speaks[ENGLISH] = strcmp(text, "en") == 0 || strcmp(text, "both") == 0;
    speaks[CHINESE] = strcmp(text, "zh") == 0 || strcmp(text, "both") == 0;
    return speaks[ENGLISH] || speaks[CHINESE];
}

// A judge is started in other folders than this one.
static bool find_judge(const char *text, char judge[PATH_MAX]) {
    return realpath(text, judge) != NULL && access(judge, X_OK) == 0;
}

// One option. NULL, or what its argument should have been.
static const char *take(struct arguments *arguments, int option,
                        const char *text) {
    switch (option) {
    case 'e':
        arguments->exercise = text;
        return NULL;
    case 'c':
        arguments->csv = text;
        return NULL;
    case 'u':
        arguments->junit = text;
        return NULL;
    case 'g':
        arguments->gradescope = text;
        return NULL;
    case 'n':
        return parse_number(text, GRADE_JOBS_MAX, &arguments->jobs)
                   ? NULL
                   : "1 to 256";
    case 't':
        return parse_number(text, GRADE_LIMIT_S_MAX, &arguments->limit_s)
                   ? NULL
                   : "1 to 86400 seconds";
    case 'l':
        return parse_language(text, arguments->speaks) ? NULL
                                                       : "en, zh or both";
    default:
        return find_judge(text, arguments->judge) ? NULL : "a program to start";
    }
}

// -1: go on; else an exit status. So are the others below.
static int take_options(int argc, char **argv, struct arguments *arguments) {
    static const struct option options[] = {
        {"exercise", required_argument, NULL, 'e'},
        {"csv", required_argument, NULL, 'c'},
        {"junit", required_argument, NULL, 'u'},
        {"gradescope", required_argument, NULL, 'g'},
        {"jobs", required_argument, NULL, 'n'},
        {"limit", required_argument, NULL, 't'},
        {"lang", required_argument, NULL, 'l'},
        {"judge", required_argument, NULL, 'p'},
        {"json", no_argument, NULL, 'j'},
        {"help", no_argument, NULL, 'h'},
        {0},
    };
    int option, index = 0;

    optind = 0; // this may not be the first command line of the process
    opterr = 0;
    while ((option = getopt_long(argc, argv, ":h", options, &index)) != -1) {
        if (option == 'h') {
            fputs(HELP, stdout);
            return 0;
        }
        if (option == '?' || option == ':')
            return usage(argv[optind - 1], option == ':' ? " wants an argument"
                                                         : " is no option");
        if (option == 'j') {
            arguments->json = true;
            continue;
        }
        const char *wanted = take(arguments, option, optarg);
        if (wanted != NULL) {
            fprintf(stderr, "racelab grade: --%s takes %s, not %s; ",
                    options[index].name, wanted, optarg);
            fputs("see racelab grade --help\n", stderr);
            return EXIT_TROUBLE;
        }
    }
    return -1;
}

static int parse(int argc, char **argv, struct arguments *arguments) {
    long processors = sysconf(_SC_NPROCESSORS_ONLN);

    *arguments = (struct arguments){
        .jobs = processors < 1                ? 1
                : processors > GRADE_JOBS_MAX ? GRADE_JOBS_MAX
                                              : (unsigned)processors,
        .limit_s = GRADE_LIMIT_S,
        .speaks = {[ENGLISH] = true, [CHINESE] = true},
    };
    int status = take_options(argc, argv, arguments);
    if (status >= 0)
        return status;
    if (optind == argc)
        return usage("", "a folder is wanted");
    if (optind + 1 < argc)
        return usage(argv[optind + 1], ": one folder is wanted, not more");
    arguments->directory = argv[optind];
    return -1;
}

// What is written to files.

struct form {
    const char *path; // NULL: not asked for
    void (*print)(const struct grade_book *book, FILE *out);
};

enum { FORMS = 3 };

static void forms_of(const struct arguments *arguments,
                     struct form forms[FORMS]) {
    forms[0] = (struct form){arguments->csv, grade_csv_print};
    forms[1] = (struct form){arguments->junit, grade_junit_print};
    forms[2] = (struct form){arguments->gradescope, grade_gradescope_print};
}

static int complain(const char *path, const char *text) {
    fprintf(stderr, "racelab grade: %s: %s\n", path, text);
    return EXIT_TROUBLE;
}

// Asked before work that would be lost if it could not be written.
static int try_form(const char *path) {
    char folder[PATH_MAX];
    struct stat status;
    const char *slash = strrchr(path, '/');

    if (strlen(path) >= sizeof folder)
        return complain(path, strerror(ENAMETOOLONG));
    if (stat(path, &status) == 0 && !S_ISREG(status.st_mode))
        return complain(path, "is there, and is no file to be replaced");
    snprintf(folder, sizeof folder, "%.*s",
             slash != NULL ? (int)(slash - path + 1) : 1,
             slash != NULL ? path : ".");
    if (access(folder, W_OK | X_OK) != 0)
        return complain(path, strerror(errno));
    return -1;
}

static int try_forms(const struct arguments *arguments) {
    struct form forms[FORMS];
    int status = -1;

    forms_of(arguments, forms);
    for (int i = 0; i < FORMS && status < 0; i++)
        if (forms[i].path != NULL)
            status = try_form(forms[i].path);
    return status;
}

static int write_form(const struct form *form, const struct grade_book *book) {
    char *text = NULL;
    size_t bytes;
    FILE *out = open_memstream(&text, &bytes);

    if (out == NULL)
        return complain(form->path, strerror(errno));
    form->print(book, out);
    int error = fclose(out) == 0 ? textfile_write(form->path, text) : -errno;
    free(text);
    return error == 0 ? -1 : complain(form->path, strerror(-error));
}

static int write_forms(const struct arguments *arguments,
                       const struct grade_book *book) {
    struct form forms[FORMS];
    int status = -1;

    forms_of(arguments, forms);
    for (int i = 0; i < FORMS; i++)
        if (forms[i].path != NULL && write_form(&forms[i], book) >= 0)
            status = EXIT_TROUBLE;
    return status;
}

// What is known so far: it is there if this program is stopped.
static int write_early(const struct arguments *arguments,
                       const struct grade_book *book) {
    struct form form = {arguments->gradescope, grade_gradescope_print};

    return form.path != NULL ? write_form(&form, book) : -1;
}

// How far it is. Each line on a terminal takes the place of the one before;
// where there is none they are few.

enum {
    QUIET_S = 2, // until the first line
    SPARSE_S = 20,
    PROGRESS_COLUMNS = 40,
};

struct watch {
    const struct arguments *arguments;
    time_t begin_s, last_s;
    bool is_terminal, is_shown;
};

static time_t now_s(void) {
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

static void show(struct watch *watch, const struct grade_book *book) {
    unsigned all = book->student_count * book->exercise_count;
    unsigned judged = all - grade_book_waiting(book);
    char text[PROGRESS_COLUMNS + 1];

    snprintf(text, sizeof text, "%u of %u judged", judged, all);
    fprintf(stderr, watch->is_terminal ? "\r%-*s" : "%.*s\n", PROGRESS_COLUMNS,
            text);
    watch->is_shown = true;
}

static void on_progress(void *data, const struct grade_book *book,
                        bool is_new) {
    struct watch *watch = data;
    time_t now = now_s();
    int between_s = watch->is_terminal ? 1 : SPARSE_S;

    if (is_new)
        write_early(watch->arguments, book);
    if (now - watch->begin_s < QUIET_S || now - watch->last_s < between_s)
        return;
    watch->last_s = now;
    show(watch, book);
}

static void clear(const struct watch *watch) {
    if (watch->is_terminal && watch->is_shown)
        fprintf(stderr, "\r%*s\r", PROGRESS_COLUMNS, "");
}

// All of it.

static int judge_all(const struct arguments *arguments, struct grade_book *book,
                     const struct grade_folder *folder) {
    struct watch watch = {
        .arguments = arguments,
        .begin_s = now_s(),
        .last_s = now_s() - SPARSE_S,
        .is_terminal = isatty(STDERR_FILENO),
    };
    struct grade_options options = {
        .judge = *arguments->judge != '\0' ? arguments->judge : NULL,
        .jobs = arguments->jobs,
        .limit_s = arguments->limit_s,
        .on_progress = on_progress,
        .data = &watch,
    };
    int number = grade_run(book, folder, &options);

    clear(&watch);
    return number;
}

// After a signal the files stay as they were, but for what is always written
// early.
static int tell(const struct arguments *arguments,
                const struct grade_book *book, int number) {
    if (arguments->json)
        grade_json_print(book, stdout);
    else
        grade_table_print(book, stdout);
    if (number != 0) {
        fprintf(stderr,
                "racelab grade: interrupted: %u of %u are not judged; --csv "
                "and --junit files are not written\n",
                grade_book_waiting(book),
                book->student_count * book->exercise_count);
        return EXIT_SIGNAL + number;
    }
    int status = write_forms(arguments, book);
    if (status >= 0)
        return status;
    return grade_book_failed(book) > 0 ? EXIT_FINDING : 0;
}

static int grade_class(const struct arguments *arguments,
                       const struct exercise *exercises, unsigned count) {
    struct grade_book book;
    struct grade_folder folder = {
        .path = arguments->directory,
        .is_student = arguments->gradescope != NULL,
        .is_exercise = arguments->exercise != NULL,
    };
    int status = EXIT_TROUBLE;

    grade_book_init(&book, exercises, count);
    memcpy(book.speaks, arguments->speaks, sizeof book.speaks);
    if (grade_folder_open(&folder, &book) == 0 &&
        write_early(arguments, &book) < 0)
        status = tell(arguments, &book, judge_all(arguments, &book, &folder));
    grade_folder_close(&folder);
    grade_book_done(&book);
    return status;
}

static int grade_exercises(const struct arguments *arguments,
                           const struct exercise_list *list) {
    const char *name = arguments->exercise;

    if (name == NULL)
        return grade_class(arguments, list->entries, list->count);
    const struct exercise *exercise = exercise_find(list, name);
    if (exercise == NULL)
        return usage(name, ": there is no such exercise");
    return grade_class(arguments, exercise, 1);
}

int grade(int argc, char **argv) {
    struct arguments arguments;
    struct exercise_list list;
    int status = parse(argc, argv, &arguments);

    if (status < 0)
        status = try_forms(&arguments);
    if (status >= 0)
        return status;
    if (exercise_list_load(&list) != 0)
        return EXIT_TROUBLE;
    status = grade_exercises(&arguments, &list);
    exercise_list_free(&list);
    return status;
}
