// kit.h - the clock, the jobs and the copies that a submission gets, and a
// witness to all three.
//
// Rules
//   - kit_begin() comes before each execution and kit_end() after it, when no
//     job is left. Where an execution does not come to its end, neither does
//     what it holds.
//   - The functions that a submission calls (submission.h) may come from any
//     thread, and order none with another.
//   - What a job compares with is the time that it was started with, whatever
//     its read() writes there.
//   - A copy that is freed is emptied, and kept until the execution is over: to
//     use it then is wrong in the same way every time, and not left to chance.
#ifndef LAB_CLASSROOM_KIT_H
#define LAB_CLASSROOM_KIT_H

#include "handlers/timestamp_job.h"

#include <stdbool.h>
#include <stdint.h>

// `has_params`: the route of the handler has some.
void kit_begin(bool has_params);
void kit_end(void);

// Of all executions until now: has a job been started with a time that the
// clock had not given in its execution; has a copy been left?
bool kit_saw_made_up(void);
bool kit_saw_copy_kept(void);

int64_t classroom_wallclock_ms(void);
bool classroom_job_start(struct context *c, struct timestamp_job job);
bool classroom_job_queue(struct context *c, struct timestamp_job job);
bool classroom_job_queue_after(struct context *c, struct timestamp_job job);
struct context *classroom_context_copy(struct context *source);
void classroom_context_free(struct context *c);

#endif
