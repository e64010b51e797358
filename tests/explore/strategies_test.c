// strategies_test.c - what each strategy promises, on programs whose outcomes
// are known.
#include "able.h"
#include "explore.h"
#include "footprint.h"
#include "models.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static void explore_model(const char *name, int size,
                          const struct explore_options *options,
                          struct exploration *exploration) {
    const struct sized_model of = {model_find(name), size};
    const struct racelab_program program = model_program(&of);
    struct error error;
    ck_assert_ptr_nonnull(of.model);
    ck_assert_msg(explore(exploration, &program, options, &error) == 0,
                  "%s(%d): %s", name, size, error.text);
}

static const struct explored_outcome *
find(const struct exploration *exploration, const char *text) {
    for (int i = 0; i < exploration->outcome_count; i++)
        if (strcmp(exploration->outcomes[i].text, text) == 0)
            return &exploration->outcomes[i];
    return NULL;
}

// A strategy that writes down what another one chooses, and how far that says
// it is.
static const struct explore_strategy *recorded;
static struct strategy *inner;
static struct recording {
    int choices[1 << 20];
    int count;
    double explored[4096];
    int explored_count;
} record;

static int record_choose(struct strategy *strategy,
                         struct scheduler *scheduler) {
    (void)strategy;
    ck_assert_int_lt(record.count, (int)(sizeof record.choices / sizeof(int)));
    return record.choices[record.count++] = inner->choose(inner, scheduler);
}

static void record_granted(struct strategy *strategy,
                           struct scheduler *scheduler,
                           const struct task *task) {
    (void)strategy;
    if (inner->granted)
        inner->granted(inner, scheduler, task);
}

static void record_finished(struct strategy *strategy,
                            struct scheduler *scheduler) {
    (void)strategy;
    if (inner->finished)
        inner->finished(inner, scheduler);
}

static bool record_next(struct strategy *strategy) {
    (void)strategy;
    bool more = !inner->next || inner->next(inner);
    if (more && inner->explored && record.explored_count < 4096)
        record.explored[record.explored_count++] = inner->explored(inner);
    return more;
}

static void record_free(struct strategy *strategy) {
    (void)strategy;
    inner->free(inner);
}

static struct strategy *record_make(const struct strategy_options *options) {
    static struct strategy strategy = {.choose = record_choose,
                                       .granted = record_granted,
                                       .finished = record_finished,
                                       .next = record_next,
                                       .free = record_free};
    inner = recorded->make(options);
    return &strategy;
}

static void record_model(const char *name, int size, const char *strategy,
                         uint64_t seed, long runs_max) {
    const struct explore_strategy recorder = {.name = "recorder",
                                              .make = record_make};
    const struct explore_options options = {
        .strategy = &recorder,
        .choice = {.seed = seed, .depth = 3},
        .runs_max = runs_max};
    struct exploration exploration;
    recorded = explore_find_strategy(strategy);
    record.count = record.explored_count = 0;
    explore_model(name, size, &options, &exploration);
    exploration_done(&exploration);
}

static const char *const BY_CHANCE[] = {"random", "pct", "pos"};
enum { BY_CHANCE_COUNT = sizeof BY_CHANCE / sizeof *BY_CHANCE };

START_TEST(the_same_seed_makes_the_same_executions_and_others_do_not) {
    static struct recording first;
    record_model("increment", 3, BY_CHANCE[_i], 1, 50);
    first = record;
    record_model("increment", 3, BY_CHANCE[_i], 1, 50);
    ck_assert_int_eq(first.count, record.count);
    ck_assert(memcmp(first.choices, record.choices,
                     (size_t)first.count * sizeof *first.choices) == 0);
    for (uint64_t seed = 2; seed < 12; seed++) {
        record_model("increment", 3, BY_CHANCE[_i], seed, 50);
        ck_assert(first.count != record.count ||
                  memcmp(first.choices, record.choices,
                         (size_t)first.count * sizeof *first.choices) != 0);
    }
}
END_TEST

static const struct {
    const char *model;
    int size;
    long runs; // in which each of them finds all that there is
} SAMPLED[] = {
    {"readers", 3, 500},         {"lastzero", 3, 500},
    {"one lock", 3, 500},        {"increment", 3, 500},
    {"store buffering", 0, 200}, {"message passing", 0, 200},
    {"load buffering", 0, 200},  {"lock order", 0, 200},
    {"semaphores", 0, 200},
};
enum { SAMPLED_COUNT = sizeof SAMPLED / sizeof *SAMPLED };

