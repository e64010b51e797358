// hidden_test.c - `hidden_test EXPECTED`: what the harness hides from
// ThreadSanitizer, shown by its opposite: with an ordinary switch, or with
// clients that write as anybody writes, the same schedule gives the same
// outcome, and the race is gone.
//
// For builds with ThreadSanitizer. EXPECTED is the folder with the schedules.
#include "control.h"
#include "execute.h"
#include "lab.h"
#include "scenarios.h"
#include "thread.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct execution execution;
static const char *expected; // the folder

// The ordinary switch: one mutex, one condition variable.

static uv_mutex_t turns_lock;
static uv_cond_t turn_given;

static void give_by_mutex(atomic_int *turn) {
    uv_mutex_lock(&turns_lock);
    atomic_store_explicit(turn, 1, memory_order_relaxed);
    uv_cond_broadcast(&turn_given);
    uv_mutex_unlock(&turns_lock);
}

static void wait_by_mutex(atomic_int *turn) {
    uv_mutex_lock(&turns_lock);
    while (atomic_load_explicit(turn, memory_order_relaxed) == 0)
        uv_cond_wait(&turn_given, &turns_lock);
    atomic_store_explicit(turn, 0, memory_order_relaxed);
    uv_mutex_unlock(&turns_lock);
}

static void switch_by_mutex(struct thread_backend *threads,
                            struct world *world) {
    (void)world;
    threads->hand_over =
        (struct hand_over){.give = give_by_mutex, .wait = wait_by_mutex};
}

// The ordinary client: the C library's socket, connect and write, each of which
// ThreadSanitizer intercepts.

static int sockets[LIMIT_TASKS], socket_count;

static bool send_by_write(struct world *world, struct task *client) {
    (void)world;
    const struct sockaddr *address = (struct sockaddr *)&control.address;
    char text[LIMIT_LINE_BYTES];
    int bytes = snprintf(text, sizeof text,
                         "GET %s HTTP/1.1\r\nHost: localhost\r\n"
                         "X-Request-Id: %s\r\n\r\n",
                         client->request->target.text, client->name);
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockets[socket_count++] = descriptor;
    return connect(descriptor, address, sizeof(struct sockaddr_in)) == 0 &&
           write(descriptor, text, (size_t)bytes) == bytes;
}

static void clients_write(struct thread_backend *threads, struct world *world) {
    (void)threads;
    world->send = send_by_write;
}

static void close_sockets(void) {
    while (socket_count > 0)
        close(sockets[--socket_count]);
}

// What is run: a schedule of expected/ on the server, or two threads with
// nothing between them.

static const struct racelab_program *find_program(const char *name) {
    for (int i = 0; lab_programs[i]; i++)
        if (strcmp(lab_programs[i]->name, name) == 0)
            return lab_programs[i];
    ck_abort_msg("no program %s", name);
}

static void run_server(const char *file, change_parts *change) {
    char path[LIMIT_LINE_BYTES];
    struct schedule schedule;
    struct error error;
    snprintf(path, sizeof path, "%s/%s", expected, file);
    ck_assert_msg(schedule_read(&schedule, path, &error) == 0, "%s: %s", path,
                  error.text);
    ck_assert_msg(
        execute(&execution, find_program(schedule.program.text), &schedule,
                &(struct execution_options){.change = change}, &error) == 0,
        "%s", error.text);
    close_sockets();
    ck_assert_msg(execution.verdict.kind == VERDICT_FINISHED, "%s",
                  execution.verdict.text);
    schedule_done(&schedule);
}

static int run_scenario(const struct racelab_program *program) {
    ck_assert_int_eq(scenario_run(program->data), 1);
    return 0;
}

static const struct scenario *find_scenario(const char *sentence) {
    for (int i = 0; i < scenario_count; i++)
        if (strcmp(scenarios[i].sentence, sentence) == 0)
            return &scenarios[i];
    ck_abort_msg("no scenario \"%s\"", sentence);
}

static void run_two_threads(change_parts *change) {
    const struct scenario *scenario =
        find_scenario("mutex: without it the two race");
    const struct racelab_program program = {
        .name = "scenario", .run = run_scenario, .data = scenario};
    char text[LIMIT_LINE_BYTES];
    struct schedule schedule;
    struct error error;
    int bytes =
        snprintf(text, sizeof text, "racelab schedule 1\nprogram scenario\n%s",
                 scenario->schedule);
    ck_assert_int_eq(schedule_parse(&schedule, text, (size_t)bytes, &error), 0);
    ck_assert_int_eq(execute(&execution, &program, &schedule,
                             &(struct execution_options){.change = change},
                             &error),
                     0);
    ck_assert_int_eq(execution.verdict.kind, VERDICT_FINISHED);
    schedule_done(&schedule);
}

static void assert_race(const char *object) {
    ck_assert_int_eq(execution.race_count, 1);
    ck_assert_str_eq(execution.races[0].object, object);
}

static void assert_silent(void) {
    ck_assert_msg(execution.race_count == 0, "a race on %s",
                  execution.races[0].object);
}

static void assert_outcome(const char *line) {
    ck_assert_int_eq(execution.trace.outcome_count, 1);
    ck_assert_str_eq(execution.trace.outcomes[0].line, line);
}

START_TEST(our_switch_shows_the_race_of_two_threads) {
    run_two_threads(NULL);
    assert_race("value");
}
END_TEST

START_TEST(a_switch_by_mutex_hides_the_race_of_two_threads) {
    run_two_threads(switch_by_mutex);
    assert_silent();
}
END_TEST

START_TEST(our_switch_shows_the_race_of_the_server) {
    run_server("raw/after-reset.sched", NULL);
    assert_race("context.keys");
    assert_outcome("数据不存在");
}
END_TEST

START_TEST(a_switch_by_mutex_hides_the_race_of_the_server) {
    run_server("raw/after-reset.sched", switch_by_mutex);
    assert_silent();
    assert_outcome("数据不存在");
}
END_TEST

START_TEST(our_clients_show_the_race_of_the_server) {
    run_server("raw/before-reset.sched", NULL);
    assert_race("context.keys");
    assert_outcome("时间戳相同");
}
END_TEST

START_TEST(clients_that_write_hide_the_race_of_the_server) {
    run_server("raw/before-reset.sched", clients_write);
    assert_silent();
    assert_outcome("时间戳相同");
}
END_TEST

static Suite *hidden_suite(void) {
    Suite *suite = suite_create("hidden");
    TCase *cases = tcase_create("hidden");
    tcase_set_timeout(cases, 60);
    tcase_add_test(cases, our_switch_shows_the_race_of_two_threads);
    tcase_add_test(cases, a_switch_by_mutex_hides_the_race_of_two_threads);
    tcase_add_test(cases, our_switch_shows_the_race_of_the_server);
    tcase_add_test(cases, a_switch_by_mutex_hides_the_race_of_the_server);
    tcase_add_test(cases, our_clients_show_the_race_of_the_server);
    tcase_add_test(cases, clients_that_write_hide_the_race_of_the_server);
    suite_add_tcase(suite, cases);
    return suite;
}

int main(int argc, char **argv) {
    struct error error;
    if (argc < 2 || execution_init(&execution, &error))
        return 2;
    expected = argv[1];
    uv_mutex_init(&turns_lock);
    uv_cond_init(&turn_given);
    SRunner *runner = srunner_create(hidden_suite());
    srunner_set_fork_status(runner, CK_NOFORK);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    execution_done(&execution);
    return failed > 0;
}
