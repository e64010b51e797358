#include "router.h"

#include "heap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

void router_init(struct router *router) {
    router->count = 0;
}

void router_done(struct router *router) {
    for (unsigned i = 0; i < router->count; i++)
        free(router->routes[i]);
}

void router_chain_copy(struct router_chain *copy,
                       const struct router_chain *chain) {
    copy->count = chain->count;
    for (unsigned i = 0; i < chain->count; i++)
        copy->handlers[i] = chain->handlers[i];
}

struct router_group router_root(struct router *router) {
    return (struct router_group){.router = router};
}

struct router_group router_group(const struct router_group *group,
                                 const char *prefix) {
    struct router_group inner = {.router = group->router};
    size_t bytes = strlen(group->prefix);
    size_t more = strnlen(prefix, PATTERN_BYTES_MAX - bytes);

    router_chain_copy(&inner.chain, &group->chain);
    // One that is cut is as long as it can be, so that its routes are refused.
    memcpy(inner.prefix, group->prefix, bytes);
    memcpy(inner.prefix + bytes, prefix, more);
    inner.prefix[bytes + more] = '\0';
    return inner;
}

int router_use(struct router_group *group, handler_func *middleware) {
    struct router_chain *chain = &group->chain;

    if (chain->count == CHAIN_MAX)
        return UV_ENOSPC;
    chain->handlers[chain->count++] = middleware;
    return 0;
}

// How exact a segment is: text, :param, *wildcard.
static int rank(const char *segment) {
    return *segment == '*' ? 0 : *segment == ':' ? 1 : 2;
}

// Cuts the pattern at its slashes. A wildcard is last; params have names.
static int cut(struct router_route *route) {
    unsigned params = 0;
    char *at = route->pattern + strlen(route->pattern) + 1;

    if (*at != '/')
        return UV_EINVAL;
    while (at != NULL) {
        *at++ = '\0';
        if (route->segment_count == SEGMENTS_MAX)
            return UV_ENOSPC;
        route->segments[route->segment_count++] = at;
        char *slash = strchr(at, '/');
        bool is_named = *at == ':' || *at == '*';
        bool is_nameless = at[1] == '\0' || at[1] == '/';
        if (is_named && (is_nameless || (*at == '*' && slash != NULL)))
            return UV_EINVAL;
        params += is_named;
        at = slash;
    }
    return params > PARAMS_MAX ? UV_ENOSPC : 0;
}

// Whether two routes take exactly the same requests.
static bool is_same(const struct router_route *a,
                    const struct router_route *b) {
    if (strcmp(a->method, b->method) != 0 ||
        a->segment_count != b->segment_count)
        return false;
    for (unsigned i = 0; i < a->segment_count; i++) {
        int a_rank = rank(a->segments[i]);
        if (a_rank != rank(b->segments[i]))
            return false;
        if (a_rank == 2 && strcmp(a->segments[i], b->segments[i]) != 0)
            return false;
    }
    return true;
}

static bool is_taken(const struct router *router,
                     const struct router_route *route) {
    for (unsigned i = 0; i < router->count; i++)
        if (is_same(router->routes[i], route))
            return true;
    return false;
}

static struct router_route *make_route(const struct router_group *group,
                                       const char *method, const char *path) {
    size_t prefix = strlen(group->prefix), rest = strlen(path) + 1;
    struct router_route *route = heap_new(sizeof *route + 2 * (prefix + rest));

    route->method = method;
    router_chain_copy(&route->chain, &group->chain);
    memcpy(route->pattern, group->prefix, prefix);
    memcpy(route->pattern + prefix, path, rest);
    memcpy(route->pattern + prefix + rest, route->pattern, prefix + rest);
    return route;
}