// Which of them there are is known from the proof.
START_TEST(chance_finds_every_outcome_and_none_that_there_is_not) {
    const char *model = SAMPLED[_i / BY_CHANCE_COUNT].model;
    int size = SAMPLED[_i / BY_CHANCE_COUNT].size;
    const struct explore_options sampled = {
        .strategy = explore_find_strategy(BY_CHANCE[_i % BY_CHANCE_COUNT]),
        .choice = {.seed = 1, .depth = 4},
        .runs_max = SAMPLED[_i / BY_CHANCE_COUNT].runs};
    const struct explore_options proved = {.strategy = NULL};
    struct exploration sample, proof;
    explore_model(model, size, &sampled, &sample);
    explore_model(model, size, &proved, &proof);
    ck_assert(proof.complete && !sample.complete);
    ck_assert_int_eq(sample.executions, sampled.runs_max);
    for (int i = 0; i < sample.outcome_count; i++)
        ck_assert_msg(find(&proof, sample.outcomes[i].text) != NULL, "%s: %s",
                      sampled.strategy->name, sample.outcomes[i].text);
    for (int i = 0; i < proof.outcome_count; i++)
        ck_assert_msg(find(&sample, proof.outcomes[i].text) != NULL,
                      "%s misses %s of %s", sampled.strategy->name,
                      proof.outcomes[i].text, model);
    exploration_done(&sample);
    exploration_done(&proof);
}
END_TEST

// A lost count needs two orders: each of the two loads before the other's
// store. With one, priorities never change; whoever of the two goes first is
// the more important one from its start to its end, and waits for nothing.
static long lost_counts(int depth, uint64_t seed, long runs) {
    const struct explore_options options = {
        .strategy = explore_find_strategy("pct"),
        .choice = {.seed = seed, .depth = depth},
        .runs_max = runs};
    struct exploration exploration;
    explore_model("increment", 2, &options, &exploration);
    const struct explored_outcome *lost = find(&exploration, "loop 1");
    long count = lost ? lost->executions : 0;
    exploration_done(&exploration);
    return count;
}

START_TEST(pct_of_depth_one_never_loses_a_count_and_of_depth_two_does) {
    for (uint64_t seed = 1; seed <= 20; seed++)
        ck_assert_int_eq(lost_counts(1, seed, 100), 0);
    // Three tasks and nine steps with a choice at the most: at least one
    // execution in 27 is expected.
    ck_assert_int_ge(lost_counts(2, 1, 1000), 1000 / 27);
}
END_TEST

static const char *const BOUNDED[] = {"all", "dpor"};

static void explore_bounded(const char *strategy, int size, int preemptions,
                            struct exploration *exploration) {
    const struct explore_options options = {
        .strategy = explore_find_strategy(strategy),
        .choice = {.bounded = preemptions >= 0, .preemptions = preemptions}};
    explore_model("increment", size, &options, exploration);
}

START_TEST(without_preemptions_it_is_serial_and_no_proof) {
    struct exploration exploration;
    explore_bounded(BOUNDED[_i], 3, 0, &exploration);
    ck_assert(!exploration.complete);
    ck_assert_str_eq(exploration.gap, "more than 0 preemptions");
    ck_assert_int_eq(exploration.outcome_count, 1);
    ck_assert_str_eq(exploration.outcomes[0].text, "loop 3");
    exploration_done(&exploration);
}
END_TEST

START_TEST(one_preemption_loses_a_count_and_two_lose_two) {
    struct exploration one, two;
    explore_bounded(BOUNDED[_i], 3, 1, &one);
    explore_bounded(BOUNDED[_i], 3, 2, &two);
    ck_assert_ptr_nonnull(find(&one, "loop 2"));
    ck_assert_ptr_nonnull(find(&two, "loop 1"));
    ck_assert_int_lt(one.executions, two.executions);
    ck_assert(!one.complete && !two.complete);
    exploration_done(&one);
    exploration_done(&two);
}
END_TEST

START_TEST(a_bound_that_cuts_nothing_leaves_a_proof) {
    struct exploration bounded, free_of_it;
    explore_bounded(BOUNDED[_i], 2, 100, &bounded);
    explore_bounded(BOUNDED[_i], 2, -1, &free_of_it);
    ck_assert(bounded.complete && free_of_it.complete);
    ck_assert_ptr_null(bounded.gap);
    ck_assert_int_eq(bounded.executions, free_of_it.executions);
    ck_assert_int_eq(bounded.outcome_count, free_of_it.outcome_count);
    exploration_done(&bounded);
    exploration_done(&free_of_it);
}
END_TEST

START_TEST(how_far_all_is_only_grows_and_ends_near_one) {
    record_model("increment", 2, "all", 0, 0);
    ck_assert_int_gt(record.explored_count, 10);
    for (int i = 1; i < record.explored_count; i++)
        ck_assert(record.explored[i] > record.explored[i - 1]);
    ck_assert(record.explored[0] > 0);
    ck_assert(record.explored[record.explored_count - 1] > 0.9);
    ck_assert(record.explored[record.explored_count - 1] < 1);
}
END_TEST

