// dpor_test.c - as many executions as there are kinds, no more, and none that
// was begun for nothing.
#include "explore.h"
#include "footprint.h"
#include "models.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

struct pinned {
    const char *model;
    int size;
    long executions;
    int outcomes;
};

static const struct pinned PINNED[] = {
    {"readers", 1, 2, 2},
    {"readers", 2, 4, 4},
    {"readers", 3, 8, 8},
    {"readers", 4, 16, 16},
    {"readers", 8, 256, 256},
    {"lastzero", 5, 64, 6},
    {"lastzero", 10, 3328, 11},
    {"indexer", 11, 1, 1},
    {"indexer", 12, 8, 1},
    {"indexer", 13, 64, 1},
    {"file-system", 14, 2, 1},
    {"file-system", 16, 8, 1},
    {"file-system", 18, 32, 1},
    {"one lock", 2, 2, 2},
    {"one lock", 3, 6, 6},
    {"one lock", 4, 24, 24},
    {"one lock", 5, 120, 120},
    {"one lock", 6, 720, 720},
    {"increment", 2, 4, 2},
    {"increment", 3, 36, 3},
    {"increment", 4, 576, 4},
    {"store buffering", 0, 3, 3},
    {"message passing", 0, 3, 3},
    {"load buffering", 0, 3, 3},
    // The writer before both readers, or behind both.
    {"overlap", 0, 2, 2},
    // Who arrives last.
    {"barrier", 0, 2, 1},
    // k of n wait by then, in any order, and all n go on in any order: the sum
    // of n!/(n-k)! times n!.
    {"broadcast", 2, 10, 2},
    {"broadcast", 3, 96, 6},
};

static void explore_model(const char *name, int size, const char *strategy,
                          long runs_max, struct exploration *exploration) {
    const struct sized_model of = {model_find(name), size};
    const struct racelab_program program = model_program(&of);
    const struct explore_options options = {.strategy =
                                                explore_find_strategy(strategy),
                                            .choice = {.seed = 1},
                                            .runs_max = runs_max};
    struct error error;
    ck_assert_ptr_nonnull(of.model);
    ck_assert_msg(explore(exploration, &program, &options, &error) == 0,
                  "%s(%d): %s", name, size, error.text);
}

START_TEST(each_kind_is_run_once_and_none_is_blocked) {
    const struct pinned *pinned = &PINNED[_i];
    struct exploration exploration;
    explore_model(pinned->model, pinned->size, "dpor", 0, &exploration);
    ck_assert_msg(exploration.complete, "not complete");
    ck_assert_msg(exploration.executions == pinned->executions,
                  "%s(%d): %ld executions, not %ld", pinned->model,
                  pinned->size, exploration.executions, pinned->executions);
    ck_assert_int_eq(exploration.blocked, 0);
    ck_assert_int_eq(exploration.outcome_count, pinned->outcomes);
    exploration_done(&exploration);
}
END_TEST

// What brute force finds, dpor finds, and nothing else.
static const struct {
    const char *model;
    int size;
} SMALL[] = {
    {"readers", 2},         {"one lock", 2},        {"increment", 2},
    {"store buffering", 0}, {"message passing", 0}, {"load buffering", 0},
    {"lock order", 0},      {"semaphores", 0},      {"tries", 0},
    {"barrier", 0},         {"broadcast", 2},
};

static bool has(const struct exploration *exploration,
                const struct explored_outcome *wanted) {
    for (int i = 0; i < exploration->outcome_count; i++)
        if (exploration->outcomes[i].verdict == wanted->verdict &&
            strcmp(exploration->outcomes[i].text, wanted->text) == 0)
            return true;
    return false;
}

START_TEST(the_outcomes_are_those_of_brute_force) {
    struct exploration proof, force;
    explore_model(SMALL[_i].model, SMALL[_i].size, "dpor", 0, &proof);
    explore_model(SMALL[_i].model, SMALL[_i].size, "all", 0, &force);
    ck_assert(proof.complete && force.complete);
    ck_assert_int_eq(proof.outcome_count, force.outcome_count);
    ck_assert_int_le(proof.executions, force.executions);
    for (int i = 0; i < force.outcome_count; i++)
        ck_assert_msg(has(&proof, &force.outcomes[i]), "%s",
                      force.outcomes[i].text);
    exploration_done(&proof);
    exploration_done(&force);
}
END_TEST

// Of the four states that two reads could have, the one that no interleaving
// has under sequential consistency, and the three that some have.
static const struct {
    const char *model, *never, *states[3];
} CLASSICS[] = {
    {"store buffering", "loop 0 0 ", {"loop 0 1 ", "loop 1 0 ", "loop 1 1 "}},
    {"message passing", "loop 1 0 ", {"loop 0 0 ", "loop 0 1 ", "loop 1 1 "}},
    {"load buffering", "loop 1 1 ", {"loop 0 0 ", "loop 0 1 ", "loop 1 0 "}},
};

static bool reports(const struct exploration *exploration, const char *text) {
    for (int i = 0; i < exploration->outcome_count; i++)
        if (strcmp(exploration->outcomes[i].text, text) == 0)
            return true;
    return false;
}

