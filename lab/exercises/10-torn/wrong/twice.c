// Wrong: the job reads until it has found the same name twice. Torn names are
// rare now, and another user's name stands still for as long as one likes.
#include "handlers/handlers.h"
#include "kit/name_job.h"

#include <string.h>

static struct context_name read_twice(struct name_job *job) {
    struct context_name name = name_job_look(job->name), before;

    do {
        before = name;
        name = name_job_look(job->name);
    } while (memcmp(&before, &name, sizeof name) != 0);
    return name;
}

static void handle(struct context *c) {
    const struct context_name *name = name_job_receive(c);
    struct name_job job = {
        .name = name,
        .read = read_twice,
    };
    if (name_job_start(c, job))
        context_message(c, 200, "test success");
}

const struct handler fix_handler = {.handle = handle, .path = "/user"};
