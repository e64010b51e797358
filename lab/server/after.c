#include "after.h"

#include "context.h"
#include "heap.h"
#include "server.h"

#include <stdlib.h>

struct after {
    uv_timer_t timer;
    struct context *context;
    void (*call)(struct context *c, void *data);
    void *data;
};

static void on_closed(uv_handle_t *timer) {
    free(timer);
}

static void on_timer(uv_timer_t *timer) {
    struct after *after = (struct after *)timer;

    uv_close((uv_handle_t *)timer, on_closed);
    after->call(after->context, after->data);
}

void context_after(struct context *c, unsigned delay_ms,
                   void (*call)(struct context *c, void *data), void *data) {
    struct after *after = heap_new(sizeof *after);

    context_hold(c);
    after->context = c;
    after->call = call;
    after->data = data;
    uv_timer_init(&c->server->loop, &after->timer);
    uv_timer_start(&after->timer, on_timer, delay_ms, 0);
}
