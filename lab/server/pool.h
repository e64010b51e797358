// pool.h - contexts that wait to be used again, as in Go's sync.Pool.
//
// Last in, first out: the context that was put last is the next one given. So
// one loop whose handlers answer at once uses one context for everything, and
// an escaped context is met again by the very next request.
//
// Rules
//   - One pool a loop, used by that loop's thread alone; hence no lock. Where
//     contexts count their users (hooks.h) any thread may put, under one.
//   - What was put must not be used again. Nothing here can check that.
#ifndef LAB_SERVER_POOL_H
#define LAB_SERVER_POOL_H

#include <stdbool.h>
#include <uv.h>

struct context;
struct server;

struct pool {
    struct server *server; // borrowed: whose contexts these are
    struct context *first; // the one that was put last
    struct context *made;  // the one that was made last
    bool is_shared;        // other threads put, too
    uv_mutex_t lock;       // where it is shared: hold it to use `first`
};

void pool_init(struct pool *pool, struct server *server, bool is_shared);

// Frees all that it has made, put or not. Nobody uses them now.
void pool_done(struct pool *pool);

// Gives a context, on behalf of the request `id`: as its last user left it, or
// a new one. The caller resets it and puts it back.
struct context *pool_get(struct pool *pool, const char *id);

// Takes it back.
void pool_put(struct pool *pool, struct context *c);

// The same, but frees it: a lesson without a pool.
void pool_drop(struct pool *pool, struct context *c);

#endif
