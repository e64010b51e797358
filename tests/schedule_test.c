// schedule_test.c - the reader and the writer of schedules: what is read is
// what was written, and bad input is met with its line and column.
#include "names.h"
#include "nearest.h"
#include "schedule.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static const char WHOLE[] = "# a comment\n"
                            "racelab schedule 1\n"
                            "program raw\n"
                            "request A GET /test\n"
                            "request B GET /healthcheck?x=1\n"
                            "\n"
                            "send A   # first\n"
                            "run loop  until pool.put\n"
                            "clock stop\n"
                            "send B\n"
                            "fire  loop.timer.1\n"
                            "clock start\n"
                            "\trun A.job to end\r\n"
                            "expect A.job 数据不存在  # and why\n"
                            "expect race context.keys\n"
                            "expect no race\n";

#define HEAD "racelab schedule 1\nprogram raw\nrequest A GET /test\n"

static struct schedule schedule;
static struct error error;

static int parse(const char *text) {
    return schedule_parse(&schedule, text, strlen(text), &error);
}

START_TEST(every_directive_is_read) {
    ck_assert_int_eq(parse(WHOLE), 0);
    ck_assert_str_eq(schedule.program.text, "raw");
    ck_assert_uint_eq(schedule.request_count, 2);
    ck_assert_str_eq(schedule.requests[1].target.text, "/healthcheck?x=1");
    ck_assert_uint_eq(schedule.directive_count, 7);
    ck_assert_int_eq(schedule.directives[1].kind, DIRECTIVE_RUN_UNTIL);
    ck_assert_str_eq(schedule.directives[1].point.text, "pool.put");
    ck_assert_int_eq(schedule.directives[4].kind, DIRECTIVE_FIRE);
    ck_assert_str_eq(schedule.directives[4].task.text, "loop.timer.1");
    ck_assert_int_eq(schedule.directives[6].kind, DIRECTIVE_RUN_TO_END);
    ck_assert_uint_eq(schedule.expectation_count, 3);
    ck_assert_str_eq(schedule.expectations[0].text.text, "数据不存在");
    schedule_done(&schedule);
}
END_TEST

START_TEST(a_mark_of_utf_8_before_the_text_is_passed_over) {
    ck_assert_int_eq(parse("\xEF\xBB\xBF" HEAD), 0);
    ck_assert_str_eq(schedule.program.text, "raw");
    ck_assert_int_eq(schedule.program.column, 9);
    schedule_done(&schedule);
}
END_TEST

static char *printed(void) {
    char *text;
    size_t bytes;
    FILE *out = open_memstream(&text, &bytes);
    schedule_print(&schedule, out);
    fclose(out);
    return text;
}

START_TEST(what_is_printed_parses_to_the_same) {
    ck_assert_int_eq(parse(WHOLE), 0);
    char *first = printed();
    schedule_done(&schedule);
    ck_assert_int_eq(parse(first), 0);
    char *second = printed();
    ck_assert_str_eq(first, second);
    schedule_done(&schedule);
    free(first);
    free(second);
}
END_TEST

START_TEST(an_access_is_one_name) {
    ck_assert_int_eq(
        parse("racelab schedule 1\nprogram raw\n accesses # are points\n"
              "run A.job  until  read  context.keys in\tcontext_get:117 # !\n"
              "run A.job until write context.keys\n"
              "run A.job until read\n"
              "run A.job until written\n"),
        0);
    ck_assert_str_eq(schedule.directives[0].point.text,
                     "read context.keys in context_get:117");
    ck_assert_str_eq(schedule.directives[1].point.text, "write context.keys");
    ck_assert_str_eq(schedule.directives[2].point.text, "read");
    ck_assert_str_eq(schedule.directives[3].point.text, "written");
    ck_assert_int_eq(schedule.accesses.line, 3);
    char *first = printed();
    ck_assert_ptr_nonnull(strstr(
        first, "\naccesses   # are points: this holds for one build\n"
               "run A.job until read context.keys in context_get:117\n"));
    schedule_done(&schedule);
    ck_assert_int_eq(parse(first), 0);
    schedule_done(&schedule);
    free(first);
}
END_TEST

struct bad {
    const char *text;
    int line, column;
    const char *message;
};

