#include "explore.h"
#include "dpor.h"
#include "exhaustive.h"
#include "pct.h"
#include "pos.h"
#include "random.h"
#include "summary.h"
#include "witness.h"

#include <limits.h>
#include <malloc.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <uthash.h>

enum { KEPT_BYTES = 32 << 20 };

const struct explore_strategy explore_strategies[] = {
    {.name = "dpor",
     .summary = "one of each kind: when it ends by itself, it is a proof",
     .make = dpor_new,
     .has_bound = true},
    {.name = "all",
     .summary = "every interleaving: for very small programs",
     .make = exhaustive_new,
     .has_bound = true},
    {.name = "random",
     .summary = "a sample: each choice by chance",
     .make = random_new,
     .is_sample = true},
    {.name = "pct",
     .summary = "a sample: tasks by priority, which changes at few steps",
     .make = pct_new,
     .is_sample = true,
     .has_depth = true},
    {.name = "pos",
     .summary = "a sample: operations by priority, drawn anew where it matters",
     .make = pos_new,
     .is_sample = true},
    {.name = NULL},
};

const struct explore_strategy *explore_find_strategy(const char *name) {
    const struct explore_strategy *at = explore_strategies;
    while (at->name && strcmp(at->name, name) != 0)
        at++;
    return at->name ? at : NULL;
}

// An outcome that was seen before.
struct known {
    UT_hash_handle hh;
    int outcome; // its place
    char key[];
};

struct explorer {
    struct exploration *exploration;
    const struct racelab_program *program;
    const struct explore_options *options;
    struct schedule requests;
    struct strategy *strategy;
    struct touched touched; // where accesses are points
    struct known *known;
    double start, next_progress;
    struct error *error;
    int status;
    // The last one; 200 KB, which are filled as they are needed.
    struct execution execution;
    struct summary summary;
};

static double now_seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void *must(void *memory) {
    if (!memory)
        abort(); // what was found so far: nothing can go on without it
    return memory;
}

// Requests.

static bool is_path(const char *text, size_t length) {
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)text[i] <= ' ')
            return false; // a schedule's line ends there, or its word
    return length > 0 && text[0] == '/';
}

static int check_requests(const char *list, struct error *error) {
    while (list && *list) {
        size_t length = strcspn(list, ",");
        if (!is_path(list, length))
            return error_set(error, ERROR_SYNTAX, 0, 0,
                             "a request is a path that starts with '/' and has "
                             "no space in it, not \"%.*s\"",
                             (int)length, list);
        list += length + (list[length] == ',');
    }
    return 0;
}

// Each is called by the next letter. Returns how many there are by then.
static int print_requests(const char *list, int count, FILE *out) {
    while (list && *list) {
        size_t length = strcspn(list, ",");
        fprintf(out, "request %c GET %.*s\n", 'A' + count++, (int)length, list);
        list += length + (list[length] == ',');
    }
    return count;
}

// "/test,/healthcheck" -> request A GET /test, request B GET /healthcheck
static int read_requests(const struct explore_options *options,
                         const char *program, struct schedule *requests,
                         struct error *error) {
    char *text;
    size_t bytes;
    if (check_requests(options->requests, error) ||
        check_requests(options->then, error))
        return ERROR_SYNTAX;
    FILE *out = must(open_memstream(&text, &bytes));
    fprintf(out, "racelab schedule 1\nprogram %s\n", program);
    if (options->accesses)
        fprintf(out, "accesses\n");
    int first_last = print_requests(options->requests, 0, out);
    int count = print_requests(options->then, first_last, out);
    fclose(out);
    int status =
        count > 'Z' - 'A' + 1
            ? error_set(error, ERROR_LIMIT, 0, 0, "more than 26 requests")
            : schedule_parse(requests, text, bytes, error);
    free(text);
    for (int i = first_last; status == 0 && requests->requests && i < count;
         i++)
        requests->requests[i].last = true;
    return status;
}

// What an execution said.

static struct explored_outcome *find(const struct explorer *explorer) {
    const struct summary *summary = &explorer->summary;
    struct known *known;
    HASH_FIND(hh, explorer->known, summary->key, summary->bytes, known);
    return known ? &explorer->exploration->outcomes[known->outcome] : NULL;
}

