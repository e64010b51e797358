#include "explore.h"
#include "dpor.h"
#include "exhaustive.h"
#include "random.h"
#include "summary.h"
#include "witness.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

struct explorer {
    struct exploration *exploration;
    const struct racelab_program *program;
    const struct explore_options *options;
    struct schedule requests;
    struct execution execution;
    struct dpor *dpor;
    struct exhaustive *all;
    struct random_strategy random;
};

// "/test,/healthcheck" -> request A GET /test, request B GET /healthcheck
static int read_requests(const char *list, const char *program,
                         struct schedule *requests, struct error *error) {
    char *text;
    size_t bytes;
    FILE *out = open_memstream(&text, &bytes);
    char name = 'A';
    fprintf(out, "racelab schedule 1\nprogram %s\n", program);
    while (list && *list) {
        size_t length = strcspn(list, ",");
        fprintf(out, "request %c GET %.*s\n", name++, (int)length, list);
        list += length + (list[length] == ',');
    }
    fclose(out);
    int status = name > 'Z' + 1 ? error_set(error, ERROR_LIMIT, 0, 0,
                                            "more than 26 requests")
                                : schedule_parse(requests, text, bytes, error);
    free(text);
    return status;
}

static struct explored_outcome *find(struct exploration *exploration,
                                     const char *text,
                                     enum verdict_kind verdict) {
    for (int i = 0; i < exploration->outcome_count; i++) {
        struct explored_outcome *outcome = &exploration->outcomes[i];
        if (outcome->verdict == verdict && strcmp(outcome->text, text) == 0)
            return outcome;
    }
    return NULL;
}

static struct explored_outcome *add(struct exploration *exploration,
                                    const struct execution *execution,
                                    const char *text,
                                    const struct outcome *lines) {
    size_t count = (size_t)exploration->outcome_count;
    struct explored_outcome *more = realloc(
        exploration->outcomes, (count + 1) * sizeof *exploration->outcomes);
    if (!more)
        abort();
    exploration->outcomes = more;
    exploration->outcome_count++;
    struct explored_outcome *outcome = &more[count];
    memset(outcome, 0, sizeof *outcome);
    outcome->text = strdup(text);
    outcome->verdict = execution->verdict.kind;
    outcome->message = strdup(execution->verdict.text);
    outcome->line_count = execution->trace.outcome_count;
    size_t bytes = (size_t)outcome->line_count * sizeof *lines;
    outcome->lines = malloc(bytes + 1);
    if (!outcome->text || !outcome->message || !outcome->lines)
        abort();
    memcpy(outcome->lines, lines, bytes);
    return outcome;
}

static void keep_shorter(struct explorer *explorer,
                         struct explored_outcome *outcome) {
    char *text;
    size_t bytes;
    FILE *out = open_memstream(&text, &bytes);
    int lines =
        witness_print(&explorer->execution.trace, explorer->program->name,
                      &explorer->requests, out);
    fclose(out);
    if (outcome->witness && outcome->witness_steps <= lines) {
        free(text);
        return;
    }
    free(outcome->witness);
    outcome->witness = text;
    outcome->witness_steps = lines;
}

static void learn(struct explorer *explorer) {
    const struct execution *execution = &explorer->execution;
    struct exploration *exploration = explorer->exploration;
    struct outcome lines[LIMIT_TASKS];
    char *text = summary_print(&execution->trace, lines);
    struct explored_outcome *outcome =
        find(exploration, text, execution->verdict.kind);
    if (!outcome)
        outcome = add(exploration, execution, text, lines);
    outcome->executions++;
    outcome->raced += execution->race_count > 0;
    keep_shorter(explorer, outcome);
    free(text);
}

// An execution that says more of us than of the program.
static bool is_trouble(enum verdict_kind verdict) {
    return verdict == VERDICT_DIVERGED || verdict == VERDICT_UNCONTROLLED ||
           verdict == VERDICT_SPIN;
}

