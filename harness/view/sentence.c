#include "sentence.h"
#include "chinese.h"
#include "english.h"

#include <string.h>

void sentence_cause(const struct cause *cause, enum sentence_language language,
                    FILE *out) {
    if (language == SENTENCE_CHINESE)
        chinese_cause(cause, out);
    else
        english_cause(cause, out);
}

void sentence_finding(const struct cause_finding *finding,
                      enum sentence_language language, FILE *out) {
    if (language == SENTENCE_CHINESE)
        chinese_finding(finding, out);
    else
        english_finding(finding, out);
}

void sentence_waits(const struct cause_wait *waits, int count,
                    enum sentence_language language, FILE *out) {
    if (language == SENTENCE_CHINESE)
        chinese_waits(waits, count, out);
    else
        english_waits(waits, count, out);
}

// "A.job" is A's own.
static bool is_named_after(const char *task, const char *request) {
    size_t length = strlen(request);
    return strncmp(task, request, length) == 0 && task[length] == '.';
}

const char *sentence_name(const struct cause *cause,
                          const struct cause_step *step) {
    if (step->request[0] == '\0' || is_named_after(step->task, step->request))
        return step->task;
    bool reports = strcmp(step->request, cause->request) == 0 &&
                   strcmp(step->task, cause->reporter) == 0;
    return reports ? cause->task : NULL;
}

bool sentence_same_maker(const struct cause_step *a,
                         const struct cause_step *b) {
    return strcmp(a->task, b->task) == 0 && strcmp(a->request, b->request) == 0;
}

const struct cause_step *sentence_first(const struct cause *cause) {
    return cause->touch.step < cause->other.step ? &cause->touch
                                                 : &cause->other;
}

const struct cause_step *sentence_second(const struct cause *cause) {
    return cause->touch.step < cause->other.step ? &cause->other
                                                 : &cause->touch;
}

bool sentence_is_edge(const struct cause *cause) {
    return cause->order == CAUSE_ATOMIC &&
           cause->from.step == sentence_first(cause)->step &&
           cause->to.step == sentence_second(cause)->step;
}
