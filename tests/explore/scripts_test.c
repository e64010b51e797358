// scripts_test.c FIRST COUNT: programs made by chance, from the seeds FIRST on.
// dpor runs one execution of each kind that brute force finds, and no other;
// and the schedule that is made from an execution comes to the same.
//
// A script that fails is printed with its seed, and what is missing.
#include "dpor.h"
#include "execute.h"
#include "exhaustive.h"
#include "scripts.h"
#include "witness.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

enum {
    // A script that has more kinds than this is passed over …
    KINDS_MAX = 2000,
    // … or more interleavings.
    FORCE_MAX = 15000,
};

// A kind of execution, what it came to, and what was found.
struct kind {
    uint64_t number, found;
    char *outcome;
    UT_hash_handle hh;
};

struct kinds {
    struct kind *by_number;
    long executions, repeated, blocked;
    bool too_many;
    const char *gap;
};

struct trial {
    const struct racelab_program *program;
    struct schedule requests;
    struct execution execution, replayed;
    struct error error;
    int unlike; // witnesses that come to something else
    int apart;  // executions of one kind in which other things were found
    struct strategy *dpor, *force;
    struct kinds proof, all;
    bool broken;
};

static const struct strategy_options no_options = {0};

static const char *outcome_of(const struct execution *execution) {
    const struct trace *trace = &execution->trace;
    return trace->outcome_count ? trace->outcomes[0].line
                                : execution->verdict.text;
}

// The same number for the same findings, in whichever order, whichever worker
// it was. Who keeps a loop waiting is a matter of time, and no kind's.
static uint64_t number_of_findings(const struct execution *execution) {
    const struct owners *owners = &execution->owners;
    uint64_t sum = 0;
    for (int i = 0; i < execution->findings.count; i++) {
        const struct finding *finding = &execution->findings.list[i];
        uint64_t hash = (uint64_t)finding->kind;
        if (finding->kind == FINDING_BLOCKED_LOOP)
            continue;
        hash = hash * 31 + (uint64_t)finding->access;
        hash = hash * 31 + (uint64_t)finding->owner;
        hash = hash * 31 + (uint64_t)(owners_find(owners, finding->pooled) -
                                      owners->objects);
        sum += (hash + 1) * UINT64_C(0x9E3779B97F4A7C15);
    }
    return sum;
}

// False: there is one of that kind, in which other things were found.
static bool note(struct kinds *kinds, uint64_t number,
                 const struct execution *execution) {
    uint64_t found = number_of_findings(execution);
    struct kind *kind;
    HASH_FIND(hh, kinds->by_number, &number, sizeof number, kind);
    kinds->executions++;
    kinds->gap = execution->gap;
    if (kind) {
        kinds->repeated++;
        return kind->found == found;
    }
    kind = calloc(1, sizeof *kind);
    if (!kind)
        abort();
    kind->number = number;
    kind->found = found;
    kind->outcome = strdup(outcome_of(execution));
    HASH_ADD(hh, kinds->by_number, number, sizeof number, kind);
    return true;
}

static void free_kinds(struct kinds *kinds) {
    struct kind *kind = kinds->by_number, *next;
    HASH_CLEAR(hh, kinds->by_number);
    for (; kind; kind = next) {
        next = kind->hh.next;
        free(kind->outcome);
        free(kind);
    }
}

static bool run_one(struct trial *trial, struct strategy *strategy) {
    const struct execution_options options = {.backend = BACKEND_FIBER,
                                              .strategy = strategy};
    int status = execute(&trial->execution, trial->program, &trial->requests,
                         &options, &trial->error);
    enum verdict_kind verdict = trial->execution.verdict.kind;
    trial->broken =
        status || (verdict != VERDICT_FINISHED && verdict != VERDICT_DEADLOCK &&
                   verdict != VERDICT_BLOCKED);
    return !trial->broken;
}

