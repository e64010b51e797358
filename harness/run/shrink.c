#include "shrink.h"
#include "candidate.h"
#include "trial.h"

#include <stdlib.h>
#include <string.h>

enum { TRIED_SLOTS = 1 << 16 }; // over twice SHRINK_CANDIDATES

struct shrinker {
    struct trial *trial;
    const struct shrink_options *options;
    struct shrunk *shrunk;
    bool *held; // by `expect` line of the file: must hold again
    struct schedule best;
    struct candidate_size size;
    struct directive *choices; // all lines that its tasks can be given
    size_t choice_count;
    char **words; // those of lines that are not the file's
    size_t word_count;
    uint64_t tried[TRIED_SLOTS]; // hashes of texts; 0: none
    long cost;                   // of all candidates so far
};

static void *larger(void *elements, size_t count, size_t size) {
    void *more = realloc(elements, count * size);
    if (!more)
        abort();
    return more;
}

// A word that stays as long as the shrinker does.
static struct word keep_word(struct shrinker *shrinker, const char *text) {
    for (size_t i = 0; i < shrinker->word_count; i++)
        if (strcmp(shrinker->words[i], text) == 0)
            return (struct word){.text = shrinker->words[i]};
    shrinker->words = larger(shrinker->words, shrinker->word_count + 1,
                             sizeof *shrinker->words);
    char *word = strdup(text);
    if (!word)
        abort();
    shrinker->words[shrinker->word_count++] = word;
    return (struct word){.text = word};
}

// Has this very text been tried? It counts as tried from now on.
static bool was_tried(struct shrinker *shrinker,
                      const struct schedule *candidate) {
    char *text = candidate_print(candidate);
    uint64_t hash = UINT64_C(14695981039346656037); // FNV-1a
    for (const char *at = text; *at; at++)
        hash = (hash ^ (unsigned char)*at) * UINT64_C(1099511628211);
    free(text);
    hash += hash == 0;
    size_t slot = hash % TRIED_SLOTS;
    while (shrinker->tried[slot] && shrinker->tried[slot] != hash)
        slot = (slot + 1) % TRIED_SLOTS;
    bool known = shrinker->tried[slot] == hash;
    shrinker->tried[slot] = hash;
    return known;
}

// Equal but for the numbers of steps: "task loop, after step 7 (begin): …".
static bool same_message(const char *a, const char *b) {
    static const char STEP[] = "step ";
    while (*a && *a == *b) {
        bool numbered = strncmp(a, STEP, strlen(STEP)) == 0 &&
                        strncmp(b, STEP, strlen(STEP)) == 0;
        a += numbered ? strlen(STEP) : 1;
        b += numbered ? strlen(STEP) : 1;
        a += numbered ? strspn(a, "0123456789") : 0;
        b += numbered ? strspn(b, "0123456789") : 0;
    }
    return *a == *b;
}

// Where a program that goes round in circles was cut says nothing of it.
static bool ended_alike(const struct shrunk *wanted,
                        const struct verdict *verdict) {
    return verdict->kind == wanted->verdict &&
           (verdict->kind == VERDICT_STEP_LIMIT ||
            same_message(verdict->text, wanted->message));
}

static bool is_same(const struct shrinker *shrinker,
                    const struct trial_result *result) {
    for (size_t i = 0; i < shrinker->best.expectation_count; i++)
        if (shrinker->held[i] && !result->held[i])
            return false;
    return ended_alike(shrinker->shrunk, &result->verdict) &&
           strcmp(result->summary, shrinker->shrunk->summary) == 0;
}

static void add_choice(struct shrinker *shrinker, enum directive_kind kind,
                       const char *task, const char *point) {
    shrinker->choices = larger(shrinker->choices, shrinker->choice_count + 1,
                               sizeof *shrinker->choices);
    struct directive *choice = &shrinker->choices[shrinker->choice_count++];
    *choice =
        (struct directive){.kind = kind, .task = keep_word(shrinker, task)};
    if (point)
        choice->point = keep_word(shrinker, point);
}

