// timestamp_job.h - the job of the seed: sleep, read, compare, print.
//
// The handlers differ in the context that they give it, and in nothing else.
#ifndef LAB_HANDLERS_TIMESTAMP_JOB_H
#define LAB_HANDLERS_TIMESTAMP_JOB_H

#include <stdbool.h>
#include <stdint.h>

struct context;

struct timestamp_job {
    struct context *context;                  // where it will read "timestamp"
    void (*release)(struct context *context); // when done with it; may be NULL
    int64_t unix_ms;                          // what it should find there
    unsigned delay_ms; // filled in by timestamp_job_start()
};

// Starts the job in a thread that outlives the handler of `c`. False when
// there is no thread for it: then `job.context` is released, the answer is
// 503, and no handler after this one runs.
bool timestamp_job_start(struct context *c, struct timestamp_job job);

#endif
