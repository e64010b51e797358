#include "handlers/timestamp_job.h"

#include "server/context.h"
#include "server/engine.h"
#include "server/heap.h"
#include "server/job.h"
#include "server/server.h"

#include <racelab/point.h>
#include <stdio.h>
#include <stdlib.h>

static void release(struct timestamp_job *job) {
    if (job->release != NULL)
        job->release(job->context);
    free(job);
}

static void run(void *argument) {
    struct timestamp_job *job = argument;
    const char *line = "数据不存在"; // there is no such key
    int64_t found;

    // The delay is spent in this thread. A timer of the loop that starts the
    // read later would order it after all that the loop had done by then.
    uv_sleep(job->delay_ms);

    POINT("job.read");
    if (context_get(job->context, "timestamp", &found))
        line = found == job->unix_ms ? "时间戳相同" : "时间戳不同";

    POINT("job.print");
    puts(line);
    OUTCOME(line);
    release(job);
}

bool timestamp_job_start(struct context *c, struct timestamp_job job) {
    struct timestamp_job *mine = heap_new(sizeof *mine);

    *mine = job;
    mine->delay_ms = engine_options(c->server->engine)->delay_ms;
    if (job_start(&c->server->jobs, run, mine) == 0)
        return true;
    release(mine);
    context_message(c, 503, "too many jobs");
    context_abort(c);
    return false;
}
