// matrix.c - `racelab matrix`: every program against every moment at which its
// job may come to look, by exploring: what it reports, and what else is wrong.
#include "verbs.h"

#include "explore.h"
#include "text.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_COLUMNS = 8, MOST_OUTCOMES = 4, CELL_COLUMNS = 11 };

// Of a program that does not do the same again, every execution is no proof.
enum { SAMPLE = 300 };

static const char HELP[] =
    "usage: racelab matrix [PROGRAM ...] [--json]\n"
    "\n"
    "Explores every PROGRAM (without any: all), and prints what the job of "
    "request A\n"
    "reports when it comes to look at its context at each of these moments:\n"
    "\n";

static const char HELP_OF_CELLS[] =
    "\n"
    "  !  in some of these executions a data race is reported (in a build "
    "without\n"
    "     ThreadSanitizer: by the harness)\n"
    "  #  the job touches a context that is not, or no longer, its own\n"
    "  -  unreachable: there is no such execution\n"
    "\n"
    "and behind them what is wrong whatever the moment: a context that is "
    "never "
    "put\n"
    "back (leak), a loop that a callback keeps waiting (blocks); and in a "
    "build "
    "with\n"
    "AddressSanitizer, a context that is touched after free (freed).\n"
    "\n"
    "Findings are what it is for. Exit status: 0 if every program could be "
    "explored\n"
    "to its end, 1 if not, 2 for bad input.\n";

// What was seen in the executions of a column.
struct cell {
    const char *outcomes[MOST_OUTCOMES]; // owned
    int outcome_count;
    long executions, raced, foreign, leaked, blocked, freed;
};

struct row {
    const struct racelab_program *program;
    struct cell cells[MOST_COLUMNS];
    bool complete;
};

// An exploring, and the row whose cells it fills: those of the columns that ask
// for it.
struct filling {
    const struct racelab_column *like;
    struct row *row;
};

static const struct racelab_column *columns(void) {
    return verbs_lab->lesson->columns;
}

static bool is_same(const char *a, const char *b) {
    return strcmp(a ? a : "", b ? b : "") == 0;
}

static bool is_alike(const struct racelab_column *a,
                     const struct racelab_column *b) {
    return is_same(a->then, b->then) && is_same(a->second, b->second) &&
           a->same_time == b->same_time;
}

// Which execution it is.

// The place of a point in the order in which a request changes its context; -1:
// it does not.
static int mark_of(const struct step *step) {
    const char *const *mark = verbs_lab->lesson->marks;
    for (int i = 0; mark[i]; i++)
        if (strcmp(mark[i], step->name) == 0)
            return i;
    return -1;
}

static bool is_subjects(const char *task) {
    const char *subject = verbs_lab->lesson->subject;
    size_t length = strlen(subject);
    return strncmp(task, subject, length) == 0 && task[length] == '.';
}

static int number_of_subject(const struct owners *owners) {
    for (int i = 1; i <= owners->request_count; i++)
        if (strcmp(owners_name(owners, i), verbs_lab->lesson->subject) == 0)
            return i;
    return OWNER_NOBODY;
}

// How far others had changed the subject's context when it looked there: the
// number of marks; -1: that changed while it looked, or it never did.
static int moment_of(const struct execution *execution) {
    const struct trace *trace = &execution->trace;
    const struct owners *owners = &execution->owners;
    int subject = number_of_subject(owners), marks = 0, seen = -1;
    for (int i = 0; i < trace->step_count; i++) {
        const struct step *step = &trace->steps[i];
        bool own = step->works_for == subject;
        if (step->pooled != owners->first[subject] || step->pooled == 0)
            continue;
        if (own && step->kind == OP_GET)
            marks = 0; // of those who had it before
        else if (own && step->kind == OP_LOOK)
            seen = marks;
        else if (own && step->access != ACCESS_NONE && seen >= 0 &&
                 seen != marks)
            return -1;
        else if (!own && mark_of(step) == marks)
            marks++;
    }
    return seen;
}

static const char *outcome_of(const struct execution *execution) {
    const struct trace *trace = &execution->trace;
    if (execution->verdict.kind != VERDICT_FINISHED)
        return text_verdict(execution->verdict.kind);
    for (int i = 0; i < trace->outcome_count; i++)
        if (is_subjects(trace->outcomes[i].task_name))
            return trace->outcomes[i].line;
    return "nothing";
}

static bool is_foreign(const struct execution *execution) {
    int subject = number_of_subject(&execution->owners);
    for (int i = 0; i < execution->findings.count; i++) {
        const struct finding *finding = &execution->findings.list[i];
        if (finding->kind <= FINDING_FOREIGN_GET &&
            finding->works_for == subject)
            return true;
    }
    return false;
}

// Filling cells.

