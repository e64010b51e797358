// facts.h - what a handler does, as its executions show it.
//
// Everything here is the harness's word or the sanitizer's: outcomes, races,
// whose context was touched, what never came back, what waited; and of the
// executions that defeat the handler, one each, every step. Nothing is taken
// from the handler's text.
#ifndef LAB_CLASSROOM_FACTS_H
#define LAB_CLASSROOM_FACTS_H

#include "exercise.h"

#include <jansson.h>
#include <stdbool.h>

// What is judged of a repair, each by itself.
enum failing {
    FAILING_OUTCOME,
    FAILING_RACE,
    FAILING_OWNER,
    FAILING_LEAK,
    FAILING_BLOCKED,
    FAILINGS,
};

// An execution that shows a failing.
struct defeat {
    const char *schedule; // owned by the documents; NULL: it does not fail
    json_t *explained;    // `explain --json` of it; or NULL
    json_t *replayed;     // `replay --json` of it; or NULL
};

struct facts {
    // Why there are none, in a word; NULL: there are.
    const char *trouble;
    json_t *plain, *sanitized; // `explore --json`; or NULL
    bool sanitizer_starts;
    bool complete;     // every kind of execution was looked at
    bool made_up;      // a job compared with a time that no clock gave
    bool copy_kept;    // a copy of a context was never freed
    bool memory_kept;  // nor was what it had allocated itself
    bool invalid_free; // it freed what was not its own, or twice
    bool unanswered;   // a request got no answer
    bool undefined;    // the same schedule did not do the same again
    // In each execution that came to its end every job did, and some came.
    bool reports;
    bool sees_other;   // an outcome that is wrong, other than "missing"
    bool foreign_put;  // a context was put by one who did not own it
    bool context_kept; // a context was never put
    bool crashed;      // an execution ended by a signal
    const char *crash; // and what the harness says of it
    // In one no job found anything, not even the last one's, after whom nobody
    // had come.
    bool all_missing;
    json_t *race; // a record of one, in the sanitizer's words where it has any
    struct defeat defeats[FAILINGS];
    unsigned wall_ms;
};

struct build;

// Asks the hosts. Ends with facts_done().
void facts_find(struct facts *facts, const struct exercise *exercise,
                const struct build *build);
void facts_done(struct facts *facts);

#endif
