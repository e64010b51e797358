// malloc_free.c - a wrong fix: no pool, a context is allocated and freed.
//
// Story. It is the pool that gives the context to the next request. So there is
// none: each request has a context of its own, which is freed when it is over.
//
// Wrong: `.done = drop`. malloc() is a pool too: it hands out again what free()
// took back, and here nothing even says what is in it.
//
// Seen: anything, mostly what raw.c shows. ThreadSanitizer: free() and the next
// user write, context_get() reads. AddressSanitizer: heap-use-after-free.
//
// Smallest schedule: A is answered, then A's job reads.
//
// Right: copy.c.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/server.h"
#include "server/wallclock.h"

static void drop(struct context *c) {
    pool_drop(&c->server->pool, c);
}

static void handle(struct context *c) {
    int64_t unix_ms = wallclock_ms();

    context_set(c, "timestamp", unix_ms);
    struct timestamp_job job = {
        .context = c,
        .unix_ms = unix_ms,
    };
    if (timestamp_job_start(c, job))
        context_message(c, 200, "test success");
}

const struct handler malloc_free_handler = {
    .handle = handle,
    .hooks.done = drop,
};
