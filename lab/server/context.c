#include "context.h"

#include "engine.h"
#include "heap.h"
#include "pool.h"
#include "server.h"

#include <racelab/point.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct context *make(struct server *server) {
    struct context *c = heap_new(sizeof *c);

    c->server = server;
    c->keys = &c->own_keys;
    if (uv_rwlock_init(&c->lock) != 0)
        abort(); // it only ever wants memory
    return c;
}

struct context *context_new(struct server *server) {
    struct context *c = make(server);

    NAMED(c, sizeof *c, "context");
    NAMED(&c->own_keys, sizeof c->own_keys, "context.keys");
    NAMED(&c->lock, sizeof c->lock, "context.lock");
    NAMED(&c->params, sizeof c->params, "context.params");
    NAMED(&c->generation, sizeof c->generation, "context.generation");
    NAMED(&c->users, sizeof c->users, "context.users");
    NAMED(&c->timestamp, sizeof c->timestamp, "context.timestamp");
    NAMED(&c->name, sizeof c->name, "context.name");
    return c;
}

void context_free(struct context *c) {
    uv_rwlock_destroy(&c->lock);
    free(c->body);
    free(c);
}

static void clear_params(struct context *c) {
    if (c->params.count == 0)
        return;
    POINT_WRITE("context.reset", &c->params);
    c->params.count = 0;
}

// No lock, as in Gin: the context is ours alone here, or so it thinks.
void context_clear(struct context *c) {
    POINT_WRITE("context.reset", c->keys);
    c->keys->count = 0;
}

void context_clear_locked(struct context *c) {
    uv_rwlock_wrlock(&c->lock);
    context_clear(c);
    uv_rwlock_wrunlock(&c->lock);
}

void context_reset(struct context *c) {
    const struct hooks *hooks = &engine_options(c->server->engine)->hooks;

    c->chain.count = 0;
    c->index = 0;
    c->is_held = false;
    c->status = 200;
    c->headers[0] = '\0';
    free(c->body);
    c->body = NULL;
    c->body_bytes = 0;
    clear_params(c);
    if (hooks->clear != NULL)
        hooks->clear(c);
    else
        context_clear(c);
    POINT("context.cleared");
}

void context_retain(struct context *c) {
    POINT_UPDATE("context.retain", &c->users);
    atomic_fetch_add(&c->users, 1);
}

void context_release(struct context *c) {
    POINT_UPDATE("context.release", &c->users);
    if (atomic_fetch_sub(&c->users, 1) == 1)
        pool_put(&c->server->pool, c);
}

struct context *context_copy(struct context *source) {
    struct context *copy = make(source->server);

    NAMED(copy, sizeof *copy, "copy");
    NAMED(&copy->own_keys, sizeof copy->own_keys, "copy.keys");
    NAMED(&copy->lock, sizeof copy->lock, "copy.lock");
    // Not the id: no lock guards it, and a copy answers nobody.
    router_params_copy(&copy->params, &source->params);

    uv_rwlock_rdlock(&source->lock);
    POINT_READ("context.copy", source->keys);
    unsigned count = source->keys->count;
    for (unsigned i = 0; i < count; i++)
        copy->keys->entries[i] = source->keys->entries[i];
    uv_rwlock_rdunlock(&source->lock);

    copy->keys->count = count;
    return copy;
}

void context_next(struct context *c) {
    // A handler that returns without next() has the following ones run all the
    // same, as in Gin: a middleware without an "after" need not call it.
    while (c->index < c->chain.count) {
        handler_func *handler = c->chain.handlers[c->index++];
        handler(c);
    }
}

void context_abort(struct context *c) {
    c->index = c->chain.count;
}

void context_hold(struct context *c) {
    c->is_held = true;
}

void context_finish(struct context *c) {
    c->on_finish(c);
}

int context_set(struct context *c, const char *key, int64_t value) {
    struct keys *keys = c->keys;
    unsigned i = 0;

    if (strlen(key) > KEY_BYTES_MAX)
        return UV_ENAMETOOLONG;
    uv_rwlock_wrlock(&c->lock);
    POINT_WRITE("context.set", keys);
    unsigned count = keys->count;
    while (i < count && strcmp(keys->entries[i].name, key) != 0)
        i++;
    if (i < KEYS_MAX) {
        if (i == count) {
            strcpy(keys->entries[i].name, key);
            keys->count = count + 1;
        }
        keys->entries[i].value = value;
        SAW(key, value);
    }
    uv_rwlock_wrunlock(&c->lock);
    return i < KEYS_MAX ? 0 : UV_ENOSPC;
}

bool context_find(const struct context *c, const char *key, int64_t *value) {
    const struct keys *keys = c->keys;
    unsigned i = 0;

    POINT_READ("context.get", keys);
    unsigned count = keys->count;
    while (i < count && strcmp(keys->entries[i].name, key) != 0)
        i++;
    if (i < count)
        *value = keys->entries[i].value;
    SAW(i < count ? key : "keys", i < count ? *value : (long long)count);
    return i < count;
}

bool context_get(struct context *c, const char *key, int64_t *value) {
    uv_rwlock_rdlock(&c->lock);
    bool is_there = context_find(c, key, value);
    uv_rwlock_rdunlock(&c->lock);
    return is_there;
}

const char *context_param(const struct context *c, const char *name) {
    POINT_READ("context.get", &c->params);
    unsigned count = c->params.count;

    for (unsigned i = 0; i < count; i++)
        if (strcmp(c->params.entries[i].name, name) == 0)
            return c->params.text + c->params.entries[i].value;
    return NULL;
}

void context_json(struct context *c, int status, json_t *body) {
    const size_t flags = JSON_COMPACT | JSON_ENCODE_ANY;
    char text[BODY_BYTES]; // to let it grow takes far more calls
    size_t bytes = json_dumpb(body, text, sizeof text, flags);

    free(c->body);
    c->status = status;
    c->body = bytes > 0 ? heap_new(bytes) : NULL;
    c->body_bytes = bytes;
    if (bytes > sizeof text)
        json_dumpb(body, c->body, bytes, flags);
    else if (bytes > 0)
        memcpy(c->body, text, bytes);
    json_decref(body);
}

void context_message(struct context *c, int status, const char *text) {
    context_json(c, status, json_pack("{s:s}", "message", text));
}

int context_header(struct context *c, const char *name, const char *value) {
    size_t bytes = strlen(c->headers);

    if (strpbrk(name, "\r\n:") != NULL || strpbrk(value, "\r\n") != NULL)
        return UV_EINVAL;
    if (strlen(name) + strlen(value) + 4 > ANSWER_HEADER_BYTES_MAX - bytes)
        return UV_ENOSPC;
    sprintf(c->headers + bytes, "%s: %s\r\n", name, value);
    return 0;
}
