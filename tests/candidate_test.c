// candidate_test.c - how candidates are made from a schedule, which of two is
// the smaller, and how one is tried.
#include "candidate.h"
#include "edges.h"
#include "execute.h"
#include "trial.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define HEAD     "racelab schedule 1\nprogram raw\n"
#define REQUESTS "request A GET /test\nrequest B GET /test\n"
#define LINES                                                                  \
    "send A\nrun loop until pool.put\nsend B\nrun A.job to end\nclock stop\n"

static struct schedule whole, candidate;

static void set_up(void) {
    struct error error;
    const char *text = HEAD REQUESTS LINES "expect no race\n";
    ck_assert_int_eq(schedule_parse(&whole, text, strlen(text), &error), 0);
    candidate = candidate_copy(&whole);
}

static void tear_down(void) {
    candidate_done(&candidate);
    schedule_done(&whole);
}

static void assert_prints(const char *wanted) {
    char *text = candidate_print(&candidate);
    ck_assert_str_eq(text, wanted);
    free(text);
}

START_TEST(a_copy_prints_the_same) {
    assert_prints(HEAD REQUESTS "\n" LINES "expect no race\n");
}
END_TEST

START_TEST(lines_are_dropped_from_it_and_not_from_the_schedule) {
    candidate_drop(&candidate, 1, 3);
    assert_prints(HEAD REQUESTS "\nsend A\nclock stop\nexpect no race\n");
    ck_assert_uint_eq(whole.directive_count, 5);
    candidate_drop(&candidate, 0, 2);
    assert_prints(HEAD REQUESTS "\nexpect no race\n");
}
END_TEST

START_TEST(one_line_takes_the_place_of_several) {
    candidate_put(&candidate, 1, 3, &whole.directives[4]);
    assert_prints(HEAD REQUESTS
                  "\nsend A\nclock stop\nclock stop\nexpect no race\n");
}
END_TEST

START_TEST(a_block_moves_in_front_of_others) {
    candidate_move(&candidate, 3, 2, 0);
    assert_prints(HEAD REQUESTS "\nrun A.job to end\nclock stop\nsend A\n"
                                "run loop until pool.put\nsend B\n"
                                "expect no race\n");
}
END_TEST

START_TEST(a_block_moves_behind_others) {
    candidate_move(&candidate, 0, 2, 3);
    assert_prints(HEAD REQUESTS "\nsend B\nrun A.job to end\nclock stop\n"
                                "send A\nrun loop until pool.put\n"
                                "expect no race\n");
}
END_TEST

START_TEST(a_request_goes_with_the_lines_that_send_it) {
    candidate_drop_request(&candidate, 0);
    assert_prints(HEAD "request B GET /test\n\nrun loop until pool.put\n"
                       "send B\nrun A.job to end\nclock stop\n"
                       "expect no race\n");
}
END_TEST

START_TEST(lines_that_were_passed_over_are_dropped) {
    const struct followed followed[5] = {
        {.passed_over = true}, {0}, {0}, {.passed_over = true}, {0}};
    ck_assert_uint_eq(candidate_drop_passed_over(&candidate, followed), 2);
    assert_prints(HEAD REQUESTS "\nrun loop until pool.put\nsend B\n"
                                "clock stop\nexpect no race\n");
}
END_TEST

// Each is smaller than the next, for one reason.
static const struct candidate_size ORDER[] = {
    {1, 9, 9, 9, "z"},   {2, 1, 9, 9, "z"},
    {2, 2, 1, 9, "z"},   {2, 2, 2, -20, "z"}, // its lines ran on for longer
    {2, 2, 2, -10, "a"}, {2, 2, 2, -10, "b"},
};
enum { ORDERED = sizeof ORDER / sizeof *ORDER };

START_TEST(of_two_sizes_the_first_thing_that_differs_decides) {
    for (int a = 0; a < ORDERED; a++)
        for (int b = 0; b < ORDERED; b++)
            ck_assert_int_eq(candidate_smaller(&ORDER[a], &ORDER[b]), a < b);
}
END_TEST

static size_t names_of(const char *lines) {
    struct schedule schedule;
    struct error error;
    char text[400];
    static const struct followed followed[4];
    snprintf(text, sizeof text, HEAD "%s", lines);
    ck_assert_int_eq(schedule_parse(&schedule, text, strlen(text), &error), 0);
    struct candidate_size size = candidate_measure(&schedule, followed);
    size_t names = size.names;
    free(size.text);
    schedule_done(&schedule);
    return names;
}

START_TEST(to_end_is_smaller_than_a_point_and_that_than_a_call) {
    ck_assert_uint_eq(names_of("run loop to end\n"), 0);
    ck_assert_uint_eq(names_of("run loop until pool.put\n"), 1);
    ck_assert_uint_eq(names_of("run loop until uv_thread_create\n"), 2);
    ck_assert_uint_eq(names_of("run loop until poll\nrun loop until a.b\n"), 3);
}
END_TEST

static int do_nothing(const struct racelab_program *program) {
    (void)program;
    return 0;
}

// The process that tries it has but the thread that made it. Not with
// ThreadSanitizer (die_after_fork): to it a fiber is a thread, and a process
// that had several may not make one that starts another.
START_TEST(one_is_tried_by_a_process_that_has_run_fibers_before) {
    static struct execution execution;
    const struct racelab_program program = {.name = "raw", .run = do_nothing};
    const struct execution_options on_fibers = {.backend = BACKEND_FIBER};
    const struct trial_result *result;
    struct schedule empty;
    struct trial *trial;
    struct error error;
    ck_assert_int_eq(schedule_parse(&empty, HEAD, strlen(HEAD), &error), 0);
    ck_assert_int_eq(execution_init(&execution, &error), 0);
    ck_assert_int_eq(execute(&execution, &program, &empty, &on_fibers, &error),
                     0);
    ck_assert_int_eq(trial_begin(&trial, &program, &empty, &error), 0);
    ck_assert_int_eq(trial_run(trial, NULL, BACKEND_FIBER, &result, &error), 0);
    ck_assert_int_eq(result->verdict.kind, VERDICT_FINISHED);
    trial_end(trial);
    execution_done(&execution);
    schedule_done(&empty);
}
END_TEST

static Suite *candidate_suite(void) {
    Suite *suite = suite_create("candidate");
    TCase *tests = tcase_create("candidate");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, a_copy_prints_the_same);
    tcase_add_test(tests, lines_are_dropped_from_it_and_not_from_the_schedule);
    tcase_add_test(tests, one_line_takes_the_place_of_several);
    tcase_add_test(tests, a_block_moves_in_front_of_others);
    tcase_add_test(tests, a_block_moves_behind_others);
    tcase_add_test(tests, a_request_goes_with_the_lines_that_send_it);
    tcase_add_test(tests, lines_that_were_passed_over_are_dropped);
    tcase_add_test(tests, of_two_sizes_the_first_thing_that_differs_decides);
    tcase_add_test(tests, to_end_is_smaller_than_a_point_and_that_than_a_call);
    if (!edges_checked())
        tcase_add_test(tests,
                       one_is_tried_by_a_process_that_has_run_fibers_before);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void) {
    SRunner *runner = srunner_create(candidate_suite());
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed > 0;
}
