#include "judge.h"

#include "build.h"
#include "diagnosis.h"
#include "facts.h"
#include "phrase.h"
#include "source.h"
#include "wrong.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *id;
    const char *title[LANGUAGES];
    const char *says[LANGUAGES]; // where no sentence says more
} repairs[FAILINGS] = {
    [FAILING_OUTCOME] =
        {"outcome",
         {"every request is answered, and every job reports the right outcome",
          "每个请求都得到应答，每个任务都报告正确的结局"},
         {"In this schedule not every job reports it.",
          "在这个调度下，并非每个任务都报告了它。"}},
    [FAILING_RACE] =
        {"race",
         {"no data race", "没有数据竞争"},
         {"Two tasks use the same memory, and nothing orders them.",
          "两个任务使用同一内存，而没有任何先后约束。"}},
    [FAILING_OWNER] = {"owner",
                       {"nobody touches a context that is not its own",
                        "谁也不碰不属于自己的上下文"},
                       {"A context is touched by one that does not own it.",
                        "有上下文被并不拥有它的任务触碰。"}},
    [FAILING_LEAK] =
        {"leak",
         {"every context goes back to the pool, and what it allocates is freed",
          "每个上下文都回到池中，分配的内存都被释放"},
         {"A context never goes back to the pool.",
          "有上下文一直没有回到池中。"}},
    [FAILING_BLOCKED] = {"blocked",
                         {"no callback keeps the loop waiting",
                          "没有回调让事件循环等待"},
                         {"A callback keeps the loop waiting.",
                          "有回调让事件循环一直等待。"}},
};

static const char *const frees[LANGUAGES] = {
    "Something is freed that is not its own, or that has been freed.",
    "释放了不属于自己的东西，或者已经释放过的东西。"};
static const char *const copies[LANGUAGES] = {
    "A copy of a context is never freed.", "有上下文的副本一直没有释放。"};
static const char *const blocks[LANGUAGES] = {
    "Memory that it has allocated is never freed.",
    "有自己分配的内存一直没有释放。"};

const char *const *judge_memory(bool invalid_free, bool copy_kept,
                                bool memory_kept) {
    return invalid_free  ? frees
           : copy_kept   ? copies
           : memory_kept ? blocks
                         : NULL;
}

static int points_of(const struct exercise *exercise, const char *id) {
    return (int)json_integer_value(
        json_object_get(json_object_get(exercise->json, "points"), id));
}

static struct criterion *add_repair(struct judgement *judgement,
                                    enum failing failing) {
    struct criterion *criterion = &judgement->criteria[judgement->count++];

    *criterion = (struct criterion){
        .id = repairs[failing].id,
        .is_repair = true,
        .points_max = points_of(judgement->exercise, repairs[failing].id),
    };
    for (int i = 0; i < LANGUAGES; i++)
        criterion->title[i] = phrase("%s", repairs[failing].title[i]);
    return criterion;
}

// Of a submission that was not run: nothing holds.
static void fail_all(struct judgement *judgement) {
    for (int i = 0; i < FAILINGS; i++)
        add_repair(judgement, (enum failing)i);
}

static void refuse(struct judgement *judgement,
                   const struct gate_refusal *refusal) {
    judgement->is_refused = true;
    judgement->refusal = *refusal;
    fail_all(judgement);
}

// Where no sentence of the harness says more.
static const char *const *says_of(const struct facts *facts,
                                  enum failing failing) {
    const char *const *memory =
        failing == FAILING_OWNER
            ? judge_memory(facts->invalid_free, false, false)
        : failing == FAILING_LEAK && !facts->context_kept
            ? judge_memory(false, facts->copy_kept, facts->memory_kept)
            : NULL;

    return memory != NULL ? memory : repairs[failing].says;
}

// Why it does not hold: the sentence about the schedule that shows it.
static void say_why(struct criterion *criterion, const struct facts *facts,
                    enum failing failing) {
    const struct defeat *defeat = &facts->defeats[failing];

    for (int i = 0; i < LANGUAGES; i++) {
        enum language language = (enum language)i;
        criterion->says[i] =
            failing == FAILING_OUTCOME && facts->crashed
                ? phrase_crash(facts->crash, language)
            : failing == FAILING_RACE ? phrase_race(facts->race, language)
            : failing == FAILING_OWNER
                ? phrase_owner(defeat->replayed, language)
                : phrase_why(defeat->explained, failing, language);
        if (criterion->says[i] == NULL)
            criterion->says[i] = phrase("%s", says_of(facts, failing)[i]);
    }
    criterion->schedule = phrase("%s", defeat->schedule);
}