static bool replays(struct trial *trial, const char *text, size_t bytes) {
    const struct execution_options options = {.backend = BACKEND_FIBER};
    struct schedule witness;
    if (schedule_parse(&witness, text, bytes, &trial->error) ||
        execute(&trial->replayed, trial->program, &witness, &options,
                &trial->error)) {
        printf("# %d:%d: %s\n", trial->error.line, trial->error.column,
               trial->error.text);
        return false;
    }
    schedule_done(&witness);
    return trial->replayed.verdict.kind == trial->execution.verdict.kind &&
           strcmp(outcome_of(&trial->replayed),
                  outcome_of(&trial->execution)) == 0;
}

static void replay_witness(struct trial *trial) {
    char *text;
    size_t bytes;
    FILE *out = open_memstream(&text, &bytes);
    witness_print(&trial->execution.trace, "script", &trial->requests, out);
    fclose(out);
    if (!replays(trial, text, bytes) && trial->unlike++ == 0)
        printf("# %s\n# replayed: %s: %s\n%s", outcome_of(&trial->execution),
               outcome_of(&trial->replayed), trial->replayed.verdict.text,
               text);
    free(text);
}

static void prove(struct trial *trial) {
    struct kinds *proof = &trial->proof;
    do {
        if (!run_one(trial, trial->dpor))
            return;
        if (trial->execution.verdict.kind != VERDICT_BLOCKED) {
            replay_witness(trial);
            note(proof, dpor_kind(trial->dpor), &trial->execution);
        }
        proof->too_many = proof->executions > KINDS_MAX;
    } while (!proof->too_many && trial->dpor->next(trial->dpor));
    proof->blocked = trial->dpor->blocked(trial->dpor);
}

static void force(struct trial *trial) {
    struct kinds *all = &trial->all;
    dpor_observe(trial->dpor, trial->force);
    do {
        if (!run_one(trial, trial->dpor))
            return;
        trial->apart += !note(all, dpor_kind(trial->dpor), &trial->execution);
        all->too_many = all->executions > FORCE_MAX;
    } while (!all->too_many && trial->dpor->next(trial->dpor));
}

static void prove_and_force(void *argument) {
    struct trial *trial = argument;
    prove(trial);
    if (!trial->broken && !trial->proof.too_many)
        force(trial);
}

static int lacks(const struct kinds *some, const struct kinds *others,
                 const char *who) {
    int count = 0;
    for (struct kind *kind = some->by_number; kind; kind = kind->hh.next) {
        struct kind *same;
        HASH_FIND(hh, others->by_number, &kind->number, sizeof kind->number,
                  same);
        if ((!same || same->found != kind->found) && ++count <= 3)
            printf("#  %s lacks: %s\n", who, kind->outcome);
    }
    return count;
}

static bool agree(const struct trial *trial) {
    const struct kinds *proof = &trial->proof, *all = &trial->all;
    if (trial->broken)
        printf("# %s\n", trial->execution.verdict.text);
    if (trial->apart)
        printf("# %d executions with other findings than others of their "
               "kind\n",
               trial->apart);
    if (trial->broken || trial->unlike || trial->apart || proof->too_many)
        return !trial->broken && !trial->unlike && !trial->apart;
    int missing = all->too_many ? 0 : lacks(all, proof, "dpor");
    int invented = all->too_many ? 0 : lacks(proof, all, "brute force");
    if (missing || invented || proof->repeated || proof->blocked || proof->gap)
        printf("# %d kinds missing, %d invented, %ld repeated, %ld blocked of "
               "%ld; gap: %s\n",
               missing, invented, proof->repeated, proof->blocked,
               proof->executions, proof->gap ? proof->gap : "none");
    return !missing && !invented && !proof->repeated && !proof->blocked &&
           !proof->gap;
}

static bool try(const struct script *script, bool *counts) {
    static const char text[] = "racelab schedule 1\nprogram script\n";
    const struct racelab_program program = script_program(script);
    struct trial trial = {.program = &program};
    struct error error;
    if (schedule_parse(&trial.requests, text, sizeof text - 1, &error) ||
        execution_init(&trial.execution, &error))
        abort();
    if (execution_init(&trial.replayed, &error))
        abort();
    trial.execution.trace.detailed = false;
    trial.dpor = dpor_new(&no_options);
    trial.force = exhaustive_new(&no_options);
    trial.broken |= execute_many(prove_and_force, &trial, &error) != 0;
    bool good = agree(&trial);
    *counts = !trial.proof.too_many && !trial.all.too_many;
    free_kinds(&trial.proof);
    free_kinds(&trial.all);
    trial.dpor->free(trial.dpor);
    trial.force->free(trial.force);
    execution_done(&trial.execution);
    execution_done(&trial.replayed);
    schedule_done(&trial.requests);
    return good;
}