static bool limit_reached(const struct explorer *explorer) {
    const struct explore_options *options = explorer->options;
    long done = explorer->exploration->executions;
    if (options->runs_max > 0 && done >= options->runs_max)
        return true;
    return options->stop && options->stop(options->context, done);
}

static struct strategy *strategy_of(struct explorer *explorer) {
    switch (explorer->options->strategy) {
    case EXPLORE_DPOR:
        return dpor_strategy(explorer->dpor);
    case EXPLORE_ALL:
        return &explorer->all->strategy;
    default:
        return &explorer->random.strategy;
    }
}

// Is there another execution to be made?
static bool next(struct explorer *explorer) {
    switch (explorer->options->strategy) {
    case EXPLORE_DPOR:
        return dpor_next(explorer->dpor);
    case EXPLORE_ALL:
        return exhaustive_next(explorer->all);
    default:
        return true;
    }
}

static int run(struct explorer *explorer, struct error *error) {
    const struct execution_options options = {
        .backend = BACKEND_FIBER, .strategy = strategy_of(explorer)};
    struct exploration *exploration = explorer->exploration;
    for (bool more = true; more;) {
        struct execution *execution = &explorer->execution;
        int status = execute(execution, explorer->program, &explorer->requests,
                             &options, error);
        if (status)
            return status;
        if (is_trouble(execution->verdict.kind))
            return error_set(error, ERROR_EXECUTION, 0, 0, "%s",
                             execution->verdict.text);
        if (execution->verdict.kind != VERDICT_BLOCKED) {
            exploration->executions++;
            learn(explorer);
        }
        more = next(explorer);
        if (execution->verdict.kind == VERDICT_STEP_LIMIT)
            exploration->gap = "an execution that was cut at its limit";
        exploration->complete = !more;
        if (more && limit_reached(explorer))
            break;
    }
    exploration->blocked = dpor_blocked(explorer->dpor);
    if (!exploration->gap)
        exploration->gap = dpor_gap(explorer->dpor);
    exploration->complete &= !exploration->gap;
    return 0;
}

static double now_seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int explore(struct exploration *exploration,
            const struct racelab_program *program,
            const struct explore_options *options, struct error *error) {
    struct explorer explorer = {
        .exploration = exploration, .program = program, .options = options};
    double start = now_seconds();
    memset(exploration, 0, sizeof *exploration);
    int status = read_requests(options->requests, program->name,
                               &explorer.requests, error);
    if (status)
        return status;
    status = execution_init(&explorer.execution, error);
    if (status == 0) {
        random_init(&explorer.random, options->seed);
        explorer.dpor = dpor_new();
        explorer.all = exhaustive_new();
        if (!explorer.dpor || !explorer.all)
            abort();
        status = run(&explorer, error);
        exploration->races_checked = explorer.execution.races_checked;
        dpor_free(explorer.dpor);
        exhaustive_free(explorer.all);
        execution_done(&explorer.execution);
    }
    schedule_done(&explorer.requests);
    exploration->seconds = now_seconds() - start;
    if (status)
        exploration_done(exploration);
    return status;
}

void exploration_done(struct exploration *exploration) {
    for (int i = 0; i < exploration->outcome_count; i++) {
        free(exploration->outcomes[i].text);
        free(exploration->outcomes[i].message);
        free(exploration->outcomes[i].witness);
        free(exploration->outcomes[i].lines);
    }
    free(exploration->outcomes);
    memset(exploration, 0, sizeof *exploration);
}

static bool gives_again(const struct explored_outcome *outcome,
                        const struct racelab_program *program,
                        const struct schedule *witness,
                        enum backend_kind backend,
                        struct execution *execution) {
    const struct execution_options options = {.backend = backend};
    struct outcome lines[LIMIT_TASKS];
    struct error error;
    if (execute(execution, program, witness, &options, &error))
        return false;
    char *text = summary_print(&execution->trace, lines);
    bool same = execution->verdict.kind == outcome->verdict &&
                strcmp(text, outcome->text) == 0;
    free(text);
    return same;
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
