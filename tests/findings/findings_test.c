// findings_test.c - what is found wrong with whole programs under the harness,
// in words, on both backends; and for whom callbacks and works speak.
#include "execute.h"
#include "explore.h"
#include "programs.h"
#include "text.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Steps are numbers that other changes move: each is an N here.
static const struct {
    const char *sentence, *program, *lines, *findings;
} FOUND[] = {
    {"what is owned may be touched, by the threads of its owner too", "right",
     "", "none\n"},
    {"a job of A touches what is B's", "escape",
     "run loop until thing.put\nrun loop until thing.get\n"
     "run loop until uv_thread_join\nrun A.job to end\n",
     "step N: A.job writes thing#1 at thing.touch: it was put at step N and "
     "belongs to B since step N\n"},
    {"and does not before the put", "escape",
     "run loop until put\nrun A.job to end\n", "none\n"},
    {"what is in the pool is nobody's, in the best of orders",
     "touch_after_put", "",
     "step N: loop writes thing#1 at thing.touch: it was put at step N\n"},
    {"to put twice", "put_twice", "",
     "step N: loop puts thing#1: it was put at step N\n"},
    {"to be given what another has", "foreign_get", "",
     "step N: loop gets thing#1 for B: it has never been put and belongs to A "
     "since step N\n"},
    {"never to be put", "leak", "",
     "step N: loop gets thing#2 for A, and nobody ever puts it\n"},
    {"a task works for its request until all is put", "two_objects", "",
     "none\n"},
    {"and behind a uv_run as before it", "loop_between", "", "none\n"},
    {"timer, message, work and what comes after it work for who asked",
     "errands", "", "none\n"},
    {"to sleep in a callback", "sleeps", "",
     "step N: loop sleeps in a callback, and its loop waits\n"},
    {"to join one who sleeps, in a callback", "joins",
     "run loop until uv_thread_join\n",
     "step N: loop waits in uv_thread_join, in a callback, while thread.1 "
     "sleeps\n"},
    {"and where the sleep is over nobody waits", "joins",
     "run loop until poll\nrun thread.1 to end\n", "none\n"},
    {"to lock what one who sleeps holds, in a callback", "locks",
     "run loop until poll\nrun thread.1 until uv_sleep\nrun loop until "
     "callback.locks\n"
     "run loop until uv_mutex_lock\n",
     "step N: loop waits in uv_mutex_lock, in a callback, while thread.1 "
     "sleeps\n"},
    {"to wait for one who waits for one who sleeps", "chain",
     "run loop until poll\nrun thread.1 until uv_thread_join\nrun loop until "
     "callback.locks\n"
     "run loop until uv_mutex_lock\n",
     "step N: loop waits in uv_mutex_lock, in a callback, while thread.2 "
     "sleeps\n"},
    {"for whom one waits at a semaphore is not known", "semaphore",
     "run loop until uv_sem_wait\n", "none\n"},
    {"a loop that polls while others sleep is not kept waiting", "polls", "",
     "none\n"},
    {"nor is one that is over", "joins_after", "", "none\n"},
};
enum { FOUND_COUNT = sizeof FOUND / sizeof *FOUND };

static struct execution execution;

static const struct racelab_program *find(const char *name) {
    const struct racelab_program *at = finding_programs;
    while (strcmp(at->name, name) != 0)
        ck_assert_msg((++at)->name != NULL, "no program %s", name);
    return at;
}

static void run(const char *program, const char *lines, int backend) {
    const struct execution_options options = {
        .backend = backend ? BACKEND_FIBER : BACKEND_THREAD};
    struct schedule schedule;
    struct error error = {.text = ""};
    char text[LIMIT_LINE_BYTES];
    size_t bytes =
        (size_t)snprintf(text, sizeof text,
                         "racelab schedule 1\nprogram %s\n%s", program, lines);
    ck_assert_msg(schedule_parse(&schedule, text, bytes, &error) == 0 &&
                      execute(&execution, find(program), &schedule, &options,
                              &error) == 0,
                  "%s: %s", program, error.text);
    schedule_done(&schedule);
}

// Without the head and the indent; "step 12" becomes "step N".
static void words(char *text, size_t room) {
    char *all, *to = text;
    size_t bytes;
    FILE *out = open_memstream(&all, &bytes);
    text_findings(&execution.trace, &execution.owners, out);
    fclose(out);
    ck_assert_uint_lt(bytes, room);
    for (const char *at = strchr(all, '\n') + 1; *at;) {
        if (strncmp(at, "  ", 2) == 0) {
            at += 2;
        } else if (strncmp(at, "step ", 5) == 0) {
            memcpy(to, "step N", 6);
            to += 6;
            at += 5 + strspn(at + 5, "0123456789");
        } else {
            *to++ = *at++;
        }
    }
    *to = '\0';
    free(all);
}

START_TEST(what_is_wrong_is_found_and_what_is_not_is_not) {
    char text[LIMIT_MESSAGE];
    for (int backend = 0; backend < 2; backend++) {
        run(FOUND[_i].program, FOUND[_i].lines, backend);
        ck_assert_msg(execution.verdict.kind == VERDICT_FINISHED, "%s: %s",
                      FOUND[_i].sentence, execution.verdict.text);
        words(text, sizeof text);
        ck_assert_msg(strcmp(text, FOUND[_i].findings) == 0, "%s: %s",
                      FOUND[_i].sentence, text);
    }
}
END_TEST

START_TEST(to_put_what_nobody_got_ends_the_execution) {
    run("put_without_get", "", 0);
    ck_assert_int_eq(execution.verdict.kind, VERDICT_MISUSE);
    ck_assert_ptr_nonnull(strstr(execution.verdict.text,
                                 "thing.put of what no POINT_GET has given"));
}
END_TEST

