#include "judge.h"

#include <stdio.h>
#include <string.h>

int judge_verdict(const struct verdict *verdict) {
    switch (verdict->kind) {
    case VERDICT_FINISHED:
        return EXIT_AS_IT_SHOULD_BE;
    case VERDICT_DIVERGED:
        return EXIT_DIVERGED;
    case VERDICT_UNCONTROLLED:
        return EXIT_TROUBLE;
    default:
        return EXIT_FINDING;
    }
}

int judge_finished(const char *file, const struct racelab_program *program,
                   const struct schedule *schedule, bool pass_over,
                   const struct execution *execution, int *expected) {
    struct error error;
    *expected = -1;
    if (!pass_over && schedule->expectation_count > 0 &&
        strcmp(program->name, schedule->program.text) == 0) {
        *expected = execution_as_expected(execution, schedule, &error);
        if (!*expected)
            verbs_complain(file, &error);
        return *expected ? EXIT_AS_IT_SHOULD_BE : EXIT_FINDING;
    }
    bool fine = execution_right(execution, program) &&
                execution->race_count == 0 && execution->findings.count == 0;
    return fine ? EXIT_AS_IT_SHOULD_BE : EXIT_FINDING;
}

void judge_complain(const char *file, const struct verdict *verdict) {
    struct error error;
    snprintf(error.text, sizeof error.text, "%.1900s", verdict->text);
    error.line = verdict->line;
    error.column = verdict->column;
    verbs_complain(file, &error);
}