static const struct bad BAD[] = {
    {"", 1, 1, "expected \"racelab schedule 1\""},
    {"\n\n# nothing\n", 4, 1, "expected \"racelab schedule 1\""},
    {"program raw\n", 1, 1, "expected \"racelab schedule 1\""},
    {"racelab schedule\n", 1, 17, "expected the format's version"},
    {"racelab schedule 2\n", 1, 18, "version 2 of the format"},
    {"racelab schedule 1 0\n", 1, 20, "expected the line's end"},
    {"racelab schedule 1\n", 2, 1, "expected a line \"program NAME\""},
    {"racelab schedule 1\nprogram\n", 2, 8, "expected a program's name"},
    {"racelab schedule 1\nprogram r;w\n", 2, 10, "letters, digits"},
    {HEAD "program b\n", 4, 1, "a second program; line 2"},
    {HEAD "request A GET /x\n", 4, 9, "a second request \"A\""},
    {HEAD "request B GET test\n", 4, 15, "a path that starts with '/'"},
    {HEAD "request B GET\n", 4, 14, "a path that starts with '/'"},
    {HEAD "request B\n", 4, 10, "expected a method"},
    {HEAD "request B get /\n", 4, 11, "a method in capital letters"},
    {HEAD "request B GeT /\n", 4, 11, "not \"GeT\""},
    {"\xEF\xBB\xBF" HEAD "rnu loop\n", 4, 1, "did you mean \"run\"?"},
    {"\xEF\xBB\xBFracelab schedule 2\n", 1, 18, "version 2"},
    {"\xEF\xBB\xBF", 1, 1, "expected \"racelab schedule 1\""},
    {"\xEF\xBB", 1, 1, "expected \"racelab schedule 1\""},
    {HEAD "rnu loop to end\n", 4, 1, "did you mean \"run\"?"},
    {HEAD "run loop\n", 4, 9, "\"until POINT\" or \"to end\""},
    {HEAD "run loop till x\n", 4, 10, "not \"till\""},
    {HEAD "run loop until\n", 4, 15, "expected a point's name"},
    {HEAD "run loop until read x\n", 4, 16, "without a line \"accesses\""},
    {HEAD "accesses\nrun loop until read x on f:1\n", 5, 23, "expected \"in\""},
    {HEAD "accesses\nrun loop until read x in\n", 5, 25, "FUNCTION:LINE"},
    {HEAD "accesses\nrun loop until read x in f:1 g\n", 5, 30,
     "expected the line's end"},
    {HEAD "accesses\naccesses\n", 5, 1, "the first is line 4"},
    {HEAD "accesses now\n", 4, 10, "expected the line's end"},
    {HEAD "acesses\n", 4, 1, "did you mean \"accesses\"?"},
    {HEAD "run loop to\n", 4, 12, "expected \"end\""},
    {HEAD "run loop to the end\n", 4, 13, "expected \"end\", not \"the\""},
    {HEAD "run loop to end now\n", 4, 17, "expected the line's end"},
    {HEAD "send\n", 4, 5, "expected a request's name"},
    {HEAD "send B\n", 4, 6, "no request \"B\" is declared above"},
    {HEAD "request Alpha GET /\nsend Alhpa\n", 5, 6, "did you mean \"Alpha\""},
    {HEAD "fire\n", 4, 5, "expected an event's name"},
    {HEAD "fire loop.timer.1 now\n", 4, 19, "expected the line's end"},
    {HEAD "fier loop.timer.1\n", 4, 1, "did you mean \"fire\"?"},
    {HEAD "clock\n", 4, 6, "\"stop\" or \"start\""},
    {HEAD "clock pause\n", 4, 7, "not \"pause\""},
    {HEAD "expect\n", 4, 7, "a task's name"},
    {HEAD "expect A.job\n", 4, 13, "the line that the task reports"},
    {HEAD "expect no\n", 4, 10, "expected \"race\""},
    {HEAD "expect race\n", 4, 12, "the name of an object"},
    {HEAD "send \x01\n", 4, 6, "control character (byte 1)"},
    {HEAD "expect A 时间\x07\n", 4, 12, "control character (byte 7)"},
};

START_TEST(bad_input_is_named_with_line_and_column) {
    const struct bad *bad = &BAD[_i];
    ck_assert_int_lt(parse(bad->text), 0);
    ck_assert_msg(strstr(error.text, bad->message),
                  "\"%s\" does not say \"%s\"", error.text, bad->message);
    ck_assert_msg(error.line == bad->line && error.column == bad->column,
                  "%d:%d, not %d:%d: %s", error.line, error.column, bad->line,
                  bad->column, error.text);
    ck_assert_ptr_null(schedule.program.text);
}
END_TEST