static void add_outcome(struct cell *cell, const char *outcome) {
    int at = 0;
    while (at < cell->outcome_count && strcmp(cell->outcomes[at], outcome) != 0)
        at++;
    if (at < cell->outcome_count || at == MOST_OUTCOMES)
        return;
    cell->outcomes[at] = strdup(outcome);
    if (!cell->outcomes[at])
        abort(); // a few bytes: nothing can go on
    cell->outcome_count++;
}

static void count(struct cell *cell, const struct execution *execution) {
    const bool *of_kind = execution->findings.of_kind;
    add_outcome(cell, outcome_of(execution));
    cell->executions++;
    cell->raced += execution->races_checked ? execution->race_count > 0
                                            : execution->happens.race_count > 0;
    cell->foreign += is_foreign(execution);
    cell->leaked += of_kind[FINDING_LEAK];
    cell->blocked += of_kind[FINDING_BLOCKED_LOOP];
    cell->freed += of_kind[FINDING_MEMORY];
}

static void fill(void *data, const struct execution *execution) {
    const struct filling *filling = data;
    int moment = moment_of(execution);
    for (int i = 0; columns()[i].name; i++)
        if (columns()[i].moment == moment &&
            is_alike(&columns()[i], filling->like))
            count(&filling->row->cells[i], execution);
}

// The program's requests, with another second.
static void print_requests(const struct racelab_program *program,
                           const char *second, char *text, size_t room) {
    const char *all = verbs_requests(program);
    size_t first = strcspn(all, ",");
    const char *rest = all[first] ? all + first + 1 : "";
    if (!second)
        snprintf(text, room, "%s", all);
    else
        snprintf(text, room, "%.*s,%s%s", (int)first, all, second,
                 rest + strcspn(rest, ","));
}

static int explore_like(const struct racelab_column *column, struct row *row,
                        struct error *error) {
    struct filling filling = {column, row};
    struct exploration exploration;
    char requests[LIMIT_LINE_BYTES];
    print_requests(row->program, column->second, requests, sizeof requests);
    bool is_undefined = row->program->is_undefined;
    const struct explore_options options = {
        .strategy = explore_find_strategy(is_undefined ? "random" : "dpor"),
        .choice.seed = 1,
        .runs_max = is_undefined ? SAMPLE : 0,
        .requests = requests,
        .then = column->then,
        .look = verbs_lab->lesson->look,
        .clock_frozen = column->same_time,
        .each = fill,
        .data = &filling,
    };
    if (explore(&exploration, row->program, &options, error))
        return -1;
    row->complete &= exploration.complete || is_undefined;
    exploration_done(&exploration);
    return 0;
}

// Each exploring that a column asks for is made once.
static int fill_row(struct row *row) {
    struct error error;
    row->complete = true;
    for (int i = 0; columns()[i].name; i++) {
        int earlier = 0;
        while (!is_alike(&columns()[earlier], &columns()[i]))
            earlier++;
        if (earlier == i && explore_like(&columns()[i], row, &error))
            return verbs_complain(row->program->name, &error);
    }
    return EXIT_AS_IT_SHOULD_BE;
}

static void row_done(struct row *row) {
    for (int i = 0; i < MOST_COLUMNS; i++)
        for (int k = 0; k < row->cells[i].outcome_count; k++)
            free((char *)row->cells[i].outcomes[k]);
}

// What is left to chance is not told apart by moment.
static void level(struct row *row) {
    struct cell all = {.executions = 1};
    for (int i = 0; columns()[i].name; i++) {
        const struct cell *cell = &row->cells[i];
        all.raced += cell->raced;
        all.foreign += cell->foreign;
        all.leaked += cell->leaked;
        all.blocked += cell->blocked;
        all.freed += cell->freed;
    }
    row_done(row);
    for (int i = 0; columns()[i].name; i++) {
        row->cells[i] = all;
        add_outcome(&row->cells[i], "undefined");
    }
}

// Showing.

static const char *gloss_of(const char *outcome) {
    const struct racelab_gloss *gloss = verbs_lab->glosses;
    for (; gloss && gloss->outcome; gloss++)
        if (strcmp(gloss->outcome, outcome) == 0)
            return gloss->english;
    return outcome;
}

static int print_cell(const struct cell *cell, bool complete) {
    char text[LIMIT_NAME * 8] = "";
    for (int i = 0; i < cell->outcome_count; i++) {
        strcat(text, i ? "/" : "");
        strncat(text, gloss_of(cell->outcomes[i]), LIMIT_NAME);
    }
    if (cell->executions == 0)
        strcat(text, complete ? "-" : "?");
    strcat(text, cell->raced ? "!" : "");
    strcat(text, cell->foreign ? "#" : "");
    fputs(text, stdout);
    return text_columns(text);
}

static bool any(const struct row *row, long of(const struct cell *cell)) {
    for (int i = 0; columns()[i].name; i++)
        if (of(&row->cells[i]))
            return true;
    return false;
}

