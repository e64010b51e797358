#include "kit/letter_job.h"

#include "server/connection.h"
#include "server/context.h"
#include "server/heap.h"
#include "server/job.h"
#include "server/server.h"

#include <racelab/point.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The job, and what it must not be told: whom it should find.
struct letter {
    struct letter_job job;
    char wanted[LETTER_NAME_BYTES];
    const struct router_params *params; // of its request; never read here
    unsigned delay_ms;
};

static const char *find(struct letter_job *job) {
    if (job->own[0] != '\0')
        return job->own;
    return job->name != NULL ? job->name : context_param(job->context, "name");
}

// What is read when `name` is: the params of the request, if it lies in them.
static const void *object_of(const struct letter *letter, const char *name) {
    uintptr_t begin = (uintptr_t)letter->params, at = (uintptr_t)name;
    bool is_within = at >= begin && at - begin < sizeof *letter->params;

    return is_within ? (const void *)letter->params : name;
}

static const char *compare(struct letter *letter) {
    const char *name = letter->job.read(&letter->job);

    if (name == NULL)
        return "参数不存在";
    POINT_READ("view.read", object_of(letter, name));
    bool is_same = strncmp(name, letter->wanted, LETTER_NAME_BYTES) == 0;
    return is_same ? "参数相同" : "参数不同";
}

static void end(struct letter *letter) {
    if (letter->job.release != NULL)
        letter->job.release(letter->job.context);
    free(letter);
}

static void run(void *argument) {
    struct letter *letter = argument;

    // As in timestamp_job.c: the delay is spent in this thread.
    uv_sleep(letter->delay_ms);
    POINT("job.read");
    const char *line = compare(letter);

    POINT("job.print");
    puts(line);
    OUTCOME(line);
    end(letter);
}

static struct letter *make(const struct context *c,
                           const struct letter_job *job) {
    struct letter *letter = heap_new(sizeof *letter);
    const char *path = connection_request(c->connection)->path;

    letter->job = *job;
    if (letter->job.read == NULL)
        letter->job.read = find;
    snprintf(letter->wanted, sizeof letter->wanted, "%s",
             strrchr(path, '/') + 1);
    letter->params = &c->params;
    letter->delay_ms = server_delay_ms(c->server);
    return letter;
}

bool letter_job_start(struct context *c, struct letter_job job) {
    struct letter *letter = make(c, &job);

    if (job_start(&c->server->jobs, run, letter) == 0)
        return true;
    end(letter);
    context_message(c, 503, "too many jobs");
    context_abort(c);
    return false;
}
