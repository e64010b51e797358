#include "classroom/legible.h"

#include <check.h>
#include <stdlib.h>

struct pair {
    const char *given, *shown;
};

static const struct pair names[] = {
    {"", ""},
    {"alice", "alice"},
    {"张三 Ünal 😀", "张三 Ünal 😀"},
    {"a\nb\tc\033[31m", "a\\x0ab\\x09c\\x1b[31m"},
    {"back\\slash", "back\\\\slash"},
    {" a b ", "\\x20a b\\x20"},
    {"\177\302\205", "\\x7f\\u{85}"},
    {"\302\240", "\302\240"}, // a space that does not break
    // The direction of writing, a mark of byte order, an end of line, a tag.
    {"\342\200\256\357\273\277\342\200\250\363\240\200\201",
     "\\u{202e}\\u{feff}\\u{2028}\\u{e0001}"},
    {"\357\277\276\360\237\277\277", "\\u{fffe}\\u{1ffff}"},
    // No UTF-8: a byte alone, one that is cut, one that is too long, a half of
    // a pair, beyond the last.
    {"\200\377", "\\x80\\xff"},
    {"\345\274", "\\xe5\\xbc"},
    {"\345\274x", "\\xe5\\xbcx"},
    {"\300\257\340\200\257", "\\xc0\\xaf\\xe0\\x80\\xaf"},
    {"\355\240\200", "\\xed\\xa0\\x80"},
    {"\364\220\200\200", "\\xf4\\x90\\x80\\x80"},
};

static const struct pair texts[] = {
    {"a\nb\\ ", "a\nb\\ "},
    {"a\r\033\tb", "a\uFFFD\uFFFD\uFFFDb"},
    {"\342\200\256张\377", "\uFFFD张\uFFFD"},
};

START_TEST(a_name_is_one_line_that_shows_nothing_but_itself) {
    char *shown = legible_name(names[_i].given);
    ck_assert_str_eq(shown, names[_i].shown);
    free(shown);
}
END_TEST

START_TEST(a_text_keeps_its_lines_and_nothing_else_that_is_hidden) {
    char *shown = legible_text(texts[_i].given);
    ck_assert_str_eq(shown, texts[_i].shown);
    free(shown);
}
END_TEST

static Suite *legible_suite(void) {
    Suite *suite = suite_create("legible");
    TCase *cases = tcase_create("legible");

    tcase_add_loop_test(cases, a_name_is_one_line_that_shows_nothing_but_itself,
                        0, sizeof names / sizeof names[0]);
    tcase_add_loop_test(cases,
                        a_text_keeps_its_lines_and_nothing_else_that_is_hidden,
                        0, sizeof texts / sizeof texts[0]);
    suite_add_tcase(suite, cases);
    return suite;
}

int main(void) {
    SRunner *runner = srunner_create(legible_suite());

    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
