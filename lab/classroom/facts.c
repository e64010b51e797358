#include "facts.h"

#include "ask.h"
#include "build.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const missing[] = {"数据不存在", "参数不存在", NULL};

static const char *text_of(const json_t *object, const char *key) {
    return json_string_value(json_object_get(object, key));
}

static json_int_t number_of(const json_t *object, const char *key) {
    return json_integer_value(json_object_get(object, key));
}

static json_int_t found(const json_t *outcome, const char *kind) {
    return number_of(json_object_get(outcome, "found"), kind);
}

static const json_t *outcomes_of(const struct facts *facts) {
    return json_object_get(facts->plain, "outcomes");
}

static bool is_finished(const json_t *outcome) {
    return strcmp(text_of(outcome, "verdict"), "finished") == 0;
}

static const char *right_of(const struct exercise *exercise) {
    return text_of(json_object_get(exercise->json, "program"), "right");
}

// How many jobs each execution has to report; an exercise says so where it is
// not one a request.
static size_t jobs_of(const struct exercise *exercise) {
    json_t *program = json_object_get(exercise->json, "program");
    json_t *jobs = json_object_get(program, "jobs");
    const char *requests = text_of(program, "requests");
    size_t count = 1;

    if (jobs != NULL)
        return (size_t)json_integer_value(jobs);
    if (requests == NULL)
        requests = "/test,/test";
    for (; (requests = strchr(requests, ',')) != NULL; requests++)
        count++;
    return count;
}

// Looking at the outcomes.

static bool is_missing(const char *line) {
    for (const char *const *at = missing; *at != NULL; at++)
        if (strcmp(*at, line) == 0)
            return true;
    return false;
}

static bool is_right(const json_t *outcome, const char *right, size_t jobs) {
    const char *task;
    json_t *line, *lines = json_object_get(outcome, "outcome");

    if (!is_finished(outcome) || json_object_size(lines) != jobs)
        return false;
    json_object_foreach(lines, task, line)
        if (strcmp(json_string_value(line), right) != 0)
            return false;
    return true;
}

static bool fails(const json_t *outcome, enum failing failing,
                  const char *right, size_t jobs) {
    switch (failing) {
    case FAILING_OUTCOME:
        return !is_right(outcome, right, jobs);
    case FAILING_RACE:
        return number_of(outcome, "raced_harness") > 0;
    case FAILING_OWNER:
        return found(outcome, "foreign") > 0 ||
               found(outcome, "foreign put") > 0 ||
               found(outcome, "foreign get") > 0;
    case FAILING_LEAK:
        return found(outcome, "leak") > 0;
    case FAILING_BLOCKED:
        return found(outcome, "blocked loop") > 0;
    default:
        return false;
    }
}

static const char *first_failing(const struct facts *facts,
                                 const struct exercise *exercise,
                                 enum failing failing) {
    size_t at, jobs = jobs_of(exercise);
    const json_t *outcome;

    json_array_foreach(outcomes_of(facts), at, outcome)
        if (fails(outcome, failing, right_of(exercise), jobs))
            return text_of(outcome, "witness");
    return NULL;
}

static void look_at_lines(struct facts *facts, const json_t *outcome,
                          const char *right) {
    const char *task;
    json_t *line;

    json_object_foreach(json_object_get(outcome, "outcome"), task, line) {
        const char *text = json_string_value(line);
        facts->reports_once = true;
        facts->sees_other |= strcmp(text, right) != 0 && !is_missing(text);
    }
}

static void look_at_outcomes(struct facts *facts,
                             const struct exercise *exercise) {
    size_t at, jobs = jobs_of(exercise);
    const json_t *outcome;

    facts->reports = true;
    json_array_foreach(outcomes_of(facts), at, outcome) {
        look_at_lines(facts, outcome, right_of(exercise));
        facts->reports &=
            !is_finished(outcome) ||
            json_object_size(json_object_get(outcome, "outcome")) == jobs;
        facts->foreign_put |= found(outcome, "foreign put") > 0;
        facts->foreign_get |= found(outcome, "foreign get") > 0;
    }
}

// The schedule of the first race; what is said of it comes from the sanitizer
// where that has seen one, and from the harness else.
static const char *look_at_races(struct facts *facts) {
    json_t *plain = json_array_get(json_object_get(facts->plain, "races"), 0);
    json_t *told =
        json_array_get(json_object_get(facts->sanitized, "races"), 0);

    facts->raced_in_harness = plain != NULL;
    json_t *race = plain != NULL ? plain : told;
    facts->race = json_array_get(json_object_get(race, "record"), 0);
    return race != NULL ? text_of(race, "witness") : NULL;
}

// Asking.