static void remember(struct explorer *explorer, int outcome) {
    const struct summary *summary = &explorer->summary;
    struct known *known = must(malloc(sizeof *known + summary->bytes));
    known->outcome = outcome;
    memcpy(known->key, summary->key, summary->bytes);
    HASH_ADD_KEYPTR(hh, explorer->known, known->key, summary->bytes, known);
}

static void forget_all(struct explorer *explorer) {
    struct known *known, *next;
    HASH_ITER(hh, explorer->known, known, next) {
        // The iteration looks ahead. NOLINTNEXTLINE(clang-analyzer-unix.Malloc)
        HASH_DEL(explorer->known, known);
        free(known);
    }
}

static struct explored_line *copy_lines(const struct summary *summary) {
    struct explored_line *lines =
        must(calloc((size_t)summary->line_count + 1, sizeof *lines));
    for (int i = 0; i < summary->line_count; i++)
        lines[i] =
            (struct explored_line){must(strdup(summary->lines[i]->task_name)),
                                   must(strdup(summary->lines[i]->line))};
    return lines;
}

static struct explored_outcome *add(struct explorer *explorer) {
    struct exploration *exploration = explorer->exploration;
    const struct summary *summary = &explorer->summary;
    const struct verdict *verdict = &explorer->execution.verdict;
    int count = exploration->outcome_count++;
    exploration->outcomes =
        must(realloc(exploration->outcomes, (size_t)exploration->outcome_count *
                                                sizeof *exploration->outcomes));
    exploration->outcomes[count] = (struct explored_outcome){
        .text = must(strdup(summary_text(summary))),
        .verdict = verdict->kind,
        .message = must(strdup(verdict->text)),
        .witness_lines = INT_MAX,
        .of_build = explorer->options->accesses,
        .lines = copy_lines(summary),
        .line_count = summary->line_count,
    };
    remember(explorer, count);
    return &exploration->outcomes[count];
}

// Gives the schedule of the execution that was the last.
static char *print_witness(struct explorer *explorer) {
    char *witness;
    size_t bytes;
    FILE *out = must(open_memstream(&witness, &bytes));
    witness_print(&explorer->execution.trace, explorer->program->name,
                  &explorer->requests, out);
    fclose(out);
    return witness;
}

static void keep_shorter(struct explorer *explorer,
                         struct explored_outcome *outcome) {
    int lines = witness_lines(&explorer->execution.trace, &explorer->requests,
                              outcome->witness_lines);
    if (lines >= outcome->witness_lines)
        return;
    free(outcome->witness);
    outcome->witness = print_witness(explorer);
    outcome->witness_lines = lines;
}

// What an execution raced for.

// The harness has no places, but the points that announced the two.
static uint64_t places_of(const struct happens_race *race) {
    uint64_t hash = 0;
    for (int i = 0; i < 2; i++)
        hash = (hash ^ (uintptr_t)race->accesses[i].point ^
                (uint64_t)race->accesses[i].write) *
               UINT64_C(0x9E3779B97F4A7C15);
    return hash;
}

static struct explored_race *find_race(struct exploration *exploration,
                                       const char *object, uint64_t places) {
    for (int i = 0; i < exploration->race_count; i++) {
        struct explored_race *race = &exploration->races[i];
        if (race->places == places && strcmp(race->object, object) == 0)
            return race;
    }
    return NULL;
}

static struct explored_race *add_race(struct exploration *exploration,
                                      const char *object, uint64_t places) {
    int count = exploration->race_count++;
    exploration->races =
        must(realloc(exploration->races, (size_t)exploration->race_count *
                                             sizeof *exploration->races));
    struct explored_race *race = &exploration->races[count];
    *race = (struct explored_race){.places = places};
    names_copy(race->object, sizeof race->object, object);
    return race;
}

static void learn_race(struct explorer *explorer, const char *object,
                       uint64_t places) {
    struct explored_race *race =
        find_race(explorer->exploration, object, places);
    if (!race) {
        race = add_race(explorer->exploration, object, places);
        race->witness = print_witness(explorer);
    }
    race->executions++;
}

