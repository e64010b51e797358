#include "job.h"

#include "heap.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <uv.h>

struct job {
    struct job *next;
    uv_thread_t thread;
    void (*run)(void *);
    void *argument;
    atomic_bool has_ended; // relaxed: says when to join, and orders nothing
};

void job_table_init(struct job_table *table) {
    table->first = NULL;
    table->end = &table->first;
    table->count = 0;
}

static void join(struct job *job) {
    uv_thread_join(&job->thread);
    free(job);
}

void job_table_done(struct job_table *table) {
    struct job *next;

    for (struct job *job = table->first; job != NULL; job = next) {
        next = job->next;
        join(job);
    }
    job_table_init(table);
}

static bool has_ended(const struct job *job) {
    return atomic_load_explicit(&job->has_ended, memory_order_relaxed);
}

// Makes room in a table that is full.
static void reap(struct job_table *table) {
    struct job **at = &table->first;

    while (*at != NULL) {
        struct job *job = *at;
        if (has_ended(job)) {
            *at = job->next;
            table->count--;
            join(job);
        } else {
            at = &job->next;
        }
    }
    table->end = at;
}

static void body(void *argument) {
    struct job *job = argument;

    job->run(job->argument);
    atomic_store_explicit(&job->has_ended, true, memory_order_relaxed);
}

int job_start(struct job_table *table, void (*run)(void *), void *argument) {
    if (table->count == JOBS_MAX)
        reap(table);
    if (table->count == JOBS_MAX)
        return UV_EAGAIN;

    struct job *job = heap_new(sizeof *job);
    job->run = run;
    job->argument = argument;
    atomic_init(&job->has_ended, false);
    if (uv_thread_create(&job->thread, body, job) != 0) {
        free(job);
        return UV_EAGAIN;
    }
    *table->end = job;
    table->end = &job->next;
    table->count++;
    return 0;
}

void job_join_last(struct job_table *table) {
    struct job **at = &table->first;

    while ((*at)->next != NULL)
        at = &(*at)->next;
    struct job *last = *at;
    *at = NULL;
    table->end = at;
    table->count--;
    join(last);
}

unsigned job_pending(const struct job_table *table) {
    unsigned count = 0;

    for (const struct job *job = table->first; job != NULL; job = job->next)
        count += !has_ended(job);
    return count;
}
