// pool.h - contexts that wait to be used again, as in Go's sync.Pool.
//
// Last in, first out: the context that was put last is the next one given. So
// one loop whose handlers answer at once uses one context for everything, and
// an escaped context is met again by the very next request.
//
// Rules
//   - One pool a loop, used by that loop's thread alone; hence no lock.
//   - What was put must not be used again. Nothing here can check that.
#ifndef LAB_SERVER_POOL_H
#define LAB_SERVER_POOL_H

struct context;
struct server;

struct pool {
    struct server *server; // borrowed: whose contexts these are
    struct context *first; // the one that was put last
};

void pool_init(struct pool *pool, struct server *server);

// Frees the contexts that are in the pool. All must have been put.
void pool_done(struct pool *pool);

// Gives a context, on behalf of the request `id`: as its last user left it, or
// a new one. The caller resets it and puts it back.
struct context *pool_get(struct pool *pool, const char *id);

// Takes it back.
void pool_put(struct pool *pool, struct context *c);

#endif