static void learn_races(struct explorer *explorer) {
    const struct execution *execution = &explorer->execution;
    for (int i = 0; i < execution->race_count; i++)
        learn_race(explorer, execution->races[i].object,
                   execution->races[i].places);
    for (int i = 0;
         !execution->races_checked && i < execution->happens.race_count; i++)
        learn_race(explorer, execution->happens.races[i].object,
                   places_of(&execution->happens.races[i]));
}

static void learn(struct explorer *explorer) {
    summary_of(&explorer->summary, &explorer->execution);
    struct explored_outcome *outcome = find(explorer);
    if (!outcome)
        outcome = add(explorer);
    outcome->executions++;
    outcome->raced += explorer->execution.race_count > 0;
    outcome->raced_harness += explorer->execution.happens.race_count > 0;
    if (explorer->execution.findings.count > 0)
        for (int i = 0; i < FINDING_KINDS; i++)
            outcome->found[i] += explorer->execution.findings.of_kind[i];
    keep_shorter(explorer, outcome);
    learn_races(explorer);
}

// One execution after the other.

// An execution that says more of us than of the program.
static bool is_trouble(enum verdict_kind verdict) {
    return verdict == VERDICT_DIVERGED || verdict == VERDICT_UNCONTROLLED ||
           verdict == VERDICT_SPIN;
}

static bool is_stopped(const struct explorer *explorer) {
    const struct explore_options *options = explorer->options;
    if (options->runs_max > 0 &&
        explorer->exploration->executions >= options->runs_max)
        return true;
    return options->stop && *options->stop;
}

// Of what there is to do, or of what may be done, whichever ends first.
static double fraction_done(const struct explorer *explorer) {
    const struct strategy *strategy = explorer->strategy;
    long most = explorer->options->runs_max;
    double explored = strategy->explored ? strategy->explored(strategy) : -1;
    double counted =
        most > 0 ? (double)explorer->exploration->executions / (double)most
                 : -1;
    return explored > counted ? explored : counted;
}

static void show_progress(struct explorer *explorer) {
    if (!explorer->options->progress)
        return;
    double now = now_seconds();
    if (now < explorer->next_progress)
        return;
    explorer->next_progress = now + 1;
    const struct explore_progress progress = {
        .executions = explorer->exploration->executions,
        .outcomes = explorer->exploration->outcome_count,
        .seconds = now - explorer->start,
        .done = fraction_done(explorer),
    };
    explorer->options->progress(&progress);
}

static int run_once(struct explorer *explorer, struct error *error) {
    const struct execution_options options = {
        .backend = BACKEND_FIBER,
        .strategy = explorer->strategy,
        .look = explorer->options->look,
        .clock_frozen = explorer->options->clock_frozen,
        .touched = &explorer->touched};
    const struct verdict *verdict = &explorer->execution.verdict;
    int status = execute(&explorer->execution, explorer->program,
                         &explorer->requests, &options, error);
    if (status)
        return status;
    if (is_trouble(verdict->kind))
        return error_set(error, ERROR_EXECUTION, 0, 0, "%s", verdict->text);
    if (verdict->kind == VERDICT_BLOCKED)
        return 0;
    explorer->exploration->executions++;
    learn(explorer);
    if (explorer->options->each)
        explorer->options->each(explorer->options->data, &explorer->execution);
    return 0;
}

static struct strategy *make_strategy(const struct explore_options *options) {
    const struct explore_strategy *kind =
        options->strategy ? options->strategy : &explore_strategies[0];
    return must(kind->make(&options->choice));
}

// More is known to be shared than when the exploring began: there are choices
// that it has passed over.
static void begin_anew(struct explorer *explorer) {
    exploration_done(explorer->exploration);
    forget_all(explorer);
    touched_begin(&explorer->touched);
    explorer->strategy->free(explorer->strategy);
    explorer->strategy = make_strategy(explorer->options);
}

// One after the other. `*gap`: why, if nothing else, it is no proof.
static int run_pass(struct explorer *explorer, const char **gap,
                    struct error *error) {
    struct strategy *strategy = explorer->strategy;
    struct exploration *exploration = explorer->exploration;
    *gap = NULL;
    for (bool more = true;
         more && !explorer->touched.grown && !is_stopped(explorer);) {
        int status = run_once(explorer, error);
        if (status)
            return status;
        if (!*gap)
            *gap = explorer->execution.gap;
        if (explorer->execution.verdict.kind == VERDICT_STEP_LIMIT)
            *gap = "an execution that was cut at its limit";
        more = !strategy->next || strategy->next(strategy);
        exploration->complete = !more;
        if (more)
            show_progress(explorer);
    }
    return 0;
}