// All lines that make sense for what the best one's tasks come to.
static void find_choices(struct shrinker *shrinker,
                         const struct trial_result *result) {
    shrinker->choice_count = 0;
    for (int i = 0; i < result->stop_count; i++) {
        const struct trial_stop *stop = &result->stops[i];
        // No task can be run to its own begin; but each has one.
        if (strcmp(stop->name, "begin") == 0)
            add_choice(shrinker, DIRECTIVE_RUN_TO_END, stop->task, NULL);
        else if (strcmp(stop->name, "fire") == 0)
            add_choice(shrinker, DIRECTIVE_FIRE, stop->task, NULL);
        else
            add_choice(shrinker, DIRECTIVE_RUN_UNTIL, stop->task, stop->name);
    }
    for (size_t i = 0; i < shrinker->best.request_count; i++)
        add_choice(shrinker, DIRECTIVE_SEND,
                   shrinker->best.requests[i].name.text, NULL);
}

static void take(struct shrinker *shrinker, struct schedule *candidate,
                 struct candidate_size *size,
                 const struct trial_result *result) {
    candidate_done(&shrinker->best);
    free(shrinker->size.text);
    shrinker->best = *candidate;
    shrinker->size = *size;
    find_choices(shrinker, result);
}

static bool is_out_of_candidates(struct shrinker *shrinker) {
    if (shrinker->cost >= SHRINK_CANDIDATES)
        shrinker->shrunk->cut = true;
    return shrinker->shrunk->cut;
}

// Runs a candidate. NULL: it could not be run, or does not come to the same.
static const struct trial_result *follow(struct shrinker *shrinker,
                                         const struct schedule *candidate) {
    const struct shrink_options *options = shrinker->options;
    const struct trial_result *result;
    struct error unused;
    int status = trial_follow(shrinker->trial, candidate, &result, &unused);
    shrinker->shrunk->candidates++;
    shrinker->cost++;
    if (options->tried)
        options->tried(options->context, shrinker->shrunk->candidates);
    if (status)
        return NULL;
    if (result->verdict.kind == VERDICT_SPIN)
        shrinker->cost += SHRINK_SPIN_COST;
    return is_same(shrinker, result) ? result : NULL;
}

// Is `candidate` smaller than the best, and comes to the same? Then it is the
// best from now on. Lines that do not fit are dropped, and it is run again.
static bool attempt(struct shrinker *shrinker, struct schedule candidate) {
    while (!is_out_of_candidates(shrinker) &&
           !was_tried(shrinker, &candidate)) {
        const struct trial_result *result = follow(shrinker, &candidate);
        if (!result)
            break;
        if (candidate_drop_passed_over(&candidate, result->followed) > 0)
            continue;
        struct candidate_size size =
            candidate_measure(&candidate, result->followed);
        if (candidate_smaller(&size, &shrinker->size)) {
            take(shrinker, &candidate, &size, result);
            return true;
        }
        free(size.text);
        break;
    }
    candidate_done(&candidate);
    return false;
}

// The ways to make the best one smaller. Each says whether it did.

// ddmin: chunks of lines, from all of them down to single ones.
static bool drop_lines(struct shrinker *shrinker) {
    size_t before = shrinker->best.directive_count;
    for (size_t chunk = before; chunk > 0; chunk /= 2) {
        for (size_t end = shrinker->best.directive_count; end > 0;) {
            size_t first = end > chunk ? end - chunk : 0;
            struct schedule candidate = candidate_copy(&shrinker->best);
            candidate_drop(&candidate, first, end - first);
            end = first;
            if (attempt(shrinker, candidate) &&
                end > shrinker->best.directive_count)
                end = shrinker->best.directive_count;
        }
    }
    return shrinker->best.directive_count < before;
}

