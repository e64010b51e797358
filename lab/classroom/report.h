// report.h - a judgement, as text for a student and as data.
#ifndef LAB_CLASSROOM_REPORT_H
#define LAB_CLASSROOM_REPORT_H

#include "judge.h"

#include <stdbool.h>

struct report {
    const struct judgement *judgement;
    const char *file;      // as the student named it
    bool shows[LANGUAGES]; // in which languages; of text only
    bool saved;            // the schedules lie beside the file
};

void report_text(const struct report *report);
void report_json(const struct report *report);

// The path beside `file` of the schedule that defeats a criterion. Free it.
char *report_path_beside(const struct report *report, const char *id);

// Where the schedule of a criterion lies, or is to be saved, beside `file`.
// Free it.
char *report_schedule_path(const struct report *report,
                           const struct criterion *criterion);

#endif