static long leaks_of(const struct cell *cell) {
    return cell->leaked;
}

static long blocks_of(const struct cell *cell) {
    return cell->blocked;
}

static long uses_of_freed(const struct cell *cell) {
    return cell->freed;
}

enum { NAME_COLUMNS = 17 };

static void print_row(const struct row *row) {
    printf("%-*s", NAME_COLUMNS, row->program->name);
    int behind = 0;
    for (int i = 0; columns()[i].name; i++) {
        printf("%*s", behind, "");
        int used = print_cell(&row->cells[i], row->complete);
        behind = used < CELL_COLUMNS ? CELL_COLUMNS - used + 1 : 1;
    }
    if (any(row, leaks_of))
        printf("%*sleak", behind, "");
    if (any(row, blocks_of))
        printf("%*sblocks", behind, "");
    if (any(row, uses_of_freed))
        printf("%*sfreed", behind, "");
    putchar('\n');
}

static void print_head(void) {
    printf("%-*s", NAME_COLUMNS, "handler");
    for (int i = 0; columns()[i].name; i++)
        printf("%-*s%s", columns()[i + 1].name ? CELL_COLUMNS : 0,
               columns()[i].head, columns()[i + 1].name ? " " : "\n");
}

static json_t *json_of_outcomes(const struct cell *cell) {
    json_t *list = json_array();
    for (int i = 0; i < cell->outcome_count; i++)
        json_array_append_new(list, json_string(cell->outcomes[i]));
    return list;
}

static void add_json(json_t *rows, const struct row *row) {
    for (int i = 0; columns()[i].name; i++) {
        const struct cell *cell = &row->cells[i];
        const char *outcome =
            cell->outcome_count == 1 ? cell->outcomes[0] : NULL;
        json_array_append_new(
            rows,
            json_pack(
                "{s:s, s:s, s:s?, s:o, s:b, s:s, s:s, s:b, s:b, s:I, s:I, "
                "s:I, s:b, s:b}",
                "handler", row->program->name, "schedule", columns()[i].name,
                "outcome", outcome, "outcomes", json_of_outcomes(cell),
                "reachable", cell->executions > 0, "race",
                cell->raced ? "yes" : "no", "owner",
                cell->foreign ? "foreign" : "own", "leak", cell->leaked > 0,
                "blocked_loop", cell->blocked > 0, "executions",
                (json_int_t)cell->executions, "raced", (json_int_t)cell->raced,
                "foreign", (json_int_t)cell->foreign, "freed", cell->freed > 0,
                "complete", row->complete));
    }
}

static int show_row(const struct racelab_program *program, json_t *rows) {
    struct row row = {.program = program};
    int status = fill_row(&row);
    if (program->is_undefined)
        level(&row);
    if (status == EXIT_AS_IT_SHOULD_BE && rows)
        add_json(rows, &row);
    else if (status == EXIT_AS_IT_SHOULD_BE)
        print_row(&row);
    if (status == EXIT_AS_IT_SHOULD_BE && !row.complete)
        status = EXIT_FINDING;
    row_done(&row);
    fflush(stdout);
    return status;
}

static int worst(int a, int b) {
    return a > b ? a : b;
}

static int show_rows(int count, char **names, json_t *rows) {
    int status = EXIT_AS_IT_SHOULD_BE;
    const struct racelab_program *const *all = verbs_lab->programs;
    for (int i = 0; count == 0 && all[i]; i++)
        status = worst(status, show_row(all[i], rows));
    for (int i = 0; i < count; i++)
        status = worst(status, show_row(verbs_find_program(names[i]), rows));
    return status;
}

static void print_help(void) {
    fputs(HELP, stdout);
    for (int i = 0; columns()[i].name; i++)
        printf("  %-17s %s\n", columns()[i].name, columns()[i].summary);
    fputs(HELP_OF_CELLS, stdout);
}

int matrix_main(int argc, char **argv) {
    static const struct option options[] = {{"json", no_argument, NULL, 'j'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    json_t *rows = NULL;
    if (!verbs_lab->lesson || !verbs_lab->lesson->columns)
        return verbs_usage("matrix", "this lab has no lesson to ", "show");
    for (int o; (o = verbs_option("matrix", argc, argv, options)) != -1;) {
        if (o == '?')
            return EXIT_TROUBLE;
        if (o == 'h') {
            print_help();
            return EXIT_AS_IT_SHOULD_BE;
        }
        if (!rows)
            rows = json_array();
    }
    for (int i = optind; i < argc; i++)
        if (!verbs_find_program(argv[i]))
            return EXIT_TROUBLE;
    if (!rows)
        print_head();
    int status = show_rows(argc - optind, argv + optind, rows);
    if (rows) {
        json_dumpf(rows, stdout, JSON_INDENT(2));
        putchar('\n');
    }
    json_decref(rows);
    return status;
}
