// show.c - `racelab show FILE`: one execution, drawn.
#include "verbs.h"

#include "execute.h"
#include "html.h"
#include "judge.h"
#include "mermaid.h"
#include "perfetto.h"
#include "text.h"
#include "timeline.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum form { FORM_TEXT, FORM_MERMAID, FORM_PERFETTO, FORM_HTML };

struct options {
    const char *file, *handler;
    enum form form;
};

static const char HELP[] =
    "usage: racelab show FILE [--handler H] [--as text|mermaid|perfetto|html]\n"
    "\n"
    "Runs the schedule in FILE (- for standard input) once and draws what\n"
    "happened: who did what in which step, whose the pooled objects were, "
    "what\n"
    "came before what, and the two steps that decide. All of it is the same "
    "in\n"
    "every build: races are those that the harness itself sees at points.\n"
    "\n"
    "  --handler H    the same schedule on another program\n"
    "  --as text      a table, 80 columns wide (the default); in colour on a\n"
    "                 terminal, unless NO_COLOR is set\n"
    "  --as mermaid   a sequence diagram in the language of Mermaid\n"
    "  --as perfetto  JSON for https://ui.perfetto.dev: one step is 1 ms "
    "there\n"
    "  --as html      one page for a browser, with nothing cut\n"
    "\n"
    "Exit status: 0 if it could be run to its end, whatever was found on the\n"
    "way, 1 if it ended otherwise (a deadlock, a crash), 2 for bad input, 3 "
    "if\n"
    "the schedule does not fit the program.\n";

static bool parse_form(const char *text, enum form *form) {
    static const char *const names[] = {"text", "mermaid", "perfetto", "html"};
    for (int i = 0; i < 4; i++)
        if (strcmp(text, names[i]) == 0) {
            *form = (enum form)i;
            return true;
        }
    return false;
}

// -1: go on; else an exit status.
static int parse_options(int argc, char **argv, struct options *options) {
    static const struct option known[] = {
        {"handler", required_argument, NULL, 'H'},
        {"as", required_argument, NULL, 'a'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0}};
    *options = (struct options){0};
    for (int o; (o = verbs_option("show", argc, argv, known)) != -1;) {
        switch (o) {
        case 'H':
            options->handler = optarg;
            break;
        case 'a':
            if (!parse_form(optarg, &options->form))
                return verbs_usage(
                    "show",
                    "--as takes text, mermaid, perfetto or html, "
                    "not ",
                    optarg);
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
            "show", argc == optind ? "which schedule?" : "one schedule, not ",
            argc == optind ? "" : argv[optind + 1]);
    options->file = argv[optind];
    return -1;
}

static bool wants_colour(void) {
    const char *no = getenv("NO_COLOR");
    return isatty(STDOUT_FILENO) && !(no && *no);
}

// A race that ThreadSanitizer alone sees lies between points, where nothing can
// be drawn. Said beside the drawing, which is the same in every build.
static void complain_of_unseen(const struct options *options,
                               const struct execution *execution) {
    const struct happens *happens = &execution->happens;
    for (int i = 0; i < execution->race_count; i++) {
        bool seen = false;
        for (int j = 0; j < happens->race_count; j++)
            seen = seen || strcmp(execution->races[i].object,
                                  happens->races[j].object) == 0;
        if (!seen)
            fprintf(stderr,
                    "%s: not drawn: a race on %s after step %d, which "
                    "ThreadSanitizer sees and no point announces; racelab "
                    "replay shows it\n",
                    options->file, execution->races[i].object,
                    execution->races[i].step);
    }
}

static void draw(const struct options *options, const char *program,
                 const struct scene *scene) {
    char title[LIMIT_MESSAGE];
    snprintf(title, sizeof title, "%.1900s, program %.63s", options->file,
             program);
    switch (options->form) {
    case FORM_TEXT:
        printf("schedule\n  %s\n", title);
        timeline_print(scene, wants_colour(), stdout);
        break;
    case FORM_MERMAID:
        mermaid_print(scene, stdout);
        break;
    case FORM_PERFETTO:
        perfetto_print(scene, title, stdout);
        break;
    case FORM_HTML:
        html_print(scene, title, stdout);
        break;
    }
}

static int show(const struct options *options,
                const struct racelab_program *program,
                const struct schedule *schedule, struct execution *execution) {
    const struct execution_options how = {.backend = BACKEND_THREAD};
    const struct verdict *verdict = &execution->verdict;
    struct scene scene;
    struct error error;
    if (execute(execution, program, schedule, &how, &error))
        return verbs_complain(options->file, &error);
    if (scene_init(&scene, &execution->trace, &execution->owners,
                   &execution->happens,
                   verdict->kind == VERDICT_FINISHED ? NULL : verdict->text)) {
        error_set(&error, ERROR_MEMORY, 0, 0, "%s", error_text(ERROR_MEMORY));
        return verbs_complain(options->file, &error);
    }
    draw(options, program->name, &scene);
    scene_done(&scene);
    fflush(stdout);
    complain_of_unseen(options, execution);
    if (verdict->kind != VERDICT_FINISHED)
        judge_complain(options->file, verdict);
    return judge_verdict(verdict);
}

static int show_program(const struct options *options,
                        const struct racelab_program *program,
                        const struct schedule *schedule) {
    struct execution execution;
    struct error error;
    if (execution_init(&execution, &error))
        return verbs_complain(options->file, &error);
    int status = EXIT_TROUBLE;
    if (happens_keep_edges(&execution.happens)) {
        error_set(&error, ERROR_MEMORY, 0, 0, "%s", error_text(ERROR_MEMORY));
        verbs_complain(options->file, &error);
    } else {
        status = show(options, program, schedule, &execution);
    }
    execution_done(&execution);
    return status;
}

int show_main(int argc, char **argv) {
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
    status =
        program ? show_program(&options, program, &schedule) : EXIT_TROUBLE;
    schedule_done(&schedule);
    return status;
}