// Where the file speaks of races that nobody looks for here, a request that
// nobody else needs may be half of one.
static bool is_blind(const struct shrinker *shrinker) {
    const struct schedule *best = &shrinker->best;
    for (size_t i = 0; i < best->expectation_count; i++)
        if (best->expectations[i].kind != EXPECT_OUTCOME)
            return !shrinker->shrunk->races_checked;
    return false;
}

static bool drop_requests(struct shrinker *shrinker) {
    if (is_blind(shrinker))
        return false;
    for (size_t i = shrinker->best.request_count; i-- > 0;) {
        struct schedule candidate = candidate_copy(&shrinker->best);
        candidate_drop_request(&candidate, i);
        if (attempt(shrinker, candidate))
            return true;
    }
    return false;
}

// One line in the place of `count` of `from`, from `first` on.
static bool put_choices(struct shrinker *shrinker, const struct schedule *from,
                        size_t first, size_t count) {
    for (size_t i = 0; i < shrinker->choice_count; i++) {
        struct schedule candidate = candidate_copy(from);
        candidate_put(&candidate, first, count, &shrinker->choices[i]);
        if (attempt(shrinker, candidate))
            return true;
    }
    return false;
}

// Lines in a row: stops on the way of one task, or what one line of another
// task does as well.
static bool join_lines(struct shrinker *shrinker) {
    const struct schedule *best = &shrinker->best;
    for (size_t count = best->directive_count; count > 1; count--)
        for (size_t first = 0; first + count <= best->directive_count; first++)
            if (put_choices(shrinker, best, first, count))
                return true;
    return false;
}

static bool change_lines(struct shrinker *shrinker) {
    for (size_t i = 0; i < shrinker->best.directive_count; i++)
        if (put_choices(shrinker, &shrinker->best, i, 1))
            return true;
    return false;
}

static bool move_block(struct shrinker *shrinker, size_t first, size_t count) {
    for (size_t to = 0; to + count <= shrinker->best.directive_count; to++) {
        struct schedule candidate = candidate_copy(&shrinker->best);
        candidate_move(&candidate, first, count, to);
        if (attempt(shrinker, candidate))
            return true;
    }
    return false;
}

static bool move_blocks(struct shrinker *shrinker) {
    size_t lines = shrinker->best.directive_count;
    for (size_t count = 1; count < lines; count++)
        for (size_t first = 0; first + count <= lines; first++)
            if (move_block(shrinker, first, count))
                return true;
    return false;
}

// The cheap ones first; from the first again whenever one got somewhere. At the
// end none does, and would not if it were asked again: a fixed point.
static void search(struct shrinker *shrinker) {
    static bool (*const ways[])(struct shrinker *) = {
        drop_lines, drop_requests, join_lines, change_lines, move_blocks,
    };
    for (size_t i = 0; i < sizeof ways / sizeof *ways;)
        i = ways[i](shrinker) ? 0 : i + 1;
}

static int not_deterministic(struct error *error, const char *how) {
    return error_set(error, ERROR_EXECUTION, 0, 0,
                     "two runs of this schedule differ%s: the program is not "
                     "deterministic, so nothing can be said of other schedules",
                     how);
}

static int check_verdict(const struct verdict *verdict, struct error *error) {
    switch (verdict->kind) {
    case VERDICT_DIVERGED:
        return error_set(error, ERROR_DIVERGED, verdict->line, verdict->column,
                         "%s", verdict->text);
    case VERDICT_UNCONTROLLED:
    case VERDICT_SPIN:
        return error_set(error, ERROR_EXECUTION, verdict->line, verdict->column,
                         "%s", verdict->text);
    default:
        return 0;
    }
}

