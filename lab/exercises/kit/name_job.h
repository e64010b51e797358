// name_job.h - a name that is received in two steps, and a job that reads it.
//
// GET /user?Ada.Lovelace starts a job that will greet Ada Lovelace ten seconds
// later. A name is not a single word of memory: it is received in the context's
// buffer first name first, last name after, as bytes that come in two reads do.
// Whom the request named the kit takes from the request itself, when the job is
// started; what the job reports is what has become of it.
//
//   名字相同   both names are those of its request
//   名字不同   neither is
//   名字撕裂   one is, and one is not: the name is torn
//
// Where the job finds the name, in this order: where `read` says; in `own`, if
// something stands there; at `name`.
#ifndef LAB_EXERCISES_KIT_NAME_JOB_H
#define LAB_EXERCISES_KIT_NAME_JOB_H

#include "server/context.h"

#include <stdbool.h>

struct name_job {
    const struct context_name *name; // borrowed, for as long as the job runs
    struct context_name own;         // the job's own, copied with it
    struct context *context;         // for `release`
    void (*release)(struct context *context); // when done; may be NULL
    // Gives the name. May be NULL itself.
    struct context_name (*read)(struct name_job *job);
};

// Receives the name of the request in `c->name`. Gives where it stands: it is
// borrowed, as all that a context gives, until the context is put.
const struct context_name *name_job_receive(struct context *c);

// The name as it stands there now.
struct context_name name_job_look(const struct context_name *name);

// Starts the job in a thread that outlives the handler of `c`. False when
// there is no thread for it: then `job.context` is released, the answer is
// 503, and no handler after this one runs.
bool name_job_start(struct context *c, struct name_job job);

#endif
