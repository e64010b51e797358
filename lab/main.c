// main.c - racelab: the harness's command line, with the lab's programs and
// two verbs of the lab's own.
#include "attack/attack.h"
#include "lab.h"
#include "serve.h"

#include <racelab/program.h>
#include <stddef.h>

int main(int argc, char **argv) {
    static const struct racelab_verb verbs[] = {
        {"serve", SERVE_ARGUMENTS, SERVE_SUMMARY, serve},
        {"attack", ATTACK_ARGUMENTS, ATTACK_SUMMARY, attack},
        {NULL, NULL, NULL, NULL},
    };
    static const struct racelab_gloss glosses[] = {
        {"时间戳相同", "same"},
        {"时间戳不同", "different"},
        {"数据不存在", "missing"},
        {NULL, NULL},
    };
    static const char *const schedules[] = {
        "before-reset",      "after-reset",      "after-set",
        "after-set-same-ms", "after-set-silent", NULL};
    static const char *const columns[] = {"raw", "copy", NULL};
    static const struct racelab_lesson lesson = {"expected/raw", schedules,
                                                 columns};
    static const struct racelab_lab lab = {lab_programs, verbs, glosses,
                                           &lesson};

    return racelab_main(argc, argv, &lab);
}
