// main.c - racelab: the harness's command line, with the lab's programs and
// verbs of the lab's own.
#include "attack/attack.h"
#include "classroom/check.h"
#include "classroom/grade.h"
#include "classroom/learn.h"
#include "lab.h"
#include "serve.h"

#include <racelab/program.h>
#include <stddef.h>

// When, in a request's life, its job comes to look.
static const struct racelab_column moments[] = {
    {.name = "before-reset",
     .head = "before",
     .summary = "before anyone gets its context again",
     .moment = 0,
     .second = "/healthcheck"},
    {.name = "after-reset",
     .head = "after-reset",
     .summary = "after request B has reset it",
     .moment = 1,
     .second = "/healthcheck"},
    {.name = "after-set",
     .head = "after-set",
     .summary = "after B has set its own value; then C resets it",
     .moment = 2,
     .then = "/healthcheck"},
    {.name = "after-set-same-ms",
     .head = "same-ms",
     .summary = "the same, A and B in the same millisecond",
     .moment = 2,
     .then = "/healthcheck",
     .same_time = true},
    {.name = "after-set-silent",
     .head = "silent",
     .summary = "as after-set, and there is no C",
     .moment = 2},
    {.name = NULL},
};

int main(int argc, char **argv) {
    static const struct racelab_verb verbs[] = {
        {"serve", SERVE_ARGUMENTS, SERVE_SUMMARY, serve, false},
        {"attack", ATTACK_ARGUMENTS, ATTACK_SUMMARY, attack, false},
        {"check", CHECK_ARGUMENTS, CHECK_SUMMARY, check, true},
        {"learn", LEARN_ARGUMENTS, LEARN_SUMMARY, learn, true},
        {"grade", GRADE_ARGUMENTS, GRADE_SUMMARY, grade, false},
        {.name = NULL},
    };
    static const struct racelab_gloss glosses[] = {
        {"时间戳相同", "same"},    {"时间戳不同", "different"},
        {"数据不存在", "missing"}, {"参数相同", "same"},
        {"参数不同", "different"}, {"参数不存在", "missing"},
        {"名字相同", "same"},      {"名字不同", "different"},
        {"名字撕裂", "torn"},      {NULL, NULL},
    };
    static const char *const schedules[] = {
        "before-reset",      "after-reset",      "after-set",
        "after-set-same-ms", "after-set-silent", NULL};
    static const char *const columns[] = {"raw", "copy", NULL};
    static const char *const marks[] = {"context.reset", "context.set", NULL};
    static const struct racelab_lesson lesson = {
        .directory = "expected/raw",
        .schedules = schedules,
        .programs = columns,
        .subject = "A",
        .look = "job.read",
        .marks = marks,
        .columns = moments,
    };
    static const struct racelab_lab lab = {lab_programs, verbs, glosses,
                                           &lesson};

    return racelab_main(argc, argv, &lab);
}
