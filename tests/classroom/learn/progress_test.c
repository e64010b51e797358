// progress_test.c - what a student has done is not lost: not to a broken file,
// nor to another window, nor to a folder that cannot be written.
#include "classroom/progress.h"

#include "classroom/textfile.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[64], path[96], broken[128];
static struct progress progress;
static struct page errors;
static FILE *said;

static void setup(void) {
    strcpy(folder, "/tmp/progress.XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/progress.json", folder);
    snprintf(broken, sizeof broken, "%s.broken", path);
    said = tmpfile();
    errors = page_of(said, ENGLISH);
}

static void teardown(void) {
    char command[128];
    fclose(said);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    ck_assert_int_eq(system(command), 0);
}

static const char *complaint(void) {
    static char text[4096];
    fflush(said);
    rewind(said);
    text[fread(text, 1, sizeof text - 1, said)] = '\0';
    for (char *at = text; *at; at++)
        *at = *at == '\n' ? ' ' : *at; // wherever lines were broken
    return text;
}

static void begin(void) {
    ck_assert_int_eq(progress_begin(&progress, folder, &errors), 0);
}

static void end(void) {
    ck_assert_int_eq(progress_end(&progress, &errors), 0);
}

static void assert_holds(const char *file, const char *wanted) {
    char *text;
    size_t bytes;
    ck_assert_int_eq(textfile_read(file, &text, &bytes), 0);
    ck_assert_str_eq(text, wanted);
    free(text);
}

START_TEST(what_was_noted_is_there_the_next_time) {
    enum language language;
    begin();
    ck_assert(!progress_has_passed(&progress, "02-seed"));
    ck_assert(!progress_language(&progress, &language));
    progress_note_check(&progress, "02-seed", true);
    progress_note_check(&progress, "02-seed", false);
    progress_note_hint(&progress, "03-middleware", 2);
    progress_choose(&progress, CHINESE);
    end();
    begin();
    ck_assert(progress_has_passed(&progress, "02-seed"));
    ck_assert_int_eq(progress_checks(&progress, "02-seed"), 2);
    ck_assert_int_eq(progress_hints(&progress, "03-middleware"), 2);
    ck_assert(progress_language(&progress, &language) && language == CHINESE);
    end();
}
END_TEST

START_TEST(who_only_looks_writes_nothing) {
    begin();
    end();
    ck_assert_int_ne(access(path, F_OK), 0);
}
END_TEST

START_TEST(a_field_that_is_not_known_stays) {
    ck_assert_int_eq(
        textfile_write(path, "{\"racelab progress\": 1, \"note\": \"mine\", "
                             "\"exercises\": {\"02-seed\": {\"mood\": 3}}}"),
        0);
    begin();
    progress_note_check(&progress, "02-seed", false);
    end();
    assert_holds(path, "{\n  \"exercises\": {\n    \"02-seed\": {\n"
                       "      \"checks\": 1,\n      \"mood\": 3\n    }\n  },\n"
                       "  \"note\": \"mine\",\n  \"racelab progress\": 1\n}");
}
END_TEST

static const char *const broken_texts[] = {
    "",
    "{",
    "{\"racelab progress\": 1, \"exercises\": {\"02-se",
    "\xff\xfe\x01",
    "[]",
    "null",
    "{}",
    "{\"name\": \"somebody else's\", \"version\": \"1.0\"}",
    "{\"racelab progress\": 2, \"exercises\": {}}",
    "{\"racelab progress\": 1}",
    "{\"racelab progress\": 1, \"exercises\": []}",
    "{\"racelab progress\": 1, \"exercises\": {\"02-seed\": true}}",
    "{\"racelab progress\": 1, \"exercises\": {\"02-seed\": {\"passed\": 1}}}",
    "{\"racelab progress\": 1, \"exercises\": {\"02-seed\": {\"hints\": 9}}}",
    "{\"racelab progress\": 1, \"exercises\": {\"02-seed\": {\"hints\": -1}}}",
    "{\"racelab progress\": 1, \"exercises\": {}, \"language\": \"xx\"}",
    "{\"racelab progress\": 1, \"exercises\": {}, \"exercises\": {}}",
};

START_TEST(a_broken_file_is_kept_under_another_name) {
    ck_assert_int_eq(textfile_write(path, broken_texts[_i]), 0);
    begin();
    ck_assert_ptr_nonnull(strstr(complaint(), "is kept as"));
    progress_note_check(&progress, "02-seed", true);
    end();
    assert_holds(broken, broken_texts[_i]);
    begin();
    ck_assert(progress_has_passed(&progress, "02-seed"));
    end();
}
END_TEST

