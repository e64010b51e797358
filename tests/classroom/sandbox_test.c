// sandbox_test.c - what becomes of commands that are not trusted. Run twice:
// with Bubblewrap, where it works, and with one that does not.
#include "classroom/confine.h"
#include "classroom/sandbox.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/personality.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    AMPLE_MS = 60000, // nothing here that is to end by itself takes so long
    SHORT_MS = 500,
    OUTPUT_BYTES_MAX = 100000,
    FILE_BYTES_MAX = 1 << 20,
    UNREAD_BYTES = 1 << 20, // more than a pipe holds
};

static char directory[] = "/tmp/racelab-sandbox-XXXXXX";

static struct sandbox_command command;
static const char *argv[] = {"sh", "-c", NULL, NULL};

static struct sandbox_command shell(const char *script) {
    argv[2] = script;
    return (struct sandbox_command){
        .argv = argv,
        .directory = directory,
        .limits = {.wall_ms = AMPLE_MS,
                   .memory_bytes = 64u << 20,
                   .processes = 8,
                   .output_bytes = OUTPUT_BYTES_MAX,
                   .file_bytes = FILE_BYTES_MAX},
    };
}

static void run(const char *script) {
    command = shell(script);
    sandbox_run(&command, 1);
}

static void set_up(void) {
    ck_assert_ptr_nonnull(mkdtemp(directory));
}

static void tear_down(void) {
    char remove[64];

    sandbox_free(&command);
    snprintf(remove, sizeof remove, "rm -rf %s", directory);
    ck_assert_int_eq(system(remove), 0);
    strcpy(directory + strlen(directory) - 6, "XXXXXX");
}

START_TEST(output_errors_and_status_are_kept) {
    run("echo out; echo err >&2; exit 3");
    ck_assert_int_eq(command.end, SANDBOX_EXITED);
    ck_assert_int_eq(command.status, 3);
    ck_assert_str_eq(command.output, "out\n");
    ck_assert_uint_eq(command.output_bytes, 4);
    ck_assert_str_eq(command.errors, "err\n");
}
END_TEST

START_TEST(input_comes_whole_and_ends) {
    char *input = malloc(OUTPUT_BYTES_MAX);

    memset(input, 'x', OUTPUT_BYTES_MAX - 1);
    input[OUTPUT_BYTES_MAX - 1] = '\0';
    command = shell("cat");
    command.input = input;
    sandbox_run(&command, 1);
    ck_assert_int_eq(command.end, SANDBOX_EXITED);
    ck_assert_str_eq(command.output, input);
    free(input);
}
END_TEST

START_TEST(no_input_is_an_end_at_once) {
    run("cat; echo done");
    ck_assert_str_eq(command.output, "done\n");
}
END_TEST

START_TEST(input_that_nobody_reads_is_no_trouble) {
    char *input = malloc(UNREAD_BYTES);

    memset(input, 'x', UNREAD_BYTES - 1);
    input[UNREAD_BYTES - 1] = '\0';
    command = shell("exec true");
    command.input = input;
    sandbox_run(&command, 1);
    ck_assert_int_eq(command.end, SANDBOX_EXITED);
    ck_assert_int_eq(command.status, 0);
    free(input);
}
END_TEST

START_TEST(a_signal_is_told_from_an_exit) {
    run("kill -SEGV $$");
    ck_assert_int_eq(command.end, SANDBOX_SIGNALLED);
    ck_assert_int_eq(command.status, SIGSEGV);
}
END_TEST

START_TEST(a_command_that_is_not_there_has_not_succeeded) {
    const char *const none[] = {"racelab-no-such-command", NULL};

    command = shell("");
    command.argv = none;
    sandbox_run(&command, 1);
    if (sandbox_is_bubblewrap()) { // whose status is that of any failure
        ck_assert_int_eq(command.end, SANDBOX_EXITED);
        ck_assert_int_eq(command.status, 1);
    } else {
        ck_assert_int_eq(command.end, SANDBOX_FAILED);
        ck_assert_int_eq(command.status, ENOENT);
    }
}
END_TEST

START_TEST(a_directory_that_is_not_there_is_an_error) {
    command = shell("echo here");
    command.directory = "/tmp/racelab-no-such-directory";
    sandbox_run(&command, 1);
    ck_assert_int_eq(command.end, SANDBOX_FAILED);
    ck_assert_int_eq(command.status, ENOENT);
    ck_assert_str_eq(command.output, "");
}
END_TEST

// Limits.

START_TEST(what_does_not_end_is_ended) {
    command = shell("trap '' TERM INT HUP; while :; do sleep 600; done");
    command.limits.wall_ms = SHORT_MS;
    sandbox_run(&command, 1);
    ck_assert_int_eq(command.end, SANDBOX_TIME);
}
END_TEST

START_TEST(a_fork_bomb_is_one_process_too_many) {
    run("bomb() { bomb | bomb & }; bomb; sleep 600");
    ck_assert_int_eq(command.end, SANDBOX_PROCESSES);
}
END_TEST

