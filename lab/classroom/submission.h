// submission.h - included before the first line of what a student hands in.
//
// A handler takes the time from the clock and hands it to its job, which later
// compares with it; it makes copies, it allocates, and it frees. Here all of
// these go by way of the kit, which remembers what the clock said, and what is
// still there: a job that compares with anything else has its answer made up,
// and a copy or a piece of memory that nobody frees is a leak. Macros alone, so
// that they hold for the headers that declare the functions.
#ifndef LAB_CLASSROOM_SUBMISSION_H
#define LAB_CLASSROOM_SUBMISSION_H

#define wallclock_ms              classroom_wallclock_ms
#define timestamp_job_start       classroom_job_start
#define timestamp_job_queue       classroom_job_queue
#define timestamp_job_queue_after classroom_job_queue_after
#define context_copy              classroom_context_copy
#define context_free              classroom_context_free
#define malloc                    classroom_malloc
#define calloc                    classroom_calloc
#define realloc                   classroom_realloc
#define free                      classroom_free
#define strdup                    classroom_strdup
#define strndup                   classroom_strndup
#define heap_new                  classroom_heap_new
#define heap_grow                 classroom_heap_grow

#endif
