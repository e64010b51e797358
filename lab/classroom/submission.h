// submission.h - included before the first line of what a student hands in.
//
// A handler takes the time from the clock and hands it to its job, which later
// compares with it. Here both go by way of the kit, which remembers what the
// clock said: a job that compares with anything else has its answer made up.
// Macros alone, so that they hold for the headers that declare the two.
#ifndef LAB_CLASSROOM_SUBMISSION_H
#define LAB_CLASSROOM_SUBMISSION_H

#define wallclock_ms              classroom_wallclock_ms
#define timestamp_job_start       classroom_job_start
#define timestamp_job_queue       classroom_job_queue
#define timestamp_job_queue_after classroom_job_queue_after

#endif