START_TEST(a_fork_bomb_with_sessions_of_its_own_is_no_other) {
    run("while :; do setsid sleep 600 & done");
    ck_assert_int_eq(command.end, SANDBOX_PROCESSES);
}
END_TEST

START_TEST(as_many_processes_as_are_allowed_are) {
    run("for i in 1 2 3 4 5 6 7; do sleep 0.2 & done; wait");
    ck_assert_int_eq(command.end, SANDBOX_EXITED);
}
END_TEST

START_TEST(too_much_memory_is_noticed_wherever_it_is) {
    run("tail /dev/zero & tail /dev/zero; sleep 600");
    ck_assert_int_eq(command.end, SANDBOX_MEMORY);
}
END_TEST

START_TEST(too_much_output_is_cut_off) {
    run("yes; sleep 600");
    ck_assert_int_eq(command.end, SANDBOX_OUTPUT);
    ck_assert_uint_eq(command.output_bytes, OUTPUT_BYTES_MAX);
    ck_assert_uint_eq(strlen(command.output), OUTPUT_BYTES_MAX);
}
END_TEST

START_TEST(too_many_errors_are_cut_off) {
    run("yes >&2; sleep 600");
    ck_assert_int_eq(command.end, SANDBOX_OUTPUT);
    ck_assert_uint_eq(strlen(command.errors), OUTPUT_BYTES_MAX);
}
END_TEST

START_TEST(output_may_be_as_long_as_is_allowed) {
    run("yes | head -c 100000");
    ck_assert_int_eq(command.end, SANDBOX_EXITED);
    ck_assert_uint_eq(command.output_bytes, OUTPUT_BYTES_MAX);
}
END_TEST

START_TEST(a_file_that_is_too_large_is_too_much_output) {
    struct stat written;
    char path[64];

    run("exec head -c 3000000 /dev/zero >large");
    ck_assert_int_eq(command.end, SANDBOX_OUTPUT);
    snprintf(path, sizeof path, "%s/large", directory);
    ck_assert_int_eq(stat(path, &written), 0);
    ck_assert_int_eq(written.st_size, FILE_BYTES_MAX);
}
END_TEST

// What is left, what goes in, what it can reach.

// Starts a process of a session of its own, which holds the lock on "held" for
// as long as it lives.
#define HOLD                                                                   \
    "setsid flock held sleep 600 & "                                           \
    "while flock -n held true; do sleep 0.01; done; "

static int open_held(void) {
    char path[64];

    snprintf(path, sizeof path, "%s/held", directory);
    int held = open(path, O_RDONLY | O_CLOEXEC | O_CREAT, 0600);
    ck_assert_int_ge(held, 0);
    return held;
}

START_TEST(nothing_outlives_the_command) {
    run(HOLD "exit 0");
    ck_assert_int_eq(command.end, SANDBOX_EXITED);
    int held = open_held();
    ck_assert_int_eq(flock(held, LOCK_EX | LOCK_NB), 0);
    close(held);
}
END_TEST

START_TEST(nothing_outlives_the_judge) {
    pid_t judge = fork();

    if (judge == 0) {
        run(HOLD "touch ready; sleep 600");
        _exit(0);
    }
    char ready[64];
    snprintf(ready, sizeof ready, "%s/ready", directory);
    while (access(ready, F_OK) != 0)
        usleep(1000);
    kill(judge, SIGKILL);
    waitpid(judge, NULL, 0);
    int held = open_held();
    ck_assert_int_eq(flock(held, LOCK_EX), 0); // or the test hangs
    close(held);
}
END_TEST

START_TEST(the_environment_holds_nothing_else) {
    const char *const env[] = {"env", NULL};
    const char *const settings[] = {"WANTED=yes", NULL};
    char wanted[4096];

    setenv("RACELAB_SANDBOX_TEST", "a secret", 1);
    command = shell("");
    command.argv = env;
    command.settings = settings;
    sandbox_run(&command, 1);
    snprintf(wanted, sizeof wanted,
             "PATH=%s\nTMPDIR=%s\nLC_ALL=C.UTF-8\nWANTED=yes\n", getenv("PATH"),
             directory);
    // Bubblewrap adds where it is.
    char *pwd = strstr(command.output, "PWD=");
    if (pwd != NULL && sandbox_is_bubblewrap())
        memmove(pwd, strchr(pwd, '\n') + 1, strlen(strchr(pwd, '\n')));
    ck_assert_str_eq(command.output, wanted);
}
END_TEST

START_TEST(no_descriptor_is_inherited) {
    const char *const ls[] = {"ls", "/proc/self/fd", NULL};
    int open_here = open("/dev/null", O_RDWR); // without O_CLOEXEC
    ck_assert_int_eq(dup2(open_here, 57), 57);

    command = shell("");
    command.argv = ls;
    sandbox_run(&command, 1);
    ck_assert_str_eq(command.output, "0\n1\n2\n3\n"); // 3: the folder itself
    close(open_here);
    close(57);
}
END_TEST

