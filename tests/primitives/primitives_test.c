// primitives_test.c - `primitives LIVE thread|fiber`: every scenario under
// control, on that backend, and live, and the two must tell the same: what the
// reader saw, and, in a build with ThreadSanitizer, whether it reports a race.
// The harness's own detector must say the same in every build. TAP; LIVE is
// primitives-live.
#include "execute.h"
#include "scenarios.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct told {
    int seen;
    int races;   // on the variable: 0 or 1
    int others;  // reports on anything else
    int harness; // what its own detector sees on the variable: 0 or 1
    char text[LIMIT_MESSAGE + LIMIT_NAME]; // why there is nothing to tell
};

static int last_seen;
static struct execution_options options;

static int run(const struct racelab_program *program) {
    last_seen = scenario_run(program->data);
    return 0;
}

// Of the live one; under control the program says it.
static void size_pool(const struct scenario *scenario) {
    if (scenario->workers)
        setenv("UV_THREADPOOL_SIZE", scenario->workers, 1);
    else
        unsetenv("UV_THREADPOOL_SIZE");
}

static void tell(const struct execution *execution, struct told *told) {
    if (execution->verdict.kind != VERDICT_FINISHED)
        snprintf(told->text, sizeof told->text, "line %d: %s",
                 execution->verdict.line, execution->verdict.text);
    told->seen = last_seen;
    for (int i = 0; i < execution->race_count; i++)
        if (strcmp(execution->races[i].object, "value") == 0)
            told->races = 1;
        else
            told->others++;
    for (int i = 0; i < execution->happens.race_count; i++)
        if (strcmp(execution->happens.races[i].object, "value") == 0)
            told->harness = 1;
        else
            told->others++;
}

static void run_controlled(struct execution *execution,
                           const struct scenario *scenario, struct told *told) {
    const struct racelab_program program = {
        .name = "scenario",
        .run = run,
        .data = scenario,
        .workers = scenario->workers ? atoi(scenario->workers) : 0};
    char text[LIMIT_LINE_BYTES];
    struct schedule schedule;
    struct error error = {.text = ""};
    memset(told, 0, sizeof *told);
    last_seen = -1;
    size_t bytes = (size_t)snprintf(text, sizeof text,
                                    "racelab schedule 1\nprogram scenario\n%s",
                                    scenario->schedule);
    if (schedule_parse(&schedule, text, bytes, &error) ||
        execute(execution, &program, &schedule, &options, &error))
        snprintf(told->text, sizeof told->text, "line %d: %s", error.line,
                 error.text);
    else
        tell(execution, told);
    schedule_done(&schedule);
}

static void run_live(const char *live, int index, struct told *told) {
    char command[LIMIT_LINE_BYTES];
    memset(told, 0, sizeof *told);
    snprintf(command, sizeof command, "'%s' %d 2>/dev/null", live, index);
    FILE *pipe = popen(command, "r");
    char line[LIMIT_LINE_BYTES] = "#"; // so do the lines of the scenario's own
    while (pipe && line[0] == '#' && fgets(line, sizeof line, pipe))
        ;
    if (sscanf(line, "%d %d %d", &told->seen, &told->races, &told->others) != 3)
        snprintf(told->text, sizeof told->text, "it did not finish");
    if (pipe)
        pclose(pipe);
}

static bool as_it_should(const struct scenario *scenario,
                         const struct told *told, bool races_checked) {
    return told->text[0] == '\0' && told->seen == scenario->sees &&
           told->others == 0 &&
           told->races == (races_checked && scenario->races);
}

static void explain(const char *how, const struct told *told) {
    printf("# %s: ", how);
    if (told->text[0])
        printf("%s\n", told->text);
    else
        printf("read %d, %s on it, %d other reports\n", told->seen,
               told->races ? "a race" : "no race", told->others);
}

static bool check(struct execution *execution, const char *live, int index) {
    const struct scenario *scenario = &scenarios[index];
    struct told controlled, real;
    size_pool(scenario);
    run_controlled(execution, scenario, &controlled);
    run_live(live, index, &real);
    bool same = controlled.harness == scenario->races &&
                as_it_should(scenario, &controlled, execution->races_checked) &&
                as_it_should(scenario, &real, execution->races_checked);
    printf("%s %d - %s (%s)\n", same ? "ok" : "not ok", index + 1,
           scenario->sentence, scenario->races ? "race" : "no race");
    if (!same) {
        printf("# expected: read %d, %s\n", scenario->sees,
               scenario->races ? "a race" : "no race");
        explain("controlled", &controlled);
        printf("# the harness itself: %s\n",
               controlled.harness ? "a race" : "no race");
        explain("live", &real);
    }
    fflush(stdout);
    return same;
}

int main(int argc, char **argv) {
    static struct execution execution;
    struct error error;
    if (argc < 3 || execution_init(&execution, &error))
        return 2;
    options.backend =
        strcmp(argv[2], "fiber") == 0 ? BACKEND_FIBER : BACKEND_THREAD;
    int failed = 0;
    printf("1..%d\n", scenario_count);
    for (int i = 0; i < scenario_count; i++)
        failed += !check(&execution, argv[1], i);
    execution_done(&execution);
    return failed > 0;
}