// Every read has two children of the same size: it is exact.
START_TEST(how_far_dpor_is_is_exact_in_an_even_tree) {
    record_model("readers", 6, "dpor", 0, 0);
    ck_assert_int_eq(record.explored_count, 63);
    for (int i = 0; i < record.explored_count; i++)
        ck_assert_double_eq_tol(record.explored[i], (i + 1) / 64.0, 1e-9);
}
END_TEST

// Addresses of two things, a lock and memory.
enum { LOCK = 8, OTHER_LOCK = 16, MEMORY = 24, LOOP = 32 };

static const struct {
    struct footprint a, b;
    bool depend;
} PAIRS[] = {
    {{.kind = OP_POINT, .access = ACCESS_WRITE, .object = MEMORY},
     {.kind = OP_POINT, .access = ACCESS_READ, .object = MEMORY},
     true},
    {{.kind = OP_POINT, .access = ACCESS_READ, .object = MEMORY},
     {.kind = OP_POINT, .access = ACCESS_READ, .object = MEMORY},
     false},
    {{.kind = OP_POINT, .access = ACCESS_WRITE, .object = MEMORY},
     {.kind = OP_POINT, .access = ACCESS_WRITE, .object = LOCK},
     false},
    {{.kind = OP_CALL}, {.kind = OP_CALL}, false},
    {{.kind = OP_LOCK, .object = LOCK},
     {.kind = OP_LOCK, .object = LOCK},
     true},
    {{.kind = OP_LOCK, .object = LOCK},
     {.kind = OP_LOCK, .object = OTHER_LOCK},
     false},
    {{.kind = OP_READ_LOCK, .object = LOCK},
     {.kind = OP_READ_UNLOCK, .object = LOCK},
     false},
    {{.kind = OP_READ_LOCK, .object = LOCK},
     {.kind = OP_WRITE_LOCK, .object = LOCK},
     true},
    {{.kind = OP_COND_WAKE, .object = OTHER_LOCK, .mutex = LOCK},
     {.kind = OP_LOCK, .object = LOCK},
     true},
    {{.kind = OP_POST, .object = LOCK},
     {.kind = OP_POST, .object = LOCK},
     false},
    {{.kind = OP_POST, .object = LOCK},
     {.kind = OP_SEM_WAIT, .object = LOCK},
     true},
    {{.kind = OP_SEND, .object = LOOP},
     {.kind = OP_SEND, .object = LOOP},
     true},
    {{.kind = OP_SEND, .object = LOOP}, {.kind = OP_POINT}, false},
    {{.kind = OP_ASYNC_SEND, .object = LOCK},
     {.kind = OP_FIRE, .object = LOOP, .mutex = LOCK},
     true},
    {{.kind = OP_ONCE, .access = ACCESS_READ, .object = LOCK},
     {.kind = OP_ONCE, .access = ACCESS_READ, .object = LOCK},
     false},
    {{.kind = OP_ONCE, .access = ACCESS_WRITE, .object = LOCK},
     {.kind = OP_ONCE, .access = ACCESS_READ, .object = LOCK},
     true},
    {{.kind = OP_QUEUE_WORK, .object = LOCK},
     {.kind = OP_TAKE_WORK, .object = LOCK},
     false},
    {{.kind = OP_TAKE_WORK, .object = LOCK},
     {.kind = OP_WORK_DONE, .object = LOCK, .mutex = LOOP},
     true},
    {{.kind = OP_WORK_DONE, .object = LOCK, .mutex = LOOP},
     {.kind = OP_WORK_DONE, .object = LOCK, .mutex = MEMORY},
     false},
};

START_TEST(what_depends_on_what_is_as_written_either_way_round) {
    ck_assert_int_eq(footprint_dependent(&PAIRS[_i].a, &PAIRS[_i].b),
                     PAIRS[_i].depend);
    ck_assert_int_eq(footprint_dependent(&PAIRS[_i].b, &PAIRS[_i].a),
                     PAIRS[_i].depend);
}
END_TEST

// One that writes again and again, and one that stands before `op`: in how many
// of 10000 executions does the first go on eight times before the second?
static int eight_in_a_row(const struct op *op) {
    const struct op write = {
        .kind = OP_POINT, .access = ACCESS_WRITE, .object = MEMORY};
    static struct scheduler scheduler;
    static struct trace trace;
    static struct owners owners;
    struct happens happens;
    ck_assert_int_eq(happens_init(&happens), 0);
    struct strategy *pos = explore_find_strategy("pos")->make(
        &(struct strategy_options){.seed = 1});
    int count = 0;
    scheduler_init(&scheduler, pos, NULL, NULL, &trace, &happens, &owners);
    scheduler_add(&scheduler, NULL, TASK_PROGRAM, "writer", &write);
    scheduler_add(&scheduler, NULL, TASK_PROGRAM, "other", op);
    scheduler_look(&scheduler);
    for (int i = 0; i < 10000; i++) {
        int in_a_row = 0;
        while (in_a_row < 8 && pos->choose(pos, &scheduler) == 0)
            in_a_row++;
        count += in_a_row == 8;
        pos->next(pos);
    }
    scheduler_done(&scheduler);
    happens_done(&happens);
    pos->free(pos);
    return count;
}

