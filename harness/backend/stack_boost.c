// stack_boost.c - stack.h by Boost.Context: seven instructions and no system
// call. Its two functions have C linkage but only a C++ header.
#include "stack.h"

struct transfer {
    void *position;
    void *data;
};
struct transfer jump_fcontext(void *to, void *data);
void *make_fcontext(void *top, size_t bytes, void (*entry)(struct transfer));

// What a jump carries: whom it leaves, and where it goes.
struct jump {
    struct stack *from, *to;
};

static void begin(struct transfer transfer) {
    struct jump *jump = transfer.data;
    struct stack *self = jump->to;
    jump->from->position = transfer.position;
    self->entry(self->argument);
}

int stack_prepare(struct stack *stack) {
    stack->position = make_fcontext((char *)stack->memory + stack->bytes,
                                    stack->bytes, begin);
    return 0;
}

void stack_switch(struct stack *from, struct stack *to) {
    struct jump jump = {from, to};
    struct transfer transfer = jump_fcontext(to->position, &jump);
    struct jump *back = transfer.data;
    back->from->position = transfer.position;
}

void stack_done(struct stack *stack) {
    stack->position = NULL;
}