int router_handle(struct router_group *group, const char *method,
                  const char *path, handler_func *handler) {
    struct router *router = group->router;
    size_t bytes = strlen(group->prefix) + strlen(path);

    if (router->count == ROUTES_MAX || group->chain.count == CHAIN_MAX ||
        bytes > PATTERN_BYTES_MAX)
        return UV_ENOSPC;

    struct router_route *route = make_route(group, method, path);
    int error = cut(route);
    if (error == 0 && is_taken(router, route))
        error = UV_EEXIST;
    if (error != 0) {
        free(route);
        return error;
    }
    route->chain.handlers[route->chain.count++] = handler;
    router->routes[router->count++] = route;
    return 0;
}

// Whether the pattern takes the path. `path` begins with a slash.
static bool fits(const struct router_route *route, const char *path) {
    for (unsigned i = 0; i < route->segment_count; i++) {
        const char *segment = route->segments[i];
        if (*path != '/')
            return false;
        if (*segment == '*')
            return true;
        path++;
        size_t bytes = strcspn(path, "/");
        bool is_here = *segment == ':' ? bytes > 0
                                       : strlen(segment) == bytes &&
                                             memcmp(segment, path, bytes) == 0;
        if (!is_here)
            return false;
        path += bytes;
    }
    return *path == '\0';
}

// Both take the same path: which one says more about it?
static bool is_better(const struct router_route *a,
                      const struct router_route *b) {
    for (unsigned i = 0; i < a->segment_count && i < b->segment_count; i++) {
        int difference = rank(a->segments[i]) - rank(b->segments[i]);
        if (difference != 0)
            return difference > 0;
    }
    return false;
}

static bool takes(const struct router_route *route, const char *method) {
    return strcmp(route->method, method) == 0;
}

static const struct router_route *best(const struct router *router,
                                       const char *method, const char *path) {
    const struct router_route *found = NULL;

    for (unsigned i = 0; i < router->count; i++) {
        const struct router_route *route = router->routes[i];
        if (takes(route, method) && fits(route, path) &&
            (found == NULL || is_better(route, found)))
            found = route;
    }
    return found;
}

// Adds a method to "GET, POST", once.
static void allow(struct router_match *match, const char *method) {
    size_t bytes = strlen(match->allow);

    if (strstr(match->allow, method) == NULL)
        snprintf(match->allow + bytes, sizeof match->allow - bytes, "%s%s",
                 bytes > 0 ? ", " : "", method);
}

struct router_match router_find(const struct router *router, const char *method,
                                const char *path) {
    struct router_match match = {.status = 200};

    match.route = best(router, method, path);
    if (match.route == NULL && strcmp(method, "HEAD") == 0)
        match.route = best(router, "GET", path);
    if (match.route != NULL)
        return match;

    for (unsigned i = 0; i < router->count; i++) {
        const struct router_route *route = router->routes[i];
        if (!fits(route, path))
            continue;
        allow(&match, route->method);
        if (takes(route, "GET"))
            allow(&match, "HEAD");
    }
    match.status = match.allow[0] != '\0' ? 405 : 404;
    return match;
}

bool router_has_params(const struct router_route *route) {
    return strpbrk(route->pattern, ":*") != NULL;
}

void router_params(const struct router_route *route, const char *path,
                   struct router_params *params) {
    size_t used = 0;

    params->count = 0;
    for (unsigned i = 0; i < route->segment_count; i++) {
        const char *segment = route->segments[i];
        size_t bytes = 1 + strcspn(path + 1, "/");
        if (*segment == ':' || *segment == '*') {
            const char *value = *segment == '*' ? path : path + 1;
            size_t length = *segment == '*' ? strlen(path) : bytes - 1;
            struct router_param *param = &params->entries[params->count++];
            param->name = segment + 1;
            param->value = used;
            memcpy(params->text + used, value, length);
            used += length;
            params->text[used++] = '\0';
        }
        path += bytes;
    }
}

void router_params_copy(struct router_params *copy,
                        const struct router_params *params) {
    copy->count = params->count;
    for (unsigned i = 0; i < params->count; i++) {
        size_t value = params->entries[i].value;
        copy->entries[i] = params->entries[i];
        strcpy(copy->text + value, params->text + value);
    }
}
