#include "handlers/handlers.h"

#include "server/engine.h"

#include <stdlib.h>
#include <string.h>

#define ROW(stem, text, ...) {#stem, text, &stem##_handler},
const struct handlers_entry handlers_table[] = {
    HANDLERS(ROW) //
    {NULL, NULL, NULL},
};

const struct handler *handlers_find(const char *name) {
    for (const struct handlers_entry *at = handlers_table; at->name; at++)
        if (strcmp(at->name, name) == 0)
            return at->handler;
    return NULL;
}

static void add(struct router_group *group, const char *path,
                const struct handler *handler) {
    if (router_handle(group, "GET", path, handler->handle) != 0)
        abort(); // three routes fit, and no two are alike
}

static void add_behind(const struct router_group *root, const char *path,
                       const struct handler *handler) {
    struct router_group group = router_group(root, path);

    router_use(&group, handler->middleware);
    add(&group, "", handler);
}

void handlers_route(const struct handler *handler, struct engine *engine) {
    static const struct handler health = {.handle = healthcheck};
    struct router_group *root = engine_root(engine);
    const char *path = handler->path != NULL ? handler->path : "/test";

    if (handler->middleware != NULL)
        add_behind(root, path, handler);
    else
        add(root, path, handler);
    add(root, "/testfix", &copy_handler);
    add(root, "/healthcheck", &health);
}
