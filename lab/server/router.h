// router.h - which handlers a request runs through.
//
// Patterns as Gin's: "/users/me" is itself, "/users/:id" takes one segment,
// "/files/*path" takes the rest, with its leading slash. Where several fit, the
// most exact wins, segment by segment: text before :param before *wildcard.
//
// Gin keeps a tree for each method. A program has a screen of routes, and a
// loop over them is as quick and can be read; that is on purpose.
//
// Rules
//   - Routes are added before the engine runs and only read from then on, by
//     all loops at once.
//   - A group is a value: a prefix and a chain that its routes begin with.
#ifndef LAB_SERVER_ROUTER_H
#define LAB_SERVER_ROUTER_H

#include "limits.h"

#include <stdbool.h>
#include <stddef.h>

struct context;

// Gin's HandlerFunc: a handler, or a middleware that calls context_next().
typedef void handler_func(struct context *c);

struct router_chain {
    handler_func *handlers[CHAIN_MAX];
    unsigned count;
};

struct router_route {
    const char *method;                 // borrowed for ever: a literal
    const char *segments[SEGMENTS_MAX]; // "users", ":id", "*path": in `pattern`
    unsigned segment_count;
    struct router_chain chain;
    char pattern[]; // as it was added; behind its NUL again, to be cut
};

struct router {
    struct router_route *routes[ROUTES_MAX]; // owned
    unsigned count;
};

struct router_group {
    struct router *router; // borrowed
    char prefix[PATTERN_BYTES_MAX + 1];
    struct router_chain chain;
};

// What :params and *wildcards matched. Self-contained, so that a context can
// be copied: the values lie in `text`.
struct router_params {
    unsigned count;
    struct router_param {
        const char *name; // borrowed from the route
        size_t value;     // where in `text`
    } entries[PARAMS_MAX];
    char text[URL_BYTES_MAX + 2 * PARAMS_MAX];
};

struct router_match {
    const struct router_route *route; // NULL: see `status`
    int status;                       // 200, 404 or 405
    char allow[128];                  // at 405: "GET, POST"
};

// Copies what there is, and not the room for more.
void router_chain_copy(struct router_chain *copy,
                       const struct router_chain *chain);

void router_init(struct router *router);

// Nobody looks for a route any more.
void router_done(struct router *router);

// The group of all routes: no prefix, no middleware.
struct router_group router_root(struct router *router);

// A group below `group`: its prefix and its chain so far, and `prefix`.
struct router_group router_group(const struct router_group *group,
                                 const char *prefix);

// From here on the group's new routes run `middleware` before their handler.
// 0, or UV_ENOSPC when a chain is full.
int router_use(struct router_group *group, handler_func *middleware);

// Adds a route. 0, or UV_EEXIST when the same requests have a route, UV_EINVAL
// on a bad pattern, UV_ENOSPC beyond a limit.
int router_handle(struct router_group *group, const char *method,
                  const char *path, handler_func *handler);

// Finds the best route. A HEAD without a route of its own is a GET.
struct router_match router_find(const struct router *router, const char *method,
                                const char *path);

// Has it a :param or a *wildcard?
bool router_has_params(const struct router_route *route);

// Cuts `path`, which `route` has matched, into its params.
void router_params(const struct router_route *route, const char *path,
                   struct router_params *params);

// Copies what there is, and not the room for more.
void router_params_copy(struct router_params *copy,
                        const struct router_params *params);

#endif