START_TEST(a_second_broken_file_does_not_cost_the_first) {
    char first[160];
    snprintf(first, sizeof first, "%s.1", broken);
    for (int i = 1; i <= 2; i++) {
        ck_assert_int_eq(textfile_write(path, broken_texts[i]), 0);
        begin();
        end();
    }
    assert_holds(first, broken_texts[1]);
    assert_holds(broken, broken_texts[2]);
}
END_TEST

START_TEST(what_is_no_file_is_kept_under_another_name) {
    if (_i == 0)
        ck_assert_int_eq(mkdir(path, 0777), 0);
    else
        ck_assert_int_eq(mkfifo(path, 0666), 0);
    begin();
    progress_note_hint(&progress, "02-seed", 1);
    end();
    ck_assert_int_eq(access(broken, F_OK), 0);
    ck_assert_ptr_nonnull(strstr(complaint(), "is kept as"));
}
END_TEST

START_TEST(a_file_as_big_as_a_disk_is_not_read) {
    ck_assert_int_eq(textfile_write(path, "{}"), 0);
    ck_assert_int_eq(truncate(path, 1024L * 1024 * 1024 * 1024), 0);
    begin();
    end();
    ck_assert_ptr_nonnull(strstr(complaint(), "File too large"));
}
END_TEST

START_TEST(a_folder_that_cannot_be_made_is_named) {
    char impossible[] = "/dev/null/course";
    ck_assert_int_eq(progress_begin(&progress, impossible, &errors), 0);
    progress_note_hint(&progress, "02-seed", 1);
    ck_assert_int_ne(progress_end(&progress, &errors), 0);
    ck_assert_ptr_nonnull(strstr(complaint(),
                                 "/dev/null/course/progress.json cannot be "
                                 "written: Not a directory"));
}
END_TEST

// Whoever may write everywhere has to give that up for this one.
START_TEST(a_folder_that_cannot_be_written_keeps_its_file) {
    const char *text = "{\"racelab progress\": 1, \"exercises\": {}}";
    ck_assert_int_eq(textfile_write(path, text), 0);
    ck_assert_int_eq(chmod(folder, 0555), 0);
    if (getuid() == 0)
        ck_assert_int_eq(seteuid(65534), 0);
    begin();
    progress_note_hint(&progress, "02-seed", 1);
    ck_assert_int_ne(progress_end(&progress, &errors), 0);
    ck_assert_ptr_nonnull(strstr(complaint(), "is not remembered"));
    if (getuid() == 0)
        ck_assert_int_eq(seteuid(0), 0);
    ck_assert_int_eq(chmod(folder, 0755), 0);
    assert_holds(path, text);
}
END_TEST

START_TEST(two_windows_do_not_lose_each_others_words) {
    enum { WINDOWS = 2, NOTES = 200 };
    for (int window = 0; window < WINDOWS; window++) {
        if (fork() != 0)
            continue;
        for (int i = 0; i < NOTES; i++) {
            if (progress_begin(&progress, folder, &errors) != 0)
                _exit(1);
            progress_note_check(&progress, "02-seed", false);
            progress_end(&progress, &errors);
        }
        _exit(0);
    }
    while (wait(NULL) > 0)
        continue;
    begin();
    ck_assert_int_eq(progress_checks(&progress, "02-seed"),
                     (intmax_t)WINDOWS * NOTES);
    end();
}
END_TEST

static Suite *progress_suite(void) {
    Suite *suite = suite_create("progress");
    TCase *tests = tcase_create("progress");
    int count = sizeof broken_texts / sizeof *broken_texts;

    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, what_was_noted_is_there_the_next_time);
    tcase_add_test(tests, who_only_looks_writes_nothing);
    tcase_add_test(tests, a_field_that_is_not_known_stays);
    tcase_add_loop_test(tests, a_broken_file_is_kept_under_another_name, 0,
                        count);
    tcase_add_test(tests, a_second_broken_file_does_not_cost_the_first);
    tcase_add_loop_test(tests, what_is_no_file_is_kept_under_another_name, 0,
                        2);
    tcase_add_test(tests, a_file_as_big_as_a_disk_is_not_read);
    tcase_add_test(tests, a_folder_that_cannot_be_made_is_named);
    tcase_add_test(tests, a_folder_that_cannot_be_written_keeps_its_file);
    tcase_add_test(tests, two_windows_do_not_lose_each_others_words);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void) {
    SRunner *runner = srunner_create(progress_suite());

    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed > 0;
}
