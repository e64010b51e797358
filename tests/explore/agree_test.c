// agree_test.c - `agree_test [few|many]`: the harness's own happens-before and
// ThreadSanitizer say the same of every single execution of exploring. For
// builds with ThreadSanitizer.
#include "accesses.h"
#include "execute.h"
#include "explore.h"
#include "lab.h"
#include "orders.h"
#include "text.h"

#include <check.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct execution execution;

enum kind { DPOR, ALL, RANDOM };
static const char *const KINDS[] = {"dpor", "all", "random"};

struct tally {
    long executions, raced;
};

// On the same memory, too: all that is shared is named and announced.
static bool agree(void) {
    if (execution.race_count != execution.happens.race_count)
        return false;
    for (int i = 0; i < execution.race_count; i++)
        if (strcmp(execution.races[i].object,
                   execution.happens.races[i].object) != 0)
            return false;
    return true;
}

static bool sanitizer_has(const char *object) {
    for (int i = 0; i < execution.race_count; i++)
        if (strcmp(execution.races[i].object, object) == 0)
            return true;
    return false;
}

static bool harness_has(const char *object) {
    for (int i = 0; i < execution.happens.race_count; i++)
        if (strcmp(execution.happens.races[i].object, object) == 0)
            return true;
    return false;
}

// On the same memory, where a point announces more than one word of it: of
// those ThreadSanitizer reports each.
static bool agree_by_object(void) {
    bool all = true;
    for (int i = 0; i < execution.race_count; i++)
        all &= harness_has(execution.races[i].object);
    for (int i = 0; i < execution.happens.race_count; i++)
        all &= sanitizer_has(execution.happens.races[i].object);
    return all;
}

static void show(void) {
    text_trace(&execution.trace, stdout);
    text_races(execution.races, execution.race_count, stdout);
    text_harness_races(&execution.trace, &execution.happens, stdout);
    fflush(stdout);
}

static bool by_object; // and not by word

static void look_at(const struct racelab_program *program, enum kind kind,
                    struct tally *tally) {
    bool agreed = by_object ? agree_by_object() : agree();
    if (!agreed)
        show();
    ck_assert_msg(agreed,
                  "%s, strategy %s, execution %ld: ThreadSanitizer reports %d "
                  "races, the harness sees %d",
                  program->name, KINDS[kind], tally->executions,
                  execution.race_count, execution.happens.race_count);
    tally->executions++;
    tally->raced += execution.race_count > 0;
}

// "/test,/test" as a schedule that does no more than declare them; "accesses"
// as one whose points are these.
static void declare(const char *requests, struct schedule *schedule) {
    char text[LIMIT_LINE_BYTES] = "racelab schedule 1\nprogram any\n";
    struct error error;
    if (strcmp(requests, "accesses") == 0) {
        strcat(text, "accesses\n");
        requests = "";
    }
    for (char name = 'A'; *requests; name++) {
        int length = (int)strcspn(requests, ",");
        char *end = text + strlen(text);
        sprintf(end, "request %c GET %.*s\n", name, length, requests);
        requests += length + (requests[length] == ',');
    }
    ck_assert_msg(schedule_parse(schedule, text, strlen(text), &error) == 0,
                  "%s", error.text);
}

static struct tally explore_and_compare(const struct racelab_program *program,
                                        const char *requests, enum kind kind,
                                        long most) {
    struct tally tally = {0, 0};
    struct strategy *strategy =
        explore_find_strategy(KINDS[kind])
            ->make(&(struct strategy_options){.seed = 1});
    const struct execution_options options = {.backend = BACKEND_FIBER,
                                              .strategy = strategy};
    struct schedule schedule;
    struct error error;
    declare(requests, &schedule);
    do {
        ck_assert_msg(
            execute(&execution, program, &schedule, &options, &error) == 0,
            "%s", error.text);
        ck_assert_msg(execution.verdict.kind == VERDICT_FINISHED ||
                          execution.verdict.kind == VERDICT_BLOCKED,
                      "%s: %s", program->name, execution.verdict.text);
        look_at(program, kind, &tally);
    } while ((!strategy->next || strategy->next(strategy)) &&
             tally.executions < most);
    strategy->free(strategy);
    schedule_done(&schedule);
    return tally;
}

// Each primitive, in the executions in which it orders and those in which it
// comes too late.

START_TEST(each_primitive_races_for_both_or_for_neither) {
    const struct racelab_program *program = &orders[_i];
    struct tally sum = {0, 0};
    for (enum kind kind = DPOR; kind <= RANDOM; kind++) {
        struct tally tally =
            explore_and_compare(program, "", kind, kind == RANDOM ? 200 : 1500);
        sum.executions += tally.executions;
        sum.raced += tally.raced;
        printf("# %s, %s: %ld executions, %ld with a race\n", program->name,
               KINDS[kind], tally.executions, tally.raced);
    }
    ck_assert_msg(sum.raced > 0, "%s never races", program->name);
    ck_assert_msg(sum.raced < sum.executions, "%s always races", program->name);
}
END_TEST

// Programs that say nothing: single accesses of all sizes, to the same bytes
// and to others of a word.