static struct question explore_question(const char *object,
                                        const struct build *build,
                                        const struct exercise *exercise,
                                        bool sanitized) {
    return (struct question){
        .object = object,
        .handler = build->handler,
        .sanitized = sanitized,
        .words = {"explore", exercise->name, "--json", "--runs-max", "20000",
                  NULL},
    };
}

static void take_trouble(struct facts *facts, const struct question *question) {
    static const char *const ends[] = {
        [SANDBOX_EXITED] = "ended",       [SANDBOX_SIGNALLED] = "crashed",
        [SANDBOX_TIME] = "time",          [SANDBOX_MEMORY] = "memory",
        [SANDBOX_PROCESSES] = "processes", [SANDBOX_OUTPUT] = "output",
        [SANDBOX_FAILED] = "failed",
    };

    if (!question->answered)
        facts->trouble = ends[question->end];
    else if (question->json == NULL &&
             strstr(question->errors, "not deterministic") != NULL)
        facts->undefined = true;
    else if (question->json == NULL)
        facts->trouble = "explored";
}

// Both explorings. Where the sanitizer cannot start there is one.
static void ask_explore(struct facts *facts, const struct exercise *exercise,
                        const struct build *build) {
    struct question questions[] = {
        explore_question("./fix.so", build, exercise, false),
        explore_question("./fix-tsan.so", build, exercise, true),
    };

    ask(questions, 2, exercise, build->directory);
    take_trouble(facts, &questions[0]);
    facts->plain = json_incref(questions[0].json);
    facts->sanitized = json_incref(questions[1].json);
    facts->made_up = questions[0].made_up;
    facts->sanitizer_starts = questions[1].answered || ask_sanitizer_starts();
    if (facts->trouble == NULL && facts->sanitizer_starts)
        take_trouble(facts, &questions[1]);
    for (int i = 0; i < 2; i++)
        ask_done(&questions[i]);
}

// A schedule that defeats the handler in two ways is asked about once.
static int number_of_defeat(const struct facts *facts, int defeat) {
    int at = 0;

    while (facts->defeats[at].schedule == NULL ||
           strcmp(facts->defeats[at].schedule,
                  facts->defeats[defeat].schedule) != 0)
        at++;
    return at;
}

static void ask_why(struct facts *facts, const struct exercise *exercise,
                    const struct build *build) {
    static const char *const files[FAILINGS] = {
        "0.sched", "1.sched", "2.sched", "3.sched", "4.sched"};
    struct question questions[2 * FAILINGS];
    int of[2 * FAILINGS];
    unsigned count = 0;

    for (int i = 0; i < FAILINGS; i++) {
        const char *schedule = facts->defeats[i].schedule;
        if (schedule == NULL || number_of_defeat(facts, i) != i ||
            build_write(build, files[i], schedule, strlen(schedule)) != 0)
            continue;
        for (int verb = 0; verb < 2; verb++, count++) {
            of[count] = i;
            questions[count] = (struct question){
                .object = "./fix.so",
                .handler = build->handler,
                .words = {verb == 0 ? "explain" : "replay", files[i], "--json",
                          NULL},
            };
        }
    }
    ask(questions, count, exercise, build->directory);
    for (unsigned i = 0; i < count; i++) {
        struct defeat *defeat = &facts->defeats[of[i]];
        *(i % 2 == 0 ? &defeat->explained : &defeat->replayed) =
            json_incref(questions[i].json);
        ask_done(&questions[i]);
    }
    for (int i = 0; i < FAILINGS; i++) {
        struct defeat *defeat = &facts->defeats[i];
        if (defeat->schedule == NULL || number_of_defeat(facts, i) == i)
            continue;
        const struct defeat *like = &facts->defeats[number_of_defeat(facts, i)];
        defeat->explained = json_incref(like->explained);
        defeat->replayed = json_incref(like->replayed);
    }
}

void facts_find(struct facts *facts, const struct exercise *exercise,
                const struct build *build) {
    *facts = (struct facts){.trouble = NULL};
    ask_explore(facts, exercise, build);
    if (facts->trouble != NULL || facts->undefined)
        return;
    facts->complete = json_is_true(json_object_get(facts->plain, "complete"));
    look_at_outcomes(facts, exercise);
    for (int i = 0; i < FAILINGS; i++)
        facts->defeats[i].schedule =
            i == FAILING_RACE ? look_at_races(facts)
                              : first_failing(facts, exercise, i);
    ask_why(facts, exercise, build);
}

void facts_done(struct facts *facts) {
    for (int i = 0; i < FAILINGS; i++) {
        json_decref(facts->defeats[i].explained);
        json_decref(facts->defeats[i].replayed);
    }
    json_decref(facts->plain);
    json_decref(facts->sanitized);
}