START_TEST(a_text_that_is_cut_anywhere_is_read_or_refused) {
    size_t refused = 0;
    for (size_t bytes = 0; bytes < sizeof WHOLE; bytes++) {
        // A copy of its own, so that reading beyond it would be seen.
        char *text = malloc(bytes + 1);
        memcpy(text, WHOLE, bytes);
        if (schedule_parse(&schedule, text, bytes, &error) == 0)
            schedule_done(&schedule);
        else
            refused++;
        free(text);
    }
    ck_assert_uint_gt(refused, 30);
    ck_assert_uint_lt(refused, sizeof WHOLE);
}
END_TEST

START_TEST(random_bytes_are_refused) {
    unsigned seed = 20250618;
    for (int round = 0; round < 2000; round++) {
        char text[300];
        size_t bytes = (size_t)rand_r(&seed) % sizeof text;
        for (size_t i = 0; i < bytes; i++)
            text[i] = (char)rand_r(&seed);
        ck_assert_int_lt(schedule_parse(&schedule, text, bytes, &error), 0);
    }
}
END_TEST

START_TEST(a_text_with_bytes_changed_is_read_or_refused) {
    unsigned seed = 16216;
    for (int round = 0; round < 5000; round++) {
        char text[sizeof WHOLE];
        memcpy(text, WHOLE, sizeof WHOLE);
        for (int changes = 1 + rand_r(&seed) % 4; changes > 0; changes--)
            text[(size_t)rand_r(&seed) % (sizeof WHOLE - 1)] =
                (char)rand_r(&seed);
        if (schedule_parse(&schedule, text, sizeof WHOLE - 1, &error) == 0)
            schedule_done(&schedule);
        else
            ck_assert_int_gt(error.line, 0);
    }
}
END_TEST

START_TEST(what_is_too_large_is_refused) {
    size_t bytes = LIMIT_SCHEDULE_BYTES + 1;
    char *text = malloc(bytes);
    memset(text, ' ', bytes);
    ck_assert_int_eq(schedule_parse(&schedule, text, bytes, &error),
                     ERROR_LIMIT);
    ck_assert_int_eq(
        schedule_parse(&schedule, text, LIMIT_LINE_BYTES + 1, &error),
        ERROR_LIMIT);
    ck_assert_int_eq(error.line, 1);
    memcpy(text, HEAD "run ", strlen(HEAD "run "));
    memset(text + strlen(HEAD "run "), 'x', LIMIT_NAME);
    ck_assert_int_eq(schedule_parse(&schedule, text,
                                    strlen(HEAD "run ") + LIMIT_NAME, &error),
                     ERROR_LIMIT);
    ck_assert_int_eq(error.line, 4);
    free(text);
}
END_TEST

START_TEST(a_file_that_cannot_be_read_says_why) {
    ck_assert_int_eq(schedule_read(&schedule, "/does/not/exist", &error),
                     ERROR_FILE);
    ck_assert_ptr_nonnull(strstr(error.text, "No such file"));
    ck_assert_int_eq(schedule_read(&schedule, "/", &error), ERROR_FILE);
}
END_TEST

START_TEST(the_nearest_name_is_suggested_and_a_far_one_is_not) {
    static const char *const names[] = {"loop", "A.job", "B.job"};
    ck_assert_str_eq(nearest_name("lop", names, 3), "loop");
    ck_assert_str_eq(nearest_name("A.jbo", names, 3), "A.job");
    ck_assert_ptr_null(nearest_name("healthcheck", names, 3));
    ck_assert_ptr_null(nearest_name("x", names, 0));
}
END_TEST

static const struct {
    const char *word, *name;
    bool near;
} NEAR[] = {
    {"rwa", "raw", true},
    {"rnu", "run", true},
    {"cpoy", "copy", true},
    {"sned", "send", true},
    {"ru", "run", true},
    {"context.cleraed", "context.cleared", true},
    {"middleware-rwa", "middleware_raw", true},
    {"raw", "raw", true},
    {"nope", "copy", false},
    {"C", "A", false},
    {"", "A", false},
    {"ab", "ba", false},
    {"row", "sow", true},
    {"now", "sob", false},
    // Two swaps are two edits, and one letter moved by two is no swap.
    {"badc", "abcd", false},
    {"bca", "abc", false},
};

START_TEST(near_is_a_third_of_the_letters_and_a_swap_is_one) {
    const char *const names[] = {NEAR[_i].name};
    const char *near = nearest_name(NEAR[_i].word, names, 1);
    ck_assert_msg((near != NULL) == NEAR[_i].near, "%s, %s", NEAR[_i].word,
                  NEAR[_i].name);
}
END_TEST