static int run_all(struct explorer *explorer, struct error *error) {
    struct exploration *exploration = explorer->exploration;
    const char *gap;
    int status = run_pass(explorer, &gap, error);
    while (status == 0 && explorer->touched.grown && !is_stopped(explorer)) {
        begin_anew(explorer);
        status = run_pass(explorer, &gap, error);
    }
    if (status)
        return status;
    const struct strategy *strategy = explorer->strategy;
    if (!gap && strategy->gap)
        gap = strategy->gap(strategy);
    exploration->blocked = strategy->blocked ? strategy->blocked(strategy) : 0;
    exploration->gap = gap ? must(strdup(gap)) : NULL;
    exploration->complete &= !gap && !explorer->touched.grown;
    return 0;
}

static void run_on_stage(void *argument) {
    struct explorer *explorer = argument;
    explorer->status = run_all(explorer, explorer->error);
}

static int run(struct explorer *explorer, struct error *error) {
    explorer->error = error;
    int status = execute_many(run_on_stage, explorer, error);
    return status ? status : explorer->status;
}

static int explore_with(struct explorer *explorer, struct error *error) {
    int status = execution_init(&explorer->execution, error);
    if (status)
        return status;
    if (touched_init(&explorer->touched))
        abort(); // a few kilobytes: nothing can go on
    explorer->execution.trace.detailed = false;
    explorer->strategy = make_strategy(explorer->options);
    explorer->start = now_seconds();
    explorer->next_progress = explorer->start + 2;
    status = run(explorer, error);
    explorer->exploration->races_checked = explorer->execution.races_checked;
    explorer->exploration->seconds = now_seconds() - explorer->start;
    explorer->strategy->free(explorer->strategy);
    forget_all(explorer);
    touched_done(&explorer->touched);
    execution_done(&explorer->execution);
    return status;
}

static int explore_once(struct exploration *exploration,
                        const struct racelab_program *program,
                        const struct explore_options *options,
                        struct error *error) {
    struct explorer *explorer = must(malloc(sizeof *explorer));
    memset(explorer, 0, offsetof(struct explorer, execution));
    memset(exploration, 0, sizeof *exploration);
    explorer->exploration = exploration;
    explorer->program = program;
    explorer->options = options;
    int status =
        read_requests(options, program->name, &explorer->requests, error);
    if (status == 0) {
        status = explore_with(explorer, error);
        schedule_done(&explorer->requests);
    }
    free(explorer);
    if (status)
        exploration_done(exploration);
    return status;
}

static struct explored_outcome *
find_same(struct exploration *exploration,
          const struct explored_outcome *outcome) {
    for (int i = 0; i < exploration->outcome_count; i++) {
        struct explored_outcome *other = &exploration->outcomes[i];
        if (other->verdict == outcome->verdict &&
            strcmp(other->text, outcome->text) == 0)
            return other;
    }
    return NULL;
}

// The witnesses of what is possible though accesses are no points.
static void take_witnesses(struct exploration *exploration,
                           struct exploration *points) {
    for (int i = 0; i < exploration->outcome_count; i++) {
        struct explored_outcome *outcome = &exploration->outcomes[i];
        struct explored_outcome *same = find_same(points, outcome);
        if (!same)
            continue;
        char *witness = outcome->witness;
        outcome->witness = same->witness;
        same->witness = witness;
        outcome->witness_lines = same->witness_lines;
        outcome->of_build = false;
    }
}

// An exploring takes half a megabyte and gives it back. The C library would
// return it to the kernel, and the next would ask for it again page by page,
// which takes a tenth of a small one's time.
static void keep_memory(void) {
    static bool is_told;
    if (!is_told) {
        mallopt(M_MMAP_THRESHOLD, KEPT_BYTES);
        mallopt(M_TRIM_THRESHOLD, KEPT_BYTES);
    }
    is_told = true;
}

