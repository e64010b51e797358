#include "kit/name_job.h"

#include "server/connection.h"
#include "server/heap.h"
#include "server/job.h"
#include "server/server.h"

#include <racelab/point.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The job, and what it must not be told: whom it should find.
struct greeting {
    struct name_job job;
    struct context_name wanted;
    unsigned delay_ms;
};

static struct context_name parse(const struct context *c) {
    struct context_name name = {0};

    sscanf(connection_request(c->connection)->query, "%7[^.].%7s",
           name.first.text, name.last.text);
    return name;
}

const struct context_name *name_job_receive(struct context *c) {
    struct context_name name = parse(c);

    POINT_WRITE("context.set", &c->name);
    c->name.first = name.first;
    POINT_WRITE("name.rest", &c->name);
    c->name.last = name.last;
    return &c->name;
}

struct context_name name_job_look(const struct context_name *name) {
    POINT_READ("view.read", name);
    return *name;
}

static struct context_name find(struct name_job *job) {
    if (job->own.first.text[0] != '\0')
        return job->own;
    return name_job_look(job->name);
}

static bool is_same(const struct context_word *a,
                    const struct context_word *b) {
    return strncmp(a->text, b->text, sizeof a->text) == 0;
}

static const char *compare(struct greeting *greeting) {
    static const char *const lines[] = {"名字不同", "名字撕裂", "名字相同"};
    struct context_name name = greeting->job.read(&greeting->job);

    return lines[is_same(&name.first, &greeting->wanted.first) +
                 is_same(&name.last, &greeting->wanted.last)];
}

static void end(struct greeting *greeting) {
    if (greeting->job.release != NULL)
        greeting->job.release(greeting->job.context);
    free(greeting);
}

static void run(void *argument) {
    struct greeting *greeting = argument;

    // As in timestamp_job.c: the delay is spent in this thread.
    uv_sleep(greeting->delay_ms);
    POINT("job.read");
    const char *line = compare(greeting);

    POINT("job.print");
    puts(line);
    OUTCOME(line);
    end(greeting);
}

bool name_job_start(struct context *c, struct name_job job) {
    struct greeting *greeting = heap_new(sizeof *greeting);

    greeting->job = job;
    if (job.read == NULL)
        greeting->job.read = find;
    greeting->wanted = parse(c);
    greeting->delay_ms = server_delay_ms(c->server);
    if (job_start(&c->server->jobs, run, greeting) == 0)
        return true;
    end(greeting);
    context_message(c, 503, "too many jobs");
    context_abort(c);
    return false;
}
