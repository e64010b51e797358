// notice_test.c - a save is noticed, by whatever means and however an editor
// makes it; what is no save is not.
#include "classroom/notice.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NEVER_MS = 1000 * 1000 };

static char folder[64];
static struct handout files = {
    .names = {"fix.c", "answers.txt", "README.md"},
    .count = 3,
    .handed_in = 2,
};
static struct notice notice;

static void write_text(const char *name, const char *text) {
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
}

// The new file is written elsewhere: the folder sees it come, no more.
static void rename_over(const char *name, const char *text) {
    char from[128], to[128];
    snprintf(from, sizeof from, "%s.new", folder);
    snprintf(to, sizeof to, "%s/%s", folder, name);
    FILE *file = fopen(from, "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
    ck_assert_int_eq(rename(from, to), 0);
}

static void ring(int number) {
    (void)number;
}

// So that one who notices nothing does not wait for ever.
static void set_alarm_ms(int ms) {
    const struct sigaction action = {.sa_handler = ring};
    const struct itimerval when = {
        .it_value = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000L}};
    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &when, NULL);
}

static void setup(void) {
    strcpy(folder, "/tmp/notice.XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    write_text("fix.c", "int a;");
}

static void teardown(void) {
    char command[128];
    set_alarm_ms(0);
    notice_end(&notice);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    ck_assert_int_eq(system(command), 0);
}

// By another process, when we wait already.
static void later(void (*save)(const char *, const char *), const char *name,
                  const char *text) {
    if (fork() == 0) {
        usleep(200 * 1000);
        save(name, text);
        _exit(0);
    }
}

static bool is_noticed(void) {
    sigset_t mask;
    sigprocmask(SIG_BLOCK, NULL, &mask);
    bool noticed = notice_wait(&notice, &mask);
    while (wait(NULL) > 0)
        continue;
    return noticed;
}

static void begin(bool polls) {
    notice_begin(&notice, folder, &files, polls);
    ck_assert_int_eq(notice.events < 0, polls);
}

START_TEST(the_system_tells_of_a_save) {
    begin(false);
    notice.interval_ms = NEVER_MS;
    set_alarm_ms(20000);
    later(write_text, "fix.c", "int b;");
    ck_assert(is_noticed());
}
END_TEST

START_TEST(the_system_tells_of_a_file_that_is_renamed_over) {
    begin(false);
    notice.interval_ms = NEVER_MS;
    set_alarm_ms(20000);
    later(rename_over, "fix.c", "int b;");
    ck_assert(is_noticed());
}
END_TEST

START_TEST(where_it_does_not_the_files_are_looked_at) {
    begin(false);
    close(notice.events);
    notice.events = -1;
    set_alarm_ms(20000);
    later(rename_over, "answers.txt", "1 b");
    ck_assert(is_noticed());
}
END_TEST

START_TEST(polling_notices_a_save) {
    begin(true);
    set_alarm_ms(20000);
    later(write_text, "fix.c", "int b;");
    ck_assert(is_noticed());
}
END_TEST

START_TEST(a_save_while_nobody_waits_is_not_lost) {
    begin(false);
    notice.interval_ms = NEVER_MS;
    set_alarm_ms(20000);
    write_text("answers.txt", "1 b");
    ck_assert(is_noticed());
}
END_TEST

START_TEST(what_is_not_handed_in_is_not_noticed) {
    begin(_i);
    write_text("README.md", "notes");
    write_text("failing.sched", "racelab schedule 1");
    set_alarm_ms(1200);
    ck_assert(!is_noticed());
}
END_TEST

START_TEST(a_file_that_never_rests_is_noticed_all_the_same) {
    begin(false);
    set_alarm_ms(20000);
    pid_t writer = fork();
    if (writer == 0)
        for (int i = 0;; i++)
            write_text("fix.c", i % 2 ? "int b;" : "int ccc;");
    sigset_t mask;
    sigprocmask(SIG_BLOCK, NULL, &mask);
    bool noticed = notice_wait(&notice, &mask);
    kill(writer, SIGKILL);
    waitpid(writer, NULL, 0);
    ck_assert(noticed);
}
END_TEST

static Suite *notice_suite(void) {
    Suite *suite = suite_create("notice");
    TCase *tests = tcase_create("notice");

    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, the_system_tells_of_a_save);
    tcase_add_test(tests, the_system_tells_of_a_file_that_is_renamed_over);
    tcase_add_test(tests, where_it_does_not_the_files_are_looked_at);
    tcase_add_test(tests, polling_notices_a_save);
    tcase_add_test(tests, a_save_while_nobody_waits_is_not_lost);
    tcase_add_loop_test(tests, what_is_not_handed_in_is_not_noticed, 0, 2);
    tcase_add_test(tests, a_file_that_never_rests_is_noticed_all_the_same);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void) {
    SRunner *runner = srunner_create(notice_suite());

    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed > 0;
}
