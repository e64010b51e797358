// logger_test.c - the log line, column for column, and Go's durations.
#include "server/duration.h"
#include "server/logger.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

// What logger_print() prints for the line.
static const char *printed(const struct logger_line *line) {
    static char text[1024];
    FILE *file = tmpfile();
    int saved = dup(STDOUT_FILENO);

    fflush(stdout);
    dup2(fileno(file), STDOUT_FILENO);
    logger_print(line);
    fflush(stdout);
    dup2(saved, STDOUT_FILENO);
    close(saved);
    rewind(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    return text;
}

static const struct logger_line seed = {
    .wall_ms = INT64_C(1750263666000),
    .status = 200,
    .latency_ns = 124292,
    .client = "127.0.0.1",
    .method = "GET",
    .path = "/test",
    .query = "",
};

START_TEST(the_line_is_the_seeds) {
    ck_assert_str_eq(printed(&seed),
                     "[LAB] 2025/06/18 - 16:21:06 | 200 |     124.292µs |"
                     "       127.0.0.1 | GET      \"/test\"\n");
}
END_TEST

START_TEST(the_line_does_not_depend_on_the_time_zone) {
    setenv("TZ", "Asia/Shanghai", 1);
    tzset();
    ck_assert_ptr_nonnull(strstr(printed(&seed), "16:21:06"));
}
END_TEST

START_TEST(a_path_cannot_break_the_line) {
    struct logger_line line = seed;

    line.path = "/a\n\"\\\x1b[2J\x7f\xff\xc2\x85\xe4\xb8\xad";
    line.query = "b=\xc0\x80";
    ck_assert_str_eq(strstr(printed(&line), "\"/"),
                     "\"/a\\n\\\"\\\\\\x1b[2J\\x7f\\xff\\xc2\\x85中"
                     "?b=\\xc0\\x80\"\n");
}
END_TEST

START_TEST(a_latency_over_a_minute_has_no_decimals) {
    struct logger_line line = seed;

    line.latency_ns = UINT64_C(61500000000);
    ck_assert_ptr_nonnull(strstr(printed(&line), "|          1m1s |"));
}
END_TEST

static const struct {
    uint64_t ns;
    const char *text;
} durations[] = {
    {0, "0s"},
    {1, "1ns"},
    {999, "999ns"},
    {1000, "1µs"},
    {18750, "18.75µs"},
    {124292, "124.292µs"},
    {1000000, "1ms"},
    {1000001, "1.000001ms"},
    {500000000, "500ms"},
    {1000000000, "1s"},
    {1500000000, "1.5s"},
    {UINT64_C(60000000000), "1m0s"},
    {UINT64_C(90000000000), "1m30s"},
    {UINT64_C(3600000000000), "1h0m0s"},
    {UINT64_C(3723004000000), "1h2m3.004s"},
};

START_TEST(durations_are_written_as_go_writes_them) {
    char text[DURATION_BYTES];

    duration_print(durations[_i].ns, text);
    ck_assert_str_eq(text, durations[_i].text);
}
END_TEST

START_TEST(what_is_written_can_be_read) {
    uint64_t ns = 1;

    ck_assert(duration_parse(durations[_i].text, &ns));
    ck_assert_uint_eq(ns, durations[_i].ns);
}
END_TEST

START_TEST(other_ways_to_write_a_duration_are_read) {
    uint64_t ns = 1;

    ck_assert(duration_parse("0", &ns) && ns == 0);
    ck_assert(duration_parse("5us", &ns) && ns == 5000);
    ck_assert(duration_parse(".5s", &ns) && ns == 500000000);
    ck_assert(duration_parse("1.s", &ns) && ns == 1000000000);
    ck_assert(duration_parse("100m", &ns) && ns == UINT64_C(6000000000000));
}
END_TEST

static const char *const bad_durations[] = {
    "", "1", "s", "-1s", "1s ", " 1s", "1d", ".s", "1s2", "1e9s", "9999999h"};

START_TEST(what_is_no_duration_is_refused) {
    uint64_t ns = 7;

    ck_assert(!duration_parse(bad_durations[_i], &ns));
    ck_assert_uint_eq(ns, 7);
}
END_TEST

Suite *logger_suite(void);

Suite *logger_suite(void) {
    Suite *suite = suite_create("logger");
    TCase *tests = tcase_create("logger");
    int count = sizeof durations / sizeof *durations;
    int bad = sizeof bad_durations / sizeof *bad_durations;

    tcase_add_test(tests, the_line_is_the_seeds);
    tcase_add_test(tests, the_line_does_not_depend_on_the_time_zone);
    tcase_add_test(tests, a_path_cannot_break_the_line);
    tcase_add_test(tests, a_latency_over_a_minute_has_no_decimals);
    tcase_add_loop_test(tests, durations_are_written_as_go_writes_them, 0,
                        count);
    tcase_add_loop_test(tests, what_is_written_can_be_read, 0, count);
    tcase_add_test(tests, other_ways_to_write_a_duration_are_read);
    tcase_add_loop_test(tests, what_is_no_duration_is_refused, 0, bad);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void) {
    SRunner *runner = srunner_create(logger_suite());

    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed > 0;
}