START_TEST(the_classics_have_the_three_states_of_sequential_consistency) {
    struct exploration exploration;
    explore_model(CLASSICS[_i].model, 0, "dpor", 0, &exploration);
    ck_assert_int_eq(exploration.outcome_count, 3);
    for (int i = 0; i < 3; i++)
        ck_assert_msg(reports(&exploration, CLASSICS[_i].states[i]), "%s",
                      CLASSICS[_i].states[i]);
    ck_assert(!reports(&exploration, CLASSICS[_i].never));
    exploration_done(&exploration);
}
END_TEST

START_TEST(a_lock_order_deadlock_is_found_and_named) {
    struct exploration exploration;
    explore_model("lock order", 0, "dpor", 0, &exploration);
    ck_assert(exploration.complete);
    int deadlocks = 0;
    for (int i = 0; i < exploration.outcome_count; i++) {
        const struct explored_outcome *outcome = &exploration.outcomes[i];
        if (outcome->verdict != VERDICT_DEADLOCK)
            continue;
        deadlocks++;
        ck_assert_ptr_nonnull(strstr(outcome->message, "held by thread."));
        ck_assert_ptr_nonnull(
            strstr(outcome->message, " since tests/explore/models.c:"));
    }
    ck_assert_int_eq(deadlocks, 1);
    exploration_done(&exploration);
}
END_TEST

START_TEST(chance_finds_no_outcome_that_the_proof_does_not_have) {
    struct exploration proof, sample;
    explore_model("increment", 3, "dpor", 0, &proof);
    explore_model("increment", 3, "random", 500, &sample);
    ck_assert(!sample.complete);
    ck_assert_int_eq(sample.executions, 500);
    for (int i = 0; i < sample.outcome_count; i++) {
        bool known = false;
        for (int k = 0; k < proof.outcome_count; k++)
            known |=
                strcmp(sample.outcomes[i].text, proof.outcomes[k].text) == 0;
        ck_assert_msg(known, "%s", sample.outcomes[i].text);
    }
    exploration_done(&proof);
    exploration_done(&sample);
}
END_TEST

static struct footprint access_of(enum op_access access, uint64_t object,
                                  unsigned bytes) {
    return (struct footprint){.kind = OP_POINT,
                              .effect = OP_POINT,
                              .access = access,
                              .object = object,
                              .bytes = bytes};
}

static bool depend(const struct footprint *a, const struct footprint *b) {
    ck_assert_int_eq(footprint_dependent(a, b), footprint_dependent(b, a));
    return footprint_dependent(a, b);
}

START_TEST(accesses_depend_where_their_bytes_overlap) {
    const struct footprint word = access_of(ACCESS_WRITE, 64, 8),
                           first = access_of(ACCESS_READ, 64, 1),
                           last = access_of(ACCESS_READ, 71, 1),
                           before = access_of(ACCESS_WRITE, 60, 4),
                           behind = access_of(ACCESS_WRITE, 72, 8);
    ck_assert(depend(&word, &first));
    ck_assert(depend(&word, &last));
    ck_assert(depend(&word, &word));
    ck_assert(!depend(&word, &before));
    ck_assert(!depend(&word, &behind));
    ck_assert(!depend(&first, &first));
}
END_TEST

START_TEST(a_copy_may_write_where_it_reads) {
    struct footprint copy = access_of(ACCESS_READ, 64, 8);
    const struct footprint of_source = access_of(ACCESS_READ, 64, 8),
                           to_source = access_of(ACCESS_WRITE, 71, 1),
                           of_target = access_of(ACCESS_READ, 128, 4),
                           other = access_of(ACCESS_READ, 136, 4);
    ck_assert(!depend(&copy, &of_target));
    copy.late = 128;
    ck_assert(depend(&copy, &of_target));
    ck_assert(depend(&copy, &to_source));
    ck_assert(depend(&copy, &copy));
    ck_assert(!depend(&copy, &of_source));
    ck_assert(!depend(&copy, &other));
}
END_TEST

static Suite *dpor_suite(void) {
    Suite *suite = suite_create("dpor");
    TCase *tests = tcase_create("dpor");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, each_kind_is_run_once_and_none_is_blocked, 0,
                        (int)(sizeof PINNED / sizeof *PINNED));
    tcase_add_loop_test(tests, the_outcomes_are_those_of_brute_force, 0,
                        (int)(sizeof SMALL / sizeof *SMALL));
    tcase_add_loop_test(
        tests, the_classics_have_the_three_states_of_sequential_consistency, 0,
        (int)(sizeof CLASSICS / sizeof *CLASSICS));
    tcase_add_test(tests, accesses_depend_where_their_bytes_overlap);
    tcase_add_test(tests, a_copy_may_write_where_it_reads);
    tcase_add_test(tests, a_lock_order_deadlock_is_found_and_named);
    tcase_add_test(tests, chance_finds_no_outcome_that_the_proof_does_not_have);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void) {
    SRunner *runner = srunner_create(dpor_suite());
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed > 0;
}
