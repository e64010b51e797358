// judge.h - what a submission is worth: a criterion a line, each with its
// points, and why one that does not hold does not.
//
// Repair and diagnosis are judged apart. A repair is explored, under every
// schedule, plain and with the thread sanitizer (facts.h). A diagnosis is the
// schedules that a student says defeat the starter, replayed on it, and the
// answers to the exercise's questions.
//
// Rules
//   - The same submission gives the same judgement, byte for byte.
//   - A handler whose jobs report nothing has repaired nothing.
#ifndef LAB_CLASSROOM_JUDGE_H
#define LAB_CLASSROOM_JUDGE_H

#include "exercise.h"
#include "gate.h"

#include <stdbool.h>

enum { CRITERIA_MAX = 16 };

struct criterion {
    const char *id;
    char *title[LANGUAGES]; // owned, as all texts here
    bool is_repair;
    bool passed;
    bool is_absent; // it was not handed in
    int points, points_max;
    char *says[LANGUAGES]; // NULL: nothing to say
    char *schedule;        // that shows it; NULL: none
    char *handed_in; // a schedule that was handed in, by its path; NULL: none
};

struct judgement {
    const struct exercise *exercise;
    struct criterion criteria[CRITERIA_MAX];
    unsigned count;
    bool passed; // all of the repair; where none is asked for, of the diagnosis
    int points, points_max;
    bool sanitizer_starts;
    bool is_refused;
    struct gate_refusal refusal;
    const char *wrong;           // the class of the wrong fix; NULL: none
    char *wrong_says[LANGUAGES]; // owned
    unsigned compiler_ms, hosts_ms;
};

// What is judged. Paths are borrowed.
struct submission {
    const char *fix;    // NULL: not handed in
    const char *folder; // with what belongs to the diagnosis; NULL: no such
};

// 0; -1 for trouble, which has been said. Ends with judge_done() either way.
int judge(struct judgement *judgement, const struct exercise *exercise,
          const struct submission *submission);
void judge_done(struct judgement *judgement);

// What the kit has seen of memory, in each language; NULL: nothing wrong. No
// point and no access shows it.
const char *const *judge_memory(bool invalid_free, bool copy_kept,
                                bool memory_kept);

#endif
