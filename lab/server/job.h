// job.h - work that outlives the handler that starts it, as a goroutine does.
//
// Each job is a thread of its own. Nothing is shared between a loop and its
// jobs but what the handler hands over, and a job's end is no synchronisation:
// jobs are joined when the engine has stopped, in order of their start. Only
// when the table is full are those that have ended joined before, because a
// join is an edge that would quieten ThreadSanitizer about what came before.
//
// Rules
//   - One table a loop, used by that loop's thread alone; hence no lock.
#ifndef LAB_SERVER_JOB_H
#define LAB_SERVER_JOB_H

#include "limits.h"

struct job;

struct job_table {
    struct job *first; // in order of their start
    struct job **end;  // where the next one goes
    unsigned count;
};

void job_table_init(struct job_table *table);

// Joins all jobs.
void job_table_done(struct job_table *table);

// Runs run(argument) in a thread. 0, or UV_EAGAIN when JOBS_MAX jobs are under
// way or the system gives no thread; run() is not called then.
int job_start(struct job_table *table, void (*run)(void *), void *argument);

// Joins the job that was started last: its caller waits so long.
void job_join_last(struct job_table *table);

// How many have not ended yet.
unsigned job_pending(const struct job_table *table);

#endif