// "A.work", in the order in which they reported.
static void names_of_outcomes(char *text, size_t room) {
    size_t used = 0;
    text[0] = '\0';
    for (int i = 0; i < execution.trace.outcome_count; i++)
        used += (size_t)snprintf(text + used, room - used, "%s: %s; ",
                                 execution.trace.outcomes[i].task_name,
                                 execution.trace.outcomes[i].line);
}

START_TEST(an_outcome_of_a_callback_is_the_requests) {
    char text[LIMIT_MESSAGE];
    for (int backend = 0; backend < 2; backend++) {
        run("errands", "", backend);
        names_of_outcomes(text, sizeof text);
        ck_assert_ptr_nonnull(strstr(text, "A.timer: timer; "));
        ck_assert_ptr_nonnull(strstr(text, "A.async: async; "));
        ck_assert_ptr_nonnull(strstr(text, "A.work: work; "));
        ck_assert_ptr_nonnull(strstr(text, "A.work: after work; "));
        ck_assert_int_eq(execution.trace.outcome_count, 4);
    }
}
END_TEST

START_TEST(an_outcome_of_nobodys_callback_is_its_tasks) {
    char text[LIMIT_MESSAGE];
    run("errands_of_nobody", "", 0);
    names_of_outcomes(text, sizeof text);
    ck_assert_ptr_nonnull(strstr(text, "loop: timer; "));
    ck_assert_ptr_nonnull(strstr(text, "worker.1: work; "));
    ck_assert_int_eq(execution.findings.count, 2);
}
END_TEST

// In how many executions of `program`, of how many, is there a finding of that
// kind?
static long explore_for(const char *program, const char *strategy,
                        enum finding_kind kind, long *executions) {
    const struct explore_options options = {
        .strategy = explore_find_strategy(strategy)};
    struct exploration exploration;
    struct error error;
    long found = 0;
    ck_assert_msg(explore(&exploration, find(program), &options, &error) == 0,
                  "%s: %s", program, error.text);
    ck_assert_msg(exploration.complete, "%s: %s", program, exploration.gap);
    *executions = exploration.executions;
    for (int i = 0; i < exploration.outcome_count; i++)
        found += exploration.outcomes[i].found[kind];
    exploration_done(&exploration);
    return found;
}

static const struct {
    const char *program;
    enum finding_kind kind;
    bool always, never;
} EXPLORED[] = {
    {"right", FINDING_FOREIGN, false, true},
    {"escape", FINDING_FOREIGN, false, false},
    {"put_twice", FINDING_FOREIGN_PUT, true, false},
    {"foreign_get", FINDING_FOREIGN_GET, true, false},
    {"leak", FINDING_LEAK, true, false},
    {"two_objects", FINDING_FOREIGN, false, true},
    {"sleeps", FINDING_BLOCKED_LOOP, true, false},
    {"joins_after", FINDING_BLOCKED_LOOP, false, true},
};

// Exploring finds it in the kinds of executions that have it, and so does brute
// force.
START_TEST(exploring_looks_at_both_orders_of_a_put) {
    static const char *const strategies[] = {"dpor", "all"};
    for (int i = 0; i < 2; i++) {
        long executions,
            found = explore_for(EXPLORED[_i].program, strategies[i],
                                EXPLORED[_i].kind, &executions);
        ck_assert_msg((found == 0) == EXPLORED[_i].never &&
                          (found == executions) == EXPLORED[_i].always,
                      "%s, %s: %ld of %ld", EXPLORED[_i].program, strategies[i],
                      found, executions);
    }
}
END_TEST

// A thread ends behind a mark, at which others go on: its joiner comes behind
// the mark, and not behind what they did.
START_TEST(an_edge_comes_from_a_mark_as_from_any_step) {
    ck_assert_int_eq(happens_keep_edges(&execution.happens), 0);
    run("right",
        "run loop until thing.touch\nrun A.job until thing.touched\n"
        "run loop until uv_thread_join\n",
        0);
    const struct trace *trace = &execution.trace;
    int end = 0, join = 0;
    for (int i = 0; i < trace->step_count; i++) {
        if (strcmp(trace->steps[i].task_name, "A.job") == 0)
            end = i + 1;
        if (strcmp(trace->steps[i].name, "uv_thread_join") == 0)
            join = i + 1;
    }
    ck_assert(happens_before(&execution.happens, trace, end, join));
    for (int i = 0; i < execution.happens.edge_count; i++) {
        const struct happens_edge *edge = &execution.happens.edges[i];
        ck_assert_int_ne(trace->steps[edge->from - 1].task, edge->task);
        if (edge->to)
            ck_assert_int_eq(trace->steps[edge->to - 1].task, edge->task);
    }
}
END_TEST

static Suite *findings_suite(void) {
    Suite *suite = suite_create("findings");
    TCase *tests = tcase_create("findings");
    tcase_add_loop_test(tests, what_is_wrong_is_found_and_what_is_not_is_not, 0,
                        FOUND_COUNT);
    tcase_add_test(tests, to_put_what_nobody_got_ends_the_execution);
    tcase_add_test(tests, an_outcome_of_a_callback_is_the_requests);
    tcase_add_test(tests, an_outcome_of_nobodys_callback_is_its_tasks);
    tcase_add_loop_test(tests, exploring_looks_at_both_orders_of_a_put, 0,
                        (int)(sizeof EXPLORED / sizeof *EXPLORED));
    tcase_add_test(tests, an_edge_comes_from_a_mark_as_from_any_step);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void) {
    struct error error;
    if (execution_init(&execution, &error))
        return 2;
    SRunner *runner = srunner_create(findings_suite());
    srunner_set_fork_status(runner, CK_NOFORK);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    execution_done(&execution);
    return failed > 0;
}
