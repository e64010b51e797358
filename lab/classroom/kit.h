// kit.h - the clock and the jobs that a submission gets, and a witness to both.
//
// Rules
//   - kit_begin() comes before each execution, when no job is left.
//   - The functions that a submission calls (submission.h) may come from any
//     thread, and order none with another.
//   - What a job compares with is the time that it was started with, whatever
//     its read() writes there.
#ifndef LAB_CLASSROOM_KIT_H
#define LAB_CLASSROOM_KIT_H

#include "handlers/timestamp_job.h"

#include <stdbool.h>
#include <stdint.h>

void kit_begin(void);

// Of all executions until now: has a job been started with a time that the
// clock had not given in its execution?
bool kit_saw_made_up(void);

int64_t classroom_wallclock_ms(void);
bool classroom_job_start(struct context *c, struct timestamp_job job);
bool classroom_job_queue(struct context *c, struct timestamp_job job);
bool classroom_job_queue_after(struct context *c, struct timestamp_job job);

#endif