static unsigned long state;

static int below(int limit) {
    state = state * 6364136223846793005ul + 1442695040888963407ul;
    return (int)((state >> 33) % (unsigned long)limit);
}

static void make_thread(struct script_thread *thread, int most) {
    thread->count = 1 + below(most);
    for (int i = 0; i < thread->count; i++) {
        thread->steps[i].step = (enum script_step)below(SCRIPT_STEP_KINDS);
        thread->steps[i].object = below(3) == 0;
    }
}

static void make_script(struct script *script, unsigned long seed) {
    memset(script, 0, sizeof *script);
    state = seed * 2654435761ul + 12345;
    below(2);
    bool small = below(2);
    script->thread_count = 1 + below(small ? 2 : 3);
    for (int i = 0; i < script->thread_count; i++)
        make_thread(&script->threads[i], small ? 4 : 2);
    if (below(3) == 0) {
        script->work_count = 1 + below(2);
        for (int i = 0; i < script->work_count; i++)
            make_thread(&script->works[i], 1);
    }
    script->workers = 1 + below(2);
    if (below(2) == 0)
        script->timer_count = 1 + below(SCRIPT_TIMERS);
    for (int i = 0; i < script->timer_count; i++)
        script->timers_ms[i] = (unsigned)below(3) * 10;
    script->stopped =
        script->timer_count > 1 && below(2) ? script->timer_count - 1 : -1;
    script->started = script->timer_count > 1 ? below(2) : 0;
    script->hushed = script->timer_count > 1 ? below(script->timer_count) : 0;
    script->cancelled = script->timer_count && script->work_count && below(2)
                            ? script->work_count - 1
                            : -1;
}

// A program that does what is not looked at in every order is told so.
static bool gap_is_named(const struct script *script, const char *name) {
    static const char text[] = "racelab schedule 1\nprogram script\n";
    const struct racelab_program program = script_program(script);
    struct trial trial = {.program = &program};
    if (schedule_parse(&trial.requests, text, sizeof text - 1, &trial.error) ||
        execution_init(&trial.execution, &trial.error))
        abort();
    trial.dpor = dpor_new(&no_options);
    bool named = run_one(&trial, trial.dpor) && trial.execution.gap &&
                 strcmp(trial.execution.gap, name) == 0;
    if (!named)
        printf("# gap: %s, not %s\n",
               trial.execution.gap ? trial.execution.gap : "none", name);
    trial.dpor->free(trial.dpor);
    execution_done(&trial.execution);
    schedule_done(&trial.requests);
    return named;
}

static int check_gaps(void) {
    static const char *const names[] = {
        [GAP_REPEATS] = "uv_timer_start with a repeat",
        [GAP_IDLES] = "idle, prepare or check handles",
        [GAP_RUNS_NOWAIT] = "uv_run with UV_RUN_NOWAIT",
        [GAP_RUNS_ONCE] = "uv_run with UV_RUN_ONCE",
    };
    int failed = 0;
    for (int gap = GAP_REPEATS; gap <= GAP_RUNS_ONCE; gap++) {
        const struct script script = {
            .timer_count = 1, .cancelled = -1, .stopped = -1, .gap = gap};
        failed += !gap_is_named(&script, names[gap]);
    }
    return failed;
}

