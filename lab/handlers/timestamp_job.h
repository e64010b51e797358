// timestamp_job.h - the job of the seed: wait, read, compare, print.
//
// The handlers differ in the context that they give it, in how it reads, and
// in who runs it: a thread, the thread pool, or the loop.
#ifndef LAB_HANDLERS_TIMESTAMP_JOB_H
#define LAB_HANDLERS_TIMESTAMP_JOB_H

#include <stdbool.h>
#include <stdint.h>

struct context;

struct timestamp_job {
    struct context *context;                  // where it will read "timestamp"
    void (*release)(struct context *context); // when done with it; may be NULL
    int64_t unix_ms;                          // what it should find there
    // How it reads; NULL: context_get().
    bool (*read)(struct timestamp_job *job, int64_t *found);
    int64_t value;       // for handlers that read that
    unsigned generation; // likewise
    unsigned delay_ms;   // filled in
};

// Starts the job in a thread that outlives the handler of `c`. False when
// there is no thread for it: then `job.context` is released, the answer is
// 503, and no handler after this one runs.
bool timestamp_job_start(struct context *c, struct timestamp_job job);

// The same in the thread pool, which has something else to do before.
bool timestamp_job_queue(struct context *c, struct timestamp_job job);

// The thread pool waits, and then the loop reads and prints.
bool timestamp_job_queue_after(struct context *c, struct timestamp_job job);

#endif