int explore(struct exploration *exploration,
            const struct racelab_program *program,
            const struct explore_options *options, struct error *error) {
    keep_memory();
    struct exploration points;
    struct explore_options without = *options;
    struct error passed_over;
    int status = explore_once(exploration, program, options, error);
    if (status || !options->accesses)
        return status;
    without.accesses = false;
    without.progress = NULL;
    if (explore_once(&points, program, &without, &passed_over))
        return 0;
    take_witnesses(exploration, &points);
    exploration_done(&points);
    return 0;
}

static void outcome_done(struct explored_outcome *outcome) {
    for (int i = 0; i < outcome->line_count; i++) {
        free(outcome->lines[i].task_name);
        free(outcome->lines[i].line);
    }
    free(outcome->lines);
    free(outcome->text);
    free(outcome->message);
    free(outcome->witness);
}

void exploration_done(struct exploration *exploration) {
    for (int i = 0; i < exploration->outcome_count; i++)
        outcome_done(&exploration->outcomes[i]);
    free(exploration->outcomes);
    for (int i = 0; i < exploration->race_count; i++) {
        free(exploration->races[i].witness);
        free(exploration->races[i].record);
    }
    free(exploration->races);
    free(exploration->gap);
    memset(exploration, 0, sizeof *exploration);
}

static bool gives_again(const struct explored_outcome *outcome,
                        const struct racelab_program *program,
                        const struct schedule *witness,
                        enum backend_kind backend,
                        struct execution *execution) {
    const struct execution_options options = {.backend = backend};
    struct summary summary;
    struct error error;
    if (execute(execution, program, witness, &options, &error))
        return false;
    summary_of(&summary, execution);
    return summary.key[0] == (char)outcome->verdict &&
           strcmp(summary_text(&summary), outcome->text) == 0;
}

int explore_check_witness(const struct explored_outcome *outcome,
                          const struct racelab_program *program, int runs) {
    struct schedule witness;
    struct execution execution;
    struct error error;
    int good = 0;
    if (schedule_parse(&witness, outcome->witness, strlen(outcome->witness),
                       &error))
        return 0;
    if (execution_init(&execution, &error) == 0) {
        for (int i = 0; i < runs; i++)
            good += gives_again(outcome, program, &witness, BACKEND_FIBER,
                                &execution) +
                    gives_again(outcome, program, &witness, BACKEND_THREAD,
                                &execution);
        execution_done(&execution);
    }
    schedule_done(&witness);
    return good;
}

// Is `execution`, written down in detail, one that has the race? Then with its
// record.
static bool has_race(const struct execution *execution,
                     const struct explored_race *race, struct record *records) {
    int count = execution->races_checked
                    ? records_of(execution, records)
                    : records_of_harness(execution, records);
    for (int i = 0; i < count; i++) {
        uint64_t places = execution->races_checked
                              ? execution->races[i].places
                              : places_of(&execution->happens.races[i]);
        if (places == race->places &&
            strcmp(records[i].object, race->object) == 0) {
            records[0] = records[i];
            return true;
        }
    }
    return false;
}

// Of many accesses to one word ThreadSanitizer remembers four, which depend on
// all that it has seen before: the same schedule may not show the same race at
// once.
static void record_race(struct explored_race *race,
                        const struct racelab_program *program,
                        struct execution *execution) {
    enum { TRIES = 16 };
    const struct execution_options options = {.backend = BACKEND_FIBER};
    struct schedule witness;
    struct error error;
    if (schedule_parse(&witness, race->witness, strlen(race->witness), &error))
        return;
    struct record *records = must(malloc(LIMIT_RACES * sizeof *records));
    for (int i = 0; i < TRIES && !race->record; i++)
        if (execute(execution, program, &witness, &options, &error) == 0 &&
            has_race(execution, race, records)) {
            race->record = must(malloc(sizeof *race->record));
            *race->record = records[0];
        }
    free(records);
    schedule_done(&witness);
}

void explore_record_races(struct exploration *exploration,
                          const struct racelab_program *program) {
    struct execution execution;
    struct error error;
    if (exploration->race_count == 0 || execution_init(&execution, &error))
        return;
    for (int i = 0; i < exploration->race_count; i++)
        record_race(&exploration->races[i], program, &execution);
    execution_done(&execution);
}