// What is to be kept.
static void learn(struct shrinker *shrinker,
                  const struct trial_result *result) {
    struct shrunk *shrunk = shrinker->shrunk;
    size_t bytes = (size_t)result->line_count * sizeof *result->lines;
    shrunk->verdict = result->verdict.kind;
    shrunk->message = strdup(result->verdict.text);
    shrunk->summary = strdup(result->summary);
    shrunk->outcomes = malloc(bytes + 1);
    shrunk->outcome_count = result->line_count;
    shrunk->races_checked = result->races_checked;
    shrinker->held = malloc(shrinker->best.expectation_count + 1);
    if (!shrunk->message || !shrunk->summary || !shrunk->outcomes ||
        !shrinker->held)
        abort();
    memcpy(shrunk->outcomes, result->lines, bytes);
    memcpy(shrinker->held, result->held, shrinker->best.expectation_count);
}

// The file itself: does it fit, and does it come to the same each time?
static int run_file(struct shrinker *shrinker, struct error *error) {
    const struct trial_result *result;
    int status =
        trial_run(shrinker->trial, NULL, BACKEND_FIBER, &result, error);
    if (status == 0)
        status = check_verdict(&result->verdict, error);
    if (status)
        return status;
    uint64_t picture = result->picture;
    learn(shrinker, result);
    status = trial_run(shrinker->trial, NULL, BACKEND_FIBER, &result, error);
    if (status == 0 && result->picture != picture)
        status = not_deterministic(error, "");
    if (status == 0)
        status =
            trial_run(shrinker->trial, NULL, BACKEND_THREAD, &result, error);
    if (status == 0 && result->picture != picture)
        status = not_deterministic(error, ", one on fibers and one on threads");
    return status;
}

static void check(struct shrinker *shrinker) {
    struct shrunk *shrunk = shrinker->shrunk;
    const struct trial_result *result;
    struct error unused;
    for (int i = 0; i < 2 * SHRINK_RUNS; i++) {
        enum backend_kind backend = i % 2 ? BACKEND_THREAD : BACKEND_FIBER;
        if (trial_run(shrinker->trial, &shrinker->best, backend, &result,
                      &unused) == 0)
            shrunk->reproduced += is_same(shrinker, result);
    }
}

static int shrink_best(struct shrinker *shrinker, struct error *error) {
    const struct trial_result *result;
    int status = run_file(shrinker, error);
    if (status == 0)
        status = trial_follow(shrinker->trial, &shrinker->best, &result, error);
    if (status)
        return status;
    struct shrunk *shrunk = shrinker->shrunk;
    shrunk->lines_before = shrinker->best.directive_count;
    shrinker->size = candidate_measure(&shrinker->best, result->followed);
    find_choices(shrinker, result);
    search(shrinker);
    check(shrinker);
    shrunk->lines = shrinker->best.directive_count;
    shrunk->text = strdup(shrinker->size.text);
    return 0;
}

static void shrinker_done(struct shrinker *shrinker) {
    candidate_done(&shrinker->best);
    free(shrinker->size.text);
    free(shrinker->choices);
    free(shrinker->held);
    for (size_t i = 0; i < shrinker->word_count; i++)
        free(shrinker->words[i]);
    free(shrinker->words);
    free(shrinker);
}

int shrink(struct shrunk *shrunk, const struct racelab_program *program,
           const struct schedule *file, const struct shrink_options *options,
           struct error *error) {
    memset(shrunk, 0, sizeof *shrunk);
    struct shrinker *shrinker = calloc(1, sizeof *shrinker);
    if (!shrinker)
        abort();
    shrinker->options = options;
    shrinker->shrunk = shrunk;
    shrinker->best = candidate_copy(file);
    if (strcmp(program->name, file->program.text) != 0) {
        shrinker->best.program = keep_word(shrinker, program->name);
        shrinker->best.expectation_count = 0;
    }
    int status = trial_begin(&shrinker->trial, program, file, error);
    if (status == 0) {
        status = shrink_best(shrinker, error);
        trial_end(shrinker->trial);
    }
    shrinker_done(shrinker);
    if (status)
        shrink_done(shrunk);
    return status;
}

void shrink_done(struct shrunk *shrunk) {
    free(shrunk->text);
    free(shrunk->message);
    free(shrunk->summary);
    free(shrunk->outcomes);
    memset(shrunk, 0, sizeof *shrunk);
}
