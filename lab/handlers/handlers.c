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

static void add(const struct router_group *root, const char *path,
                const struct handler *handler) {
    struct router_group group = router_group(root, path);

    if (handler->middleware != NULL)
        router_use(&group, handler->middleware);
    if (router_handle(&group, "GET", "", handler->handle) != 0)
        abort(); // three routes fit, and no two are alike
}

void handlers_route(const struct handler *handler, struct engine *engine) {
    static const struct handler health = {.handle = healthcheck};
    const struct router_group *root = engine_root(engine);

    add(root, handler->path != NULL ? handler->path : "/test", handler);
    add(root, "/testfix", &copy_handler);
    add(root, "/healthcheck", &health);
}