static void say_incomplete(struct criterion *criterion) {
    criterion->says[ENGLISH] =
        phrase("It has more schedules than the judge tries. Leave out what the "
               "task does not ask for.");
    criterion->says[CHINESE] = phrase("它的调度数量超过了判题程序所尝试的上限。"
                                      "请去掉任务没有要求的部分。");
}

static void say_not_judged(struct criterion *criterion) {
    criterion->says[ENGLISH] =
        phrase("Not judged: first comes what the class below says.");
    criterion->says[CHINESE] = phrase("未作判定：请先看下面的类别所说的问题。");
}

static void judge_failing(struct judgement *judgement,
                          const struct facts *facts, enum failing failing) {
    struct criterion *criterion = add_repair(judgement, failing);
    bool shown = facts->defeats[failing].schedule != NULL;

    criterion->passed = !shown && facts->complete && facts->reports &&
                        !facts->crashed && !facts->made_up && !facts->undefined;
    if (criterion->passed)
        criterion->points = criterion->points_max;
    else if (shown)
        say_why(criterion, facts, failing);
    else if (!facts->complete && !facts->undefined)
        say_incomplete(criterion);
    else
        say_not_judged(criterion);
}

// "race-free, and request B's data: after-set, step 9": the moment and the
// step follow what helps.
static void name_wrong(struct judgement *judgement, const struct facts *facts) {
    const struct wrong *wrong = wrong_find(facts);
    struct wrong_place place;

    judgement->wrong = wrong->name;
    if (!facts->invalid_free && wrong_place(facts, &place)) {
        judgement->wrong_says[ENGLISH] = phrase(
            "%s (%s, step %d)", wrong->says[ENGLISH], place.moment, place.step);
        judgement->wrong_says[CHINESE] =
            phrase("%s（%s，第 %d 步）", wrong->says[CHINESE], place.moment,
                   place.step);
        return;
    }
    for (int i = 0; i < LANGUAGES; i++)
        judgement->wrong_says[i] = phrase("%s", wrong->says[i]);
}

static bool holds(const struct judgement *judgement, bool repair) {
    for (unsigned i = 0; i < judgement->count; i++)
        if (judgement->criteria[i].is_repair == repair &&
            !judgement->criteria[i].passed)
            return false;
    return true;
}

static void judge_facts(struct judgement *judgement,
                        const struct facts *facts) {
    struct gate_refusal refusal = {.line = 0};

    judgement->sanitizer_starts = facts->sanitizer_starts;
    judgement->hosts_ms += facts->wall_ms;
    if (facts->trouble != NULL) {
        phrase_trouble(facts->trouble, &refusal);
        refuse(judgement, &refusal);
        return;
    }
    for (int i = 0; i < FAILINGS; i++)
        judge_failing(judgement, facts, (enum failing)i);
    if (!holds(judgement, true))
        name_wrong(judgement, facts);
}

// -1: trouble, which has been said.
static int judge_repair(struct judgement *judgement, const char *fix,
                        struct build *build) {
    struct gate_refusal refusal = {.line = 0};
    struct facts facts;
    struct source source;

    if (!source_read(&source, fix, GATE_SOURCE_BYTES_MAX, &refusal)) {
        refuse(judgement, &refusal);
        return 0;
    }
    if (build_make(build, source.text, source.bytes, &refusal)) {
        facts_find(&facts, judgement->exercise, build);
        judge_facts(judgement, &facts);
        facts_done(&facts);
    } else {
        refuse(judgement, &refusal);
    }
    judgement->compiler_ms = build->compiler_ms;
    source_free(&source);
    return 0;
}

static void sum_up(struct judgement *judgement) {
    for (unsigned i = 0; i < judgement->count; i++) {
        judgement->points += judgement->criteria[i].points;
        judgement->points_max += judgement->criteria[i].points_max;
    }
    judgement->passed = holds(judgement, judgement->exercise->has_repair);
}

int judge(struct judgement *judgement, const struct exercise *exercise,
          const struct submission *submission) {
    struct build build;

    *judgement =
        (struct judgement){.exercise = exercise, .sanitizer_starts = true};
    int status = build_init(&build);
    if (status == 0 && exercise->has_repair)
        status = judge_repair(judgement, submission->fix, &build);
    if (status == 0)
        diagnosis_judge(judgement, submission->folder, &build);
    build_done(&build);
    sum_up(judgement);
    return status;
}

void judge_done(struct judgement *judgement) {
    for (unsigned i = 0; i < judgement->count; i++) {
        struct criterion *criterion = &judgement->criteria[i];
        for (int k = 0; k < LANGUAGES; k++) {
            free(criterion->title[k]);
            free(criterion->says[k]);
        }
        free(criterion->schedule);
        free(criterion->handed_in);
    }
    for (int k = 0; k < LANGUAGES; k++)
        free(judgement->wrong_says[k]);
}
