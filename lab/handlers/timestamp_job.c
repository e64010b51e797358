#include "handlers/timestamp_job.h"

#include "server/context.h"
#include "server/heap.h"
#include "server/job.h"
#include "server/server.h"

#include <racelab/point.h>
#include <stdio.h>
#include <stdlib.h>

static bool read_context(struct timestamp_job *job, int64_t *found) {
    return context_get(job->context, "timestamp", found);
}

static void release(struct timestamp_job *job) {
    if (job->release != NULL)
        job->release(job->context);
    free(job);
}

static void report(struct timestamp_job *job) {
    const char *line = "数据不存在"; // there is no such key
    int64_t found;

    POINT("job.read");
    if (job->read(job, &found))
        line = found == job->unix_ms ? "时间戳相同" : "时间戳不同";

    POINT("job.print");
    puts(line);
    OUTCOME(line);
}

static struct timestamp_job *make(struct context *c,
                                  const struct timestamp_job *job) {
    struct timestamp_job *mine = heap_new(sizeof *mine);

    *mine = *job;
    mine->delay_ms = server_delay_ms(c->server);
    if (mine->read == NULL)
        mine->read = read_context;
    return mine;
}

static bool refuse(struct context *c, struct timestamp_job *mine) {
    release(mine);
    context_message(c, 503, "too many jobs");
    context_abort(c);
    return false;
}

static void run(void *argument) {
    struct timestamp_job *job = argument;

    // The delay is spent in this thread. A timer of the loop that starts the
    // read later would order it after all that the loop had done by then.
    uv_sleep(job->delay_ms);
    report(job);
    release(job);
}

bool timestamp_job_start(struct context *c, struct timestamp_job job) {
    struct timestamp_job *mine = make(c, &job);

    return job_start(&c->server->jobs, run, mine) == 0 || refuse(c, mine);
}

// In the thread pool.

struct queued {
    uv_work_t work;
    struct timestamp_job *job;
};

static bool queue(struct context *c, struct timestamp_job *job, uv_work_cb work,
                  uv_after_work_cb after) {
    struct queued *queued = heap_new(sizeof *queued);

    queued->job = job;
    if (uv_queue_work(&c->server->loop, &queued->work, work, after) == 0)
        return true;
    free(queued);
    return refuse(c, job);
}

static void wait(uv_work_t *work) {
    uv_sleep(((struct queued *)work)->job->delay_ms);
}

static void wait_and_report(uv_work_t *work) {
    wait(work);
    report(((struct queued *)work)->job);
}

static void end(uv_work_t *work, int status) {
    (void)status;
    release(((struct queued *)work)->job);
    free(work);
}

static void report_and_end(uv_work_t *work, int status) {
    report(((struct queued *)work)->job);
    end(work, status);
}

bool timestamp_job_queue(struct context *c, struct timestamp_job job) {
    return queue(c, make(c, &job), wait_and_report, end);
}

bool timestamp_job_queue_after(struct context *c, struct timestamp_job job) {
    return queue(c, make(c, &job), wait, report_and_end);
}
