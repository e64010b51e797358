// letter_job.h - a job that writes to the user whom its request names.
//
// GET /user/Ada starts a letter to Ada, which goes out ten seconds later. The
// job waits, finds the name, and writes. Whom the letter was meant for the kit
// takes from the request itself, when the job is started; what the job reports
// is whether it has come to that user.
//
//   参数相同     to the user whom the request named
//   参数不同     to another one
//   参数不存在   to nobody: there is no name
//
// Where the job finds the name, in this order: where `read` says; in `own`, if
// something stands there; at `name`; or it asks `context` for the parameter
// "name" of its route.
#ifndef LAB_EXERCISES_KIT_LETTER_JOB_H
#define LAB_EXERCISES_KIT_LETTER_JOB_H

#include <stdbool.h>

enum { LETTER_NAME_BYTES = 64 };

struct context;

struct letter_job {
    struct context *context;                  // whom it asks
    void (*release)(struct context *context); // when done with it; may be NULL
    const char *name;            // borrowed, for as long as the job runs
    char own[LETTER_NAME_BYTES]; // the job's own, copied with it
    // Gives the name, or NULL. May be NULL itself.
    const char *(*read)(struct letter_job *job);
};

// Starts the job in a thread that outlives the handler of `c`. False when
// there is no thread for it: then `job.context` is released, the answer is
// 503, and no handler after this one runs.
bool letter_job_start(struct context *c, struct letter_job job);

#endif