START_TEST(it_writes_to_its_own_directory_alone) {
    char elsewhere[] = "/tmp/racelab-elsewhere-XXXXXX", other[64], script[256];

    if (!sandbox_is_bubblewrap() && !confine_is_possible())
        return; // nothing can keep it
    ck_assert_int_ge(mkstemp(elsewhere), 0);
    snprintf(other, sizeof other, "%s.new", elsewhere);
    snprintf(script, sizeof script,
             "echo mine >mine && cat mine; rm %s; echo x >%s; mv mine %s; true",
             elsewhere, elsewhere, other);
    run(script);
    ck_assert_str_eq(command.output, "mine\n");
    struct stat left;
    ck_assert_int_eq(stat(elsewhere, &left), 0);
    ck_assert_int_eq(left.st_size, 0);
    ck_assert_int_ne(access(other, F_OK), 0);
    unlink(elsewhere);
}
END_TEST

START_TEST(commands_run_side_by_side) {
    const char *const writer[] = {"sh", "-c", "echo met >pipe", NULL};
    const char *const reader[] = {"sh", "-c", "cat pipe", NULL};
    struct sandbox_command both[] = {shell(""), shell("")};
    char pipe[64];

    snprintf(pipe, sizeof pipe, "%s/pipe", directory);
    ck_assert_int_eq(mkfifo(pipe, 0600), 0);
    both[0].argv = writer;
    both[1].argv = reader;
    sandbox_run(both, 2);
    ck_assert_int_eq(both[0].end, SANDBOX_EXITED);
    ck_assert_str_eq(both[1].output, "met\n");
    sandbox_free(&both[0]);
    sandbox_free(&both[1]);
}
END_TEST

START_TEST(one_that_is_ended_does_not_end_the_others) {
    const char *const bomb[] = {"sh", "-c", "while :; do sleep 600 & done",
                                NULL};
    const char *const calm[] = {"sh", "-c", "sleep 0.3; echo fine", NULL};
    struct sandbox_command both[] = {shell(""), shell("")};

    both[0].argv = calm;
    both[1].argv = bomb;
    sandbox_run(both, 2);
    ck_assert_int_eq(both[0].end, SANDBOX_EXITED);
    ck_assert_str_eq(both[0].output, "fine\n");
    ck_assert_int_eq(both[1].end, SANDBOX_PROCESSES);
    sandbox_free(&both[0]);
    sandbox_free(&both[1]);
}
END_TEST

START_TEST(addresses_are_not_randomised_where_that_is_allowed) {
    const char *const cat[] = {"cat", "/proc/self/personality", NULL};
    int now = personality(0xffffffff);

    if (personality((unsigned)now | ADDR_NO_RANDOMIZE) == -1)
        return;
    personality((unsigned)now);
    command = shell("");
    command.argv = cat;
    sandbox_run(&command, 1);
    ck_assert_int_ne(strtol(command.output, NULL, 16) & ADDR_NO_RANDOMIZE, 0);
}
END_TEST

static Suite *sandbox_suite(void) {
    Suite *suite = suite_create("sandbox");
    TCase *tests =
        tcase_create(sandbox_is_bubblewrap() ? "bubblewrap" : "limits");

    tcase_set_timeout(tests, 0); // meson has one
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, output_errors_and_status_are_kept);
    tcase_add_test(tests, input_comes_whole_and_ends);
    tcase_add_test(tests, no_input_is_an_end_at_once);
    tcase_add_test(tests, input_that_nobody_reads_is_no_trouble);
    tcase_add_test(tests, a_signal_is_told_from_an_exit);
    tcase_add_test(tests, a_command_that_is_not_there_has_not_succeeded);
    tcase_add_test(tests, a_directory_that_is_not_there_is_an_error);
    tcase_add_test(tests, what_does_not_end_is_ended);
    tcase_add_test(tests, a_fork_bomb_is_one_process_too_many);
    tcase_add_test(tests, a_fork_bomb_with_sessions_of_its_own_is_no_other);
    tcase_add_test(tests, as_many_processes_as_are_allowed_are);
    tcase_add_test(tests, too_much_memory_is_noticed_wherever_it_is);
    tcase_add_test(tests, too_much_output_is_cut_off);
    tcase_add_test(tests, too_many_errors_are_cut_off);
    tcase_add_test(tests, output_may_be_as_long_as_is_allowed);
    tcase_add_test(tests, a_file_that_is_too_large_is_too_much_output);
    tcase_add_test(tests, nothing_outlives_the_command);
    tcase_add_test(tests, nothing_outlives_the_judge);
    tcase_add_test(tests, the_environment_holds_nothing_else);
    tcase_add_test(tests, no_descriptor_is_inherited);
    tcase_add_test(tests, it_writes_to_its_own_directory_alone);
    tcase_add_test(tests, commands_run_side_by_side);
    tcase_add_test(tests, one_that_is_ended_does_not_end_the_others);
    tcase_add_test(tests, addresses_are_not_randomised_where_that_is_allowed);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void) {
    SRunner *runner = srunner_create(sandbox_suite());

    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed > 0;
}