START_TEST(each_access_races_for_both_or_for_neither) {
    const struct racelab_program *program = accesses[_i];
    for (enum kind kind = DPOR; kind <= RANDOM; kind++) {
        struct tally tally =
            explore_and_compare(program, "accesses", kind, 200);
        printf("# %s, %s: %ld executions, %ld with a race\n", program->name,
               KINDS[kind], tally.executions, tally.raced);
    }
}
END_TEST

// The lab.

// Brute force of `copy` with two /test has 244188 executions: too many for
// here.
enum { SAMPLE = 300, ANY = -1 };

static const struct {
    const char *program, *requests;
    enum kind kind;
    long executions, raced;
} EXPLORED[] = {
    {"raw", "/test,/test", DPOR, 20, 12},
    {"raw", "/test,/healthcheck", DPOR, 6, 4},
    {"raw", "/test,/test,/test", DPOR, 480, 432},
    {"copy", "/test,/test", DPOR, 2, 0},
    {"copy", "/test,/healthcheck", DPOR, 2, 0},
    {"copy", "/test,/test,/test", DPOR, 6, 0},
    {"middleware_raw", "/test,/test", DPOR, 20, 12},
    {"middleware_raw", "/test,/healthcheck", DPOR, 6, 4},
    {"middleware_raw", "/test,/test,/test", DPOR, 480, 432},
    {"middleware_copy", "/test,/test", DPOR, 2, 0},
    {"middleware_copy", "/test,/healthcheck", DPOR, 2, 0},
    {"middleware_copy", "/test,/test,/test", DPOR, 6, 0},
    {"raw", "/test,/healthcheck", ALL, 132, 126},
    {"copy", "/test,/healthcheck", ALL, 132, 0},
    {"middleware_raw", "/test,/healthcheck", ALL, 132, 126},
    {"middleware_copy", "/test,/healthcheck", ALL, 132, 0},
    {"raw", "/test,/test,/test", RANDOM, SAMPLE, ANY},
    {"copy", "/test,/test", RANDOM, SAMPLE, 0},
    {"middleware_raw", "/test,/test,/test", RANDOM, SAMPLE, ANY},
    {"middleware_copy", "/test,/test,/test", RANDOM, SAMPLE, 0},
    {"raw", "/test,/test", ALL, 64176, 672},
    {"middleware_raw", "/test,/test", ALL, 64176, 672},
};
enum {
    EXPLORED_COUNT = sizeof EXPLORED / sizeof *EXPLORED,
    MANY = EXPLORED_COUNT - 2
};

static const struct racelab_program *find_program(const char *name) {
    for (int i = 0; lab_programs[i]; i++)
        if (strcmp(lab_programs[i]->name, name) == 0)
            return lab_programs[i];
    ck_abort_msg("no program %s", name);
}

START_TEST(each_execution_of_the_lab_races_for_both_or_for_neither) {
    enum kind kind = EXPLORED[_i].kind;
    struct tally tally = explore_and_compare(
        find_program(EXPLORED[_i].program), EXPLORED[_i].requests, kind,
        kind == RANDOM ? SAMPLE : LONG_MAX);
    printf("# %s, %s, %s: %ld executions, %ld with a race\n",
           EXPLORED[_i].program, EXPLORED[_i].requests, KINDS[kind],
           tally.executions, tally.raced);
    ck_assert_int_eq(tally.executions, EXPLORED[_i].executions);
    if (EXPLORED[_i].raced != ANY)
        ck_assert_int_eq(tally.raced, EXPLORED[_i].raced);
}
END_TEST

// Every handler, with the requests that it is made for. The one exception is
// malloc_free, which touches what it has given back to malloc: what lies there
// by then has no name, or another's, and no execution can be made again.
START_TEST(each_handler_races_for_both_or_for_neither) {
    by_object = true;
    for (int i = 0; lab_programs[i]; i++) {
        const struct racelab_program *program = lab_programs[i];
        if (program->is_undefined) {
            ck_assert_str_eq(program->name, "malloc_free");
            continue;
        }
        struct tally tally = explore_and_compare(
            program, program->requests ? program->requests : "/test,/test",
            DPOR, LONG_MAX);
        printf("# %s: %ld executions, %ld with a race\n", program->name,
               tally.executions, tally.raced);
    }
    by_object = false;
}
END_TEST

static Suite *agree_suite(void) {
    Suite *suite = suite_create("agree");
    TCase *few = tcase_create("few"), *many = tcase_create("many");
    tcase_add_loop_test(few, each_access_races_for_both_or_for_neither, 0,
                        ACCESSES_SMALL);
    tcase_add_loop_test(few, each_primitive_races_for_both_or_for_neither, 0,
                        order_count);
    tcase_add_test(few, each_handler_races_for_both_or_for_neither);
    tcase_add_loop_test(
        few, each_execution_of_the_lab_races_for_both_or_for_neither, 0, MANY);
    tcase_add_loop_test(many,
                        each_execution_of_the_lab_races_for_both_or_for_neither,
                        MANY, EXPLORED_COUNT);
    suite_add_tcase(suite, few);
    suite_add_tcase(suite, many);
    return suite;
}

// Runs `few` or `many`; without an argument both.
int main(int argc, char **argv) {
    struct error error;
    if (execution_init(&execution, &error))
        return 2;
    SRunner *runner = srunner_create(agree_suite());
    srunner_set_fork_status(runner, CK_NOFORK);
    srunner_run(runner, NULL, argc > 1 ? argv[1] : NULL, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    execution_done(&execution);
    return failed > 0;
}
