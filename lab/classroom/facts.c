#include "facts.h"

#include "ask.h"
#include "build.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// More than any handler of the lab has; an exploring of so many takes seconds.
#define RUNS_MAX "20000"

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

static size_t requests_of(const struct exercise *exercise) {
    json_t *program = json_object_get(exercise->json, "program");
    const char *requests = text_of(program, "requests");
    size_t count = 1;

    if (requests == NULL)
        requests = "/test,/test";
    for (; (requests = strchr(requests, ',')) != NULL; requests++)
        count++;
    return count;
}

// How many jobs each execution has to report; an exercise says so where it is
// not one a request.
static size_t jobs_of(const struct exercise *exercise) {
    json_t *program = json_object_get(exercise->json, "program");
    json_t *jobs = json_object_get(program, "jobs");

    return jobs != NULL ? (size_t)json_integer_value(jobs)
                        : requests_of(exercise);
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
    json_object_foreach(lines, task, line) if (strcmp(json_string_value(line),
                                                      right) != 0) return false;
    return true;
}

static bool fails(const json_t *outcome, enum failing failing,
                  const char *right, size_t jobs) {
    switch (failing) {
    case FAILING_OUTCOME:
        return !is_right(outcome, right, jobs) ||
               found(outcome, "unanswered") > 0;
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

static bool is_crash(const json_t *outcome) {
    return strcmp(text_of(outcome, "verdict"), "crash") == 0;
}

static const char *first_failing(const struct facts *facts,
                                 const struct exercise *exercise,
                                 enum failing failing) {
    size_t at, jobs = jobs_of(exercise);
    const json_t *outcome;

    json_array_foreach(outcomes_of(facts), at,
                       outcome) if (fails(outcome, failing, right_of(exercise),
                                          jobs)) return text_of(outcome,
                                                                "witness");
    return NULL;
}

static void look_at_lines(struct facts *facts, const json_t *outcome,
                          const char *right) {
    const char *task;
    json_t *line;
    bool all_missing = true;

    json_object_foreach(json_object_get(outcome, "outcome"), task, line) {
        const char *text = json_string_value(line);
        facts->sees_other |= strcmp(text, right) != 0 && !is_missing(text);
        all_missing &= is_missing(text);
    }
    facts->all_missing |= is_finished(outcome) && all_missing;
}

// How many jobs have reported. Where a context has changed hands a loop may
// report for it knows not whom, and two such lines are one here.
static bool has_all_jobs(const json_t *outcome, size_t jobs) {
    const char *task;
    json_t *line, *lines = json_object_get(outcome, "outcome");

    json_object_foreach(lines, task, line) {
        if (strncmp(task, "loop", strlen("loop")) == 0)
            return true;
    }
    return json_object_size(lines) == jobs;
}

static void look_at_outcomes(struct facts *facts,
                             const struct exercise *exercise) {
    size_t at, jobs = jobs_of(exercise);
    const json_t *outcome;

    bool some_finish = false;

    facts->reports = true;
    json_array_foreach(outcomes_of(facts), at, outcome) {
        some_finish |= is_finished(outcome);
        look_at_lines(facts, outcome, right_of(exercise));
        facts->reports &= !is_finished(outcome) || has_all_jobs(outcome, jobs);
        facts->foreign_put |= found(outcome, "foreign put") > 0;
        facts->context_kept |= found(outcome, "leak") > 0;
        facts->unanswered |=
            is_finished(outcome) && found(outcome, "unanswered") > 0;
        if (is_crash(outcome) && !facts->crashed) {
            facts->crashed = true;
            facts->crash = text_of(outcome, "message");
            facts->defeats[FAILING_OUTCOME].schedule =
                text_of(outcome, "witness");
        }
    }
    facts->reports &= some_finish;
}

// What the kit has seen is known of all executions together.
static void defeat_by_any(struct facts *facts, enum failing failing) {
    const char **schedule = &facts->defeats[failing].schedule;

    if (*schedule == NULL)
        *schedule = text_of(json_array_get(outcomes_of(facts), 0), "witness");
}

// The schedule of the first race that `explored` has, and its record.
static const char *look_at_races(struct facts *facts, json_t *explored) {
    json_t *race = json_array_get(json_object_get(explored, "races"), 0);

    facts->race = json_array_get(json_object_get(race, "record"), 0);
    return race != NULL ? text_of(race, "witness") : NULL;
}

// Questions.

static struct question explore_question(const struct build *build,
                                        const struct exercise *exercise,
                                        const char *runs_max) {
    return (struct question){
        .object = "./fix.so",
        .handler = build->handler,
        .words = {"explore", exercise->name, "--json", "--reproduce", "0",
                  "--runs-max", runs_max, NULL},
    };
}

// The sanitizer looks at every kind of execution of what may be right. Where it
// is known to be wrong, it looks until it has had its chance to say so: each of
// its reports takes it a millisecond.
static struct question sanitized_question(const struct facts *facts,
                                          const struct build *build,
                                          const struct exercise *exercise) {
    bool raced = facts->defeats[FAILING_RACE].schedule != NULL;
    bool failed = facts->defeats[FAILING_OUTCOME].schedule != NULL;
    struct question question = explore_question(build, exercise,
                                                raced    ? "50"
                                                : failed ? "500"
                                                         : RUNS_MAX);

    question.object = "./fix-tsan.so";
    question.sanitized = true;
    return question;
}

// About a defeat's schedule, which lies in a file of its number.
static struct question why_question(const struct build *build, int defeat,
                                    const char *verb) {
    static const char *const files[FAILINGS] = {"0.sched", "1.sched", "2.sched",
                                                "3.sched", "4.sched"};

    return (struct question){
        .object = "./fix.so",
        .handler = build->handler,
        .words = {verb, files[defeat], "--json",
                  strcmp(verb, "replay") == 0 ? "--steps" : NULL, NULL},
    };
}

// The harness ends an execution in which a task comes to no point any more.
static bool has_spun(const struct question *question) {
    return strstr(question->errors, " spins since step ") != NULL ||
           strstr(question->errors, " is stuck in a call since step ") != NULL;
}

static void take_trouble(struct facts *facts, const struct question *question) {
    static const char *const ends[] = {
        [SANDBOX_EXITED] = "ended",        [SANDBOX_SIGNALLED] = "crashed",
        [SANDBOX_TIME] = "time",           [SANDBOX_MEMORY] = "memory",
        [SANDBOX_PROCESSES] = "processes", [SANDBOX_OUTPUT] = "output",
        [SANDBOX_FAILED] = "failed",
    };

    if (!question->answered)
        facts->trouble = ends[question->end];
    else if (question->json == NULL &&
             strstr(question->errors, "not deterministic") != NULL)
        facts->undefined = true;
    else if (question->json == NULL)
        facts->trouble = has_spun(question) ? "spins" : "explored";
}

static bool is_plain_known(const struct facts *facts) {
    return facts->trouble == NULL && !facts->undefined;
}

// First comes what is quick and says most: every schedule, without the
// sanitizer.
static void explore_plain(struct facts *facts, const struct exercise *exercise,
                          const struct build *build) {
    struct question question = explore_question(build, exercise, RUNS_MAX);

    ask(&question, 1, exercise, build->directory);
    take_trouble(facts, &question);
    facts->plain = json_incref(question.json);
    facts->made_up = question.made_up;
    facts->copy_kept = question.copy_kept;
    facts->memory_kept = question.memory_kept;
    facts->invalid_free = question.invalid_free;
    ask_done(&question);
    if (!is_plain_known(facts))
        return;
    facts->complete = json_is_true(json_object_get(facts->plain, "complete"));
    look_at_outcomes(facts, exercise);
    facts->all_missing &= jobs_of(exercise) == requests_of(exercise);
    for (int i = 0; i < FAILINGS; i++)
        if (facts->defeats[i].schedule == NULL)
            facts->defeats[i].schedule =
                i == FAILING_RACE ? look_at_races(facts, facts->plain)
                                  : first_failing(facts, exercise, i);
    if (facts->copy_kept || facts->memory_kept)
        defeat_by_any(facts, FAILING_LEAK);
    if (facts->invalid_free)
        defeat_by_any(facts, FAILING_OWNER);
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

static unsigned ask_why_of(const struct facts *facts, const struct build *build,
                           struct question *questions, int *of) {
    unsigned count = 0;

    for (int i = 0; i < FAILINGS; i++) {
        const char *schedule = facts->defeats[i].schedule;
        if (schedule == NULL || facts->defeats[i].replayed != NULL ||
            number_of_defeat(facts, i) != i)
            continue;
        questions[count] = why_question(build, i, "explain");
        questions[count + 1] = why_question(build, i, "replay");
        if (build_write(build, questions[count].words[1], schedule,
                        strlen(schedule)) != 0)
            continue;
        of[count] = of[count + 1] = i;
        count += 2;
    }
    return count;
}

static void take_why(struct facts *facts, const struct question *questions,
                     const int *of, unsigned count) {
    for (unsigned i = 0; i < count; i++) {
        struct defeat *defeat = &facts->defeats[of[i]];
        *(i % 2 == 0 ? &defeat->explained : &defeat->replayed) =
            json_incref(questions[i].json);
    }
    for (int i = 0; i < FAILINGS; i++) {
        struct defeat *defeat = &facts->defeats[i];
        if (defeat->schedule == NULL || number_of_defeat(facts, i) == i)
            continue;
        const struct defeat *like = &facts->defeats[number_of_defeat(facts, i)];
        json_decref(defeat->explained);
        json_decref(defeat->replayed);
        defeat->explained = json_incref(like->explained);
        defeat->replayed = json_incref(like->replayed);
    }
}

// Then the sanitizer's exploring, and beside it the schedules that are known
// by now to defeat the handler.
static void explore_sanitized(struct facts *facts,
                              const struct exercise *exercise,
                              const struct build *build) {
    struct question questions[1 + 2 * FAILINGS];
    int of[2 * FAILINGS];
    unsigned count = ask_why_of(facts, build, questions + 1, of);

    questions[0] = sanitized_question(facts, build, exercise);
    ask(questions, count + 1, exercise, build->directory);
    facts->sanitizer_starts = questions[0].answered || ask_sanitizer_starts();
    if (facts->sanitizer_starts)
        take_trouble(facts, &questions[0]);
    facts->sanitized = json_incref(questions[0].json);
    take_why(facts, questions + 1, of, count);
    for (unsigned i = 0; i <= count; i++)
        ask_done(&questions[i]);
}

// A race where no point is: the sanitizer alone sees it, and is asked for the
// lines.
static void look_closely(struct facts *facts, const struct exercise *exercise,
                         const struct build *build) {
    struct question questions[1 + 2 * FAILINGS];
    int of[2 * FAILINGS];
    struct defeat *defeat = &facts->defeats[FAILING_RACE];

    defeat->schedule = look_at_races(facts, facts->sanitized);
    if (defeat->schedule == NULL)
        return;
    unsigned count = ask_why_of(facts, build, questions + 1, of);
    questions[0] = sanitized_question(facts, build, exercise);
    questions[0].places = true;
    ask(questions, count + 1, exercise, build->directory);
    if (questions[0].json != NULL) {
        json_decref(facts->sanitized);
        facts->sanitized = json_incref(questions[0].json);
        defeat->schedule = look_at_races(facts, facts->sanitized);
    }
    take_why(facts, questions + 1, of, count);
    for (unsigned i = 0; i <= count; i++)
        ask_done(&questions[i]);
}

void facts_find(struct facts *facts, const struct exercise *exercise,
                const struct build *build) {
    *facts = (struct facts){.sanitizer_starts = true};
    explore_plain(facts, exercise, build);
    if (!is_plain_known(facts))
        return;
    explore_sanitized(facts, exercise, build);
    if (is_plain_known(facts) && facts->defeats[FAILING_RACE].schedule == NULL)
        look_closely(facts, exercise, build);
}

void facts_done(struct facts *facts) {
    for (int i = 0; i < FAILINGS; i++) {
        json_decref(facts->defeats[i].explained);
        json_decref(facts->defeats[i].replayed);
    }
    json_decref(facts->plain);
    json_decref(facts->sanitized);
}
