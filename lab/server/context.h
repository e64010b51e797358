// context.h - what a handler is given: one request, and the answer to it.
//
// As Gin's Context, and with Gin's trap. A context comes from a pool, is reset
// at the NEXT get, and goes back to the pool when its handlers have returned.
// Whoever still holds it then holds somebody else's context. To take one along
// into a thread, take a context_copy().
//
// Rules
//   - All of this is for the loop's thread. context_get(), context_set() and
//     context_copy() hold the context's lock and may be called from any thread
//     by one who owns the context.
//   - context_clear() clears the keys WITHOUT the lock, as Gin does.
//   - Strings that a context gives are borrowed until it is put.
//
// Two simplifications on purpose. The keys live inside the context and are
// cleared in place (Gin drops its map, and the collector keeps what a reader
// still reads), and the pool never frees: a stale read is wrong, not a crash.
#ifndef LAB_SERVER_CONTEXT_H
#define LAB_SERVER_CONTEXT_H

#include "limits.h"
#include "router.h"

#include <jansson.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

struct connection;
struct http_request;
struct server;

struct keys {
    unsigned count;
    struct key {
        char name[KEY_BYTES_MAX + 1];
        int64_t value;
    } entries[KEYS_MAX];
};

struct context {
    _Alignas(ROUND_BYTES) struct server *server; // borrowed: its pool's
    struct context *next;                        // in the pool
    struct context *made;                        // by the pool, before it

    // Set at each get, by the loop.
    struct connection *connection; // borrowed until the put; NULL in a copy
    const struct http_request *request; // likewise
    char id[REQUEST_ID_BYTES_MAX + 1];  // X-Request-Id, or a number
    uint64_t begin_ns;

    // The chain, and where it is.
    struct router_chain chain;
    unsigned index; // of the handler that runs next
    bool is_held;   // a handler will call context_finish() later
    void (*on_finish)(struct context *c);
    struct router_params params;

    // The answer, as far as it is known.
    int status;
    char headers[ANSWER_HEADER_BYTES_MAX + 1];
    char *body; // owned
    size_t body_bytes;

    // Hold `lock` to use `keys` and `generation`. context_clear() does not.
    uv_rwlock_t lock;
    struct keys *keys; // own_keys, unless a lesson has them shared
    struct keys own_keys;
    unsigned generation; // counted by handlers/generation.c

    atomic_uint users;      // where they are counted: see hooks.h
    atomic_llong timestamp; // instead of a key, in handlers/atomic.c
    struct context_name {
        struct context_word {
            char text[8];
        } first, last;
    } name; // in handlers/view.c
};

// Gives a context that belongs to `server`. Free it with context_free().
struct context *context_new(struct server *server);

// Takes a context that nobody else uses, from context_new() or context_copy().
void context_free(struct context *c);

// Makes a context that was used before as good as new.
void context_reset(struct context *c);

// What a reset does to the keys, and the same with the lock held: see hooks.h.
void context_clear(struct context *c);
void context_clear_locked(struct context *c);

// One more user, and one less: the last one puts it back. From any thread, and
// only where hooks.counts_users says so.
void context_retain(struct context *c);
void context_release(struct context *c);

// Gives a copy of params and keys that no pool knows of, with a lock of its
// own. It has no id, no connection, and cannot answer.
struct context *context_copy(struct context *source);

// Runs the handlers after the one that calls; returns when they have.
void context_next(struct context *c);

// The handlers that have not run yet will not.
void context_abort(struct context *c);

// Keeps the request open after the handlers have returned, until someone calls
// context_finish(), on the loop's thread, when the answer is set.
void context_hold(struct context *c);
void context_finish(struct context *c);

// Sets a key. 0, or UV_ENAMETOOLONG, or UV_ENOSPC when KEYS_MAX others are set.
int context_set(struct context *c, const char *key, int64_t value);

// False, with *value as it was, when there is no such key.
bool context_get(struct context *c, const char *key, int64_t *value);

// The same for one who holds `lock`.
bool context_find(const struct context *c, const char *key, int64_t *value);

// What the route's :name or *name matched; NULL when it has none.
const char *context_param(const struct context *c, const char *name);

// Answers. Takes `body`. Of several answers the last one counts.
void context_json(struct context *c, int status, json_t *body);

// Answers {"message": text}.
void context_message(struct context *c, int status, const char *text);

// Adds a header to the answer. UV_EINVAL when a line break hides in it,
// UV_ENOSPC beyond ANSWER_HEADER_BYTES_MAX.
int context_header(struct context *c, const char *name, const char *value);

#endif
