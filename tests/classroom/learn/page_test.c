// page_test.c - text on the page: broken in the right places, counted in
// columns, and with nothing in it that a terminal would obey.
#include "classroom/page.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static char printed[65536];
static FILE *file;
static struct page page;

static void setup(void) {
    file = tmpfile();
    page = page_of(file, ENGLISH);
}

static void teardown(void) {
    fclose(file);
}

static const char *all(void) {
    fflush(file);
    rewind(file);
    printed[fread(printed, 1, sizeof printed - 1, file)] = '\0';
    return printed;
}

START_TEST(a_line_is_broken_at_spaces) {
    page_fill(file, "", "  ", "one two three four", 9);
    ck_assert_str_eq(all(), "one two\n  three\n  four\n");
}
END_TEST

START_TEST(a_line_that_just_fits_is_not_broken) {
    page_fill(file, "", "", "123 567 90", 10);
    ck_assert_str_eq(all(), "123 567 90\n");
}
END_TEST

START_TEST(chinese_takes_two_columns_in_any_locale) {
    ck_assert_int_eq(page_width("上下文 pool"), 11);
    ck_assert_int_eq(page_width("e\xcc\x81"), 1); // an accent of its own
}
END_TEST

START_TEST(chinese_is_broken_between_any_two_characters) {
    page_fill(file, "", "", "任务读了上下文", 7);
    ck_assert_str_eq(all(), "任务读\n了上下\n文\n");
}
END_TEST

START_TEST(no_line_begins_with_a_mark_that_closes) {
    page_fill(file, "", "", "任务读了，然后", 8);
    ck_assert_str_eq(all(), "任务读\n了，然后\n");
}
END_TEST

START_TEST(no_line_ends_with_a_mark_that_opens) {
    page_fill(file, "", "", "任务读（上下文）", 8);
    ck_assert_str_eq(all(), "任务读\n（上下\n文）\n");
}
END_TEST

START_TEST(a_word_that_is_longer_than_the_line_stays_whole) {
    page_fill(file, "", "", "see lab/server/context.h for it", 10);
    ck_assert_str_eq(all(), "see\nlab/server/context.h\nfor it\n");
}
END_TEST

// A text made by chance, of words that fit.
static void make_text(char *text, int words) {
    static const char *const parts[] = {"a",    "job",    "context", "，",
                                        "任务", "上下文", "（池）",  "42"};
    *text = '\0';
    for (int i = 0; i < words; i++) {
        strcat(text, parts[rand() % 8]);
        if (rand() % 2)
            strcat(text, " ");
    }
}

static void without_blanks(char *to, const char *from) {
    for (; *from; from++)
        if (*from != ' ' && *from != '\n')
            *to++ = *from;
    *to = '\0';
}

START_TEST(no_line_is_too_long_and_nothing_is_lost) {
    char text[4096], wanted[4096], got[4096];

    srand((unsigned)_i);
    make_text(text, 40);
    page_fill(file, "", "", text, 48);
    without_blanks(wanted, text);
    without_blanks(got, all());
    ck_assert_str_eq(got, wanted);
    for (char *line = strtok(printed, "\n"); line; line = strtok(NULL, "\n"))
        ck_assert_int_le(page_width(line), 48);
}
END_TEST

START_TEST(a_paragraph_is_filled_anew) {
    page_markdown(&page, "one\ntwo **three**\n\n\nfour\n- five\n\n");
    ck_assert_str_eq(all(), "one two three\n\nfour\n- five\n");
}
END_TEST

START_TEST(lines_of_chinese_are_joined_without_a_space) {
    page_markdown(&page,
                  "任务读了，\nThreadSanitizer 没有\n报告“归属”\n那项\n");
    ck_assert_str_eq(all(), "任务读了，ThreadSanitizer 没有报告“归属”那项\n");
}
END_TEST