START_TEST(pos_draws_anew_what_depends_on_what_was_done) {
    const struct op read = {
        .kind = OP_POINT, .access = ACCESS_READ, .object = MEMORY};
    // Each time it is one of two: 1 in 256.
    ck_assert_int_lt(eight_in_a_row(&read), 10000 / 128);
}
END_TEST

START_TEST(pos_leaves_the_priority_of_what_does_not_depend) {
    const struct op elsewhere = {
        .kind = OP_POINT, .access = ACCESS_READ, .object = OTHER_LOCK};
    // It would have to be the least of nine: 1 in 9.
    ck_assert_int_gt(eight_in_a_row(&elsewhere), 10000 / 12);
}
END_TEST

static bool always_ready(struct world *world, const struct task *task) {
    (void)world;
    (void)task;
    return true;
}

// What the one who ran last stands before, and is it a preemption to choose
// another?
static const struct {
    struct op last;
    enum task_kind chosen;
    bool preempts;
} SWITCHES[] = {
    {{.kind = OP_POINT}, TASK_PROGRAM, true},
    {{.kind = OP_POINT}, TASK_CLIENT, false},
    {{.kind = OP_SLEEP, .timed = true}, TASK_PROGRAM, false},
    {{.kind = OP_POLL}, TASK_PROGRAM, false},
    {{.kind = OP_LOCK}, TASK_PROGRAM, true},
};

START_TEST(a_preemption_takes_the_turn_from_who_could_have_gone_on) {
    const struct op point = {.kind = OP_POINT};
    struct world world = {.ready = always_ready};
    static struct scheduler scheduler;
    static struct trace trace;
    static struct owners owners;
    struct happens happens;
    ck_assert_int_eq(happens_init(&happens), 0);
    scheduler_init(&scheduler, NULL, NULL, &world, &trace, &happens, &owners);
    scheduler_add(&scheduler, NULL, TASK_PROGRAM, "last", &SWITCHES[_i].last);
    scheduler_add(&scheduler, NULL, SWITCHES[_i].chosen, "chosen", &point);
    scheduler_look(&scheduler);
    ck_assert_int_eq(able_preempts(&scheduler, 0, 1), SWITCHES[_i].preempts);
    ck_assert(!able_preempts(&scheduler, 0, 0));
    ck_assert(!able_preempts(&scheduler, -1, 1));
    scheduler_done(&scheduler);
    happens_done(&happens);
}
END_TEST

static Suite *strategies_suite(void) {
    Suite *suite = suite_create("strategies");
    TCase *tests = tcase_create("strategies");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(
        tests, the_same_seed_makes_the_same_executions_and_others_do_not, 0,
        BY_CHANCE_COUNT);
    tcase_add_loop_test(tests,
                        chance_finds_every_outcome_and_none_that_there_is_not,
                        0, SAMPLED_COUNT * BY_CHANCE_COUNT);
    tcase_add_test(tests,
                   pct_of_depth_one_never_loses_a_count_and_of_depth_two_does);
    tcase_add_test(tests, pos_draws_anew_what_depends_on_what_was_done);
    tcase_add_test(tests, pos_leaves_the_priority_of_what_does_not_depend);
    tcase_add_loop_test(tests, without_preemptions_it_is_serial_and_no_proof, 0,
                        2);
    tcase_add_loop_test(tests, one_preemption_loses_a_count_and_two_lose_two, 0,
                        2);
    tcase_add_loop_test(tests, a_bound_that_cuts_nothing_leaves_a_proof, 0, 2);
    tcase_add_test(tests, how_far_all_is_only_grows_and_ends_near_one);
    tcase_add_test(tests, how_far_dpor_is_is_exact_in_an_even_tree);
    tcase_add_loop_test(tests,
                        a_preemption_takes_the_turn_from_who_could_have_gone_on,
                        0, (int)(sizeof SWITCHES / sizeof *SWITCHES));
    tcase_add_loop_test(tests,
                        what_depends_on_what_is_as_written_either_way_round, 0,
                        (int)(sizeof PAIRS / sizeof *PAIRS));
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void) {
    SRunner *runner = srunner_create(strategies_suite());
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed > 0;
}