// `fire` picks what the loop takes, or says why it cannot.
static const struct {
    const char *lines, *says;
} FIRED[] = {
    {"run loop until poll\nrun A.job to end\n", "message w0:0 timer0"},
    {"run loop until poll\nrun A.job to end\nfire loop.timer.1\n",
     "timer0 r0=0 |"},
    {"run loop until poll\nfire loop.timer.1\nrun A.job to end\n",
     "timer0 r0=0 |"},
    {"run loop until poll\nrun A.job to end\nfire loop.async.1\n"
     "fire loop.timer.1\n",
     "message w0:0 timer0"},
    {"fire loop.timer.1\n", "timer0 r0=0 |"},
    {"run loop until poll\nfire loop.timer.9\n",
     "there is no task \"loop.timer.9\""},
    {"run loop until poll\nfire loop.async.1\n",
     "loop.async.1 cannot fire: it has nothing to wake its loop for"},
    {"run loop until poll\nfire A.job\n", "this is no event"},
    {"fire loop.timer.1\nfire loop.timer.1\n", "loop.timer.1 cannot fire"},
};

static bool fires(const struct racelab_program *program, const char *lines,
                  const char *says) {
    const struct execution_options options = {.backend = BACKEND_FIBER};
    char text[LIMIT_LINE_BYTES];
    struct execution execution;
    struct schedule schedule;
    struct error error;
    snprintf(text, sizeof text, "racelab schedule 1\nprogram script\n%s",
             lines);
    if (schedule_parse(&schedule, text, strlen(text), &error) ||
        execution_init(&execution, &error) ||
        execute(&execution, program, &schedule, &options, &error))
        abort();
    bool said = strstr(outcome_of(&execution), says);
    if (!said)
        printf("# %s# %s, not %s\n", lines, outcome_of(&execution), says);
    execution_done(&execution);
    schedule_done(&schedule);
    return said;
}

static int check_fire(void) {
    const struct script script = {
        .threads = {{.steps = {{SCRIPT_MESSAGE, 0}}, .count = 1}},
        .thread_count = 1,
        .timers_ms = {20},
        .timer_count = 1,
        .cancelled = -1,
        .stopped = -1};
    const struct racelab_program program = script_program(&script);
    int failed = 0;
    for (size_t i = 0; i < sizeof FIRED / sizeof *FIRED; i++)
        failed += !fires(&program, FIRED[i].lines, FIRED[i].says);
    return failed;
}

// What an execution that was given up held is lost, and that is no news.
int __lsan_is_turned_off(void);
int __lsan_is_turned_off(void) {
    return 1;
}

// What chance seldom makes: what one event's callback takes away is nowhere in
// the execution after that.
static const struct script TAKEN_AWAY[] = {
    // A work that is cancelled.
    {.works = {{.steps = {{SCRIPT_WRITE, 0}}, .count = 1}},
     .work_count = 1,
     .workers = 1,
     .timer_count = 1,
     .stopped = -1},
    // A timer that a message stops, and that is not the first to fire.
    {.threads = {{.steps = {{SCRIPT_MESSAGE, 0}}, .count = 1}},
     .thread_count = 1,
     .timers_ms = {10, 10},
     .timer_count = 2,
     .started = 1,
     .hushed = 1,
     .cancelled = -1,
     .stopped = -1},
};

static int check_taken_away(void) {
    int failed = 0;
    for (size_t i = 0; i < sizeof TAKEN_AWAY / sizeof *TAKEN_AWAY; i++) {
        bool counts = false;
        bool good = try(&TAKEN_AWAY[i], &counts) && counts;
        if (!good)
            script_print(&TAKEN_AWAY[i], stdout);
        failed += !good;
    }
    return failed;
}

int main(int argc, char **argv) {
    unsigned long first = argc > 1 ? strtoul(argv[1], NULL, 10) : 1;
    unsigned long count = argc > 2 ? strtoul(argv[2], NULL, 10) : 100;
    int failed = check_gaps() + check_fire() + check_taken_away();
    int compared = 0;
    for (unsigned long seed = first; seed < first + count; seed++) {
        struct script script;
        bool counts = false;
        make_script(&script, seed);
        if (!try(&script, &counts)) {
            printf("# seed %lu\n", seed);
            script_print(&script, stdout);
            failed++;
        }
        compared += counts;
    }
    printf("%d of %lu compared with brute force, %d differ\n", compared, count,
           failed);
    return failed > 0;
}