START_TEST(an_item_hangs_below_its_first_word) {
    page_markdown(
        &page,
        "- the first of the items of this list is longer than a line, and\n"
        "  goes on below itself\n- second\n12. third\n");
    ck_assert_str_eq(
        all(),
        "- the first of the items of this list is longer than a line, and "
        "goes on below\n  itself\n- second\n12. third\n");
}
END_TEST

START_TEST(code_and_tables_stay_as_they_are) {
    page_markdown(&page, "see\n```c\nint  i;\n```\n\n    a  b\n\n| c | d |\n");
    ck_assert_str_eq(all(), "see\n  int  i;\n\n    a  b\n\n| c | d |\n");
}
END_TEST

START_TEST(a_command_stays_whole_however_long) {
    char line[256];
    memset(line, 'x', sizeof line - 1);
    line[sizeof line - 1] = '\0';
    memcpy(line, "    $ ", 6);
    page_lines(&page, line);
    ck_assert_int_eq(strcspn(all(), "\n"), sizeof line - 1);
}
END_TEST

START_TEST(a_terminal_is_told_nothing_by_a_text) {
    page_lines(&page, "a\x1b[2J\x7f\xff\xc2\x85\xe4\xb8z");
    page_code(&page, "\x1b[2J\r\n");
    ck_assert_str_eq(all(), "a?[2J?????z\n?[2J?\n");
}
END_TEST

START_TEST(a_heading_in_a_file_has_no_colour) {
    page_heading(&page, "Task");
    ck_assert_str_eq(all(), "Task\n");
}
END_TEST

START_TEST(what_is_said_is_in_the_language_of_the_page) {
    page_say(&page, "%d of %d", "%d／%d", 1, 2);
    page.language = CHINESE;
    page_say(&page, "%d of %d", "%d／%d", 1, 2);
    ck_assert_str_eq(all(), "1 of 2\n1／2\n");
}
END_TEST

START_TEST(a_number_at_the_start_of_a_line_is_no_heading) {
    page_markdown(&page, "# Title\nsee gin\n#1230)\n");
    ck_assert_str_eq(all(), "Title\nsee gin #1230)\n");
}
END_TEST

START_TEST(a_heading_in_colour_is_plain_at_the_end_of_its_line) {
    page.has_colour = true;
    page_heading(&page, "Task");
    ck_assert_str_eq(all(), "\x1b[1mTask\x1b[0m\n");
}
END_TEST

static Suite *page_suite(void) {
    Suite *suite = suite_create("page");
    TCase *tests = tcase_create("page");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, a_line_is_broken_at_spaces);
    tcase_add_test(tests, a_line_that_just_fits_is_not_broken);
    tcase_add_test(tests, chinese_takes_two_columns_in_any_locale);
    tcase_add_test(tests, chinese_is_broken_between_any_two_characters);
    tcase_add_test(tests, no_line_begins_with_a_mark_that_closes);
    tcase_add_test(tests, no_line_ends_with_a_mark_that_opens);
    tcase_add_test(tests, a_word_that_is_longer_than_the_line_stays_whole);
    tcase_add_loop_test(tests, no_line_is_too_long_and_nothing_is_lost, 0, 100);
    tcase_add_test(tests, a_paragraph_is_filled_anew);
    tcase_add_test(tests, lines_of_chinese_are_joined_without_a_space);
    tcase_add_test(tests, an_item_hangs_below_its_first_word);
    tcase_add_test(tests, code_and_tables_stay_as_they_are);
    tcase_add_test(tests, a_command_stays_whole_however_long);
    tcase_add_test(tests, a_terminal_is_told_nothing_by_a_text);
    tcase_add_test(tests, a_heading_in_a_file_has_no_colour);
    tcase_add_test(tests, what_is_said_is_in_the_language_of_the_page);
    tcase_add_test(tests, a_number_at_the_start_of_a_line_is_no_heading);
    tcase_add_test(tests, a_heading_in_colour_is_plain_at_the_end_of_its_line);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void) {
    SRunner *runner = srunner_create(page_suite());

    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed > 0;
}
