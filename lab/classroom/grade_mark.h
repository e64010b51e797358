// grade_mark.h - what became of one exercise of one student.
//
// Either it was judged, and then the judge's own document says all; or it was
// not, and then one sentence says why. What could not be judged has no points.
#ifndef LAB_CLASSROOM_GRADE_MARK_H
#define LAB_CLASSROOM_GRADE_MARK_H

#include "exercise.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

// Of one exercise. A thousand students with a hundred exercises stay within
// int.
#define GRADE_POINTS_MAX 10000

enum grade_state {
    GRADE_WAITING, // for its turn
    GRADE_JUDGED,
    GRADE_ABSENT,     // nothing was handed in
    GRADE_NO_FOLDER,  // something was, and it is no folder
    GRADE_UNREADABLE, // the folder cannot be opened
    GRADE_TIME,       // the judge was stopped after too long
    GRADE_OUTPUT,     // the judge printed too much
    GRADE_KILLED,     // the judge was killed
    GRADE_GARBLED,    // what the judge printed is no verdict
    GRADE_TROUBLE,    // the judge says that it cannot judge
};

struct grade_mark {
    enum grade_state state;
    json_t *document; // what `racelab check --json` printed: owned, or NULL
    char *detail;     // of what was not judged: owned, or NULL
    int points, points_max;
    bool passed;
};

// How a judge ended, and what it printed.
struct grade_ending {
    bool is_late, is_loud; // then it was stopped
    int signal;            // 0: it exited, with `status`
    int status;
    const char *output, *errors; // each ended by a 0
    size_t output_bytes;
    unsigned limit_s;
};

void grade_mark_init(struct grade_mark *mark, const struct exercise *exercise);
void grade_mark_done(struct grade_mark *mark);

// It was not judged for this reason. `detail` is copied; or NULL.
void grade_mark_fail(struct grade_mark *mark, enum grade_state state,
                     const char *detail);

// The judge of `exercise` ended. A document that is not what it should be, or
// that another ending belongs to, is no verdict.
void grade_mark_take(struct grade_mark *mark, const struct exercise *exercise,
                     const struct grade_ending *ending);

// The state in a word that programs may look for: "judged", "not-handed-in".
const char *grade_mark_state(const struct grade_mark *mark);

// The wrong fix that was recognised, "refused", or NULL. Borrowed.
const char *grade_mark_class(const struct grade_mark *mark);

// What there is to say beside the points, in a sentence, fit to be shown; empty
// where there is nothing. Free it with free().
char *grade_mark_says(const struct grade_mark *mark, enum language language);

// The same in both, as JSON has it. Gives it.
json_t *grade_mark_says_json(const struct grade_mark *mark);

// A text of a document, {"en": …, "zh": …}, in that language, fit to be shown.
// Free it with free().
char *grade_mark_text(const json_t *text, enum language language);

#endif