START_TEST(a_word_longer_than_any_name_is_near_to_none) {
    static const char *const names[] = {"loop", "A.job"};
    char word[5000];
    memset(word, 'l', sizeof word - 1);
    word[sizeof word - 1] = '\0';
    ck_assert_ptr_null(nearest_name(word, names, 2));
}
END_TEST

START_TEST(the_innermost_name_wins_and_pieces_are_numbered) {
    static struct names names;
    char text[LIMIT_NAME];
    names_clear(&names);
    names_add(&names, 1000, 100, "context");
    names_add(&names, 1040, 20, "context.keys");
    names_add(&names, 2000, 100, "context");
    names_add(&names, 2040, 20, "context.keys");
    names_print(names_find(&names, 1045), text, sizeof text);
    ck_assert_str_eq(text, "context#1.keys");
    names_print(names_find(&names, 2060), text, sizeof text);
    ck_assert_str_eq(text, "context#2");
    ck_assert_ptr_null(names_find(&names, 1100));
    // Freed, and handed out again: the same bytes are the third of that name.
    names_add(&names, 1000, 100, "context");
    names_print(names_find(&names, 1000), text, sizeof text);
    ck_assert_str_eq(text, "context#3");
}
END_TEST

// What of `bytes` from `address` on has a name, as "NAME ADDRESS BYTES".
static const char *clipped(const struct names *names, uintptr_t address,
                           uintptr_t bytes) {
    static char text[LIMIT_NAME * 2];
    const struct name *name = names_clip(names, &address, &bytes);
    snprintf(text, sizeof text, "%s %d %d", name ? name->text : "nothing",
             (int)address, (int)bytes);
    return text;
}

START_TEST(an_access_is_cut_to_what_has_a_name) {
    static struct names names;
    names_clear(&names);
    names_add(&names, 1000, 100, "context");
    names_add(&names, 1040, 20, "context.keys");
    names_add(&names, 1100, 8, "other");
    names_add(&names, 1200, 8, "contexts.not");
    ck_assert_str_eq(clipped(&names, 1000, 4), "context 1000 4");
    ck_assert_str_eq(clipped(&names, 1050, 30), "context.keys 1050 30");
    ck_assert_str_eq(clipped(&names, 990, 200), "context 1000 100");
    ck_assert_str_eq(clipped(&names, 1096, 8), "context 1096 4");
    ck_assert_str_eq(clipped(&names, 1108, 8), "nothing 1108 8");
    ck_assert_str_eq(clipped(&names, 1199, 2), "contexts.not 1200 1");
    ck_assert_int_eq(names_find(&names, 1040)->whole, 0);
    ck_assert_int_eq(names_find(&names, 1100)->whole, 2);
    ck_assert_int_eq(names_find(&names, 1200)->whole, 3);
    ck_assert_uint_eq(names.low, 1000);
    ck_assert_uint_eq(names.high, 1208);
}
END_TEST

static Suite *schedule_suite(void) {
    Suite *suite = suite_create("schedule");
    TCase *tests = tcase_create("schedule");
    tcase_add_test(tests, every_directive_is_read);
    tcase_add_test(tests, a_mark_of_utf_8_before_the_text_is_passed_over);
    tcase_add_test(tests, what_is_printed_parses_to_the_same);
    tcase_add_test(tests, an_access_is_one_name);
    tcase_add_loop_test(tests, bad_input_is_named_with_line_and_column, 0,
                        (int)(sizeof BAD / sizeof *BAD));
    tcase_add_test(tests, a_text_that_is_cut_anywhere_is_read_or_refused);
    tcase_add_test(tests, random_bytes_are_refused);
    tcase_add_test(tests, a_text_with_bytes_changed_is_read_or_refused);
    tcase_add_test(tests, what_is_too_large_is_refused);
    tcase_add_test(tests, a_file_that_cannot_be_read_says_why);
    tcase_add_test(tests, the_nearest_name_is_suggested_and_a_far_one_is_not);
    tcase_add_loop_test(tests, near_is_a_third_of_the_letters_and_a_swap_is_one,
                        0, (int)(sizeof NEAR / sizeof *NEAR));
    tcase_add_test(tests, a_word_longer_than_any_name_is_near_to_none);
    tcase_add_test(tests, the_innermost_name_wins_and_pieces_are_numbered);
    tcase_add_test(tests, an_access_is_cut_to_what_has_a_name);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void) {
    SRunner *runner = srunner_create(schedule_suite());
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed > 0;
}
