// stack_ucontext.c - stack.h by the C library alone, for systems without
// Boost.Context. Each switch saves and restores the signal mask.
#include "stack.h"

#include <stdint.h>
#include <stdlib.h>
#include <ucontext.h>

static void begin(unsigned high, unsigned low) {
    struct stack *self =
        (struct stack *)((uintptr_t)high << 16 << 16 | (uintptr_t)low);
    self->entry(self->argument);
}

static ucontext_t *context_of(struct stack *stack) {
    if (!stack->position)
        stack->position = calloc(1, sizeof(ucontext_t));
    if (!stack->position)
        abort(); // a kilobyte: nothing can go on
    return stack->position;
}

int stack_prepare(struct stack *stack) {
    ucontext_t *context = context_of(stack);
    uintptr_t self = (uintptr_t)stack;
    if (getcontext(context))
        return -1;
    context->uc_stack.ss_sp = stack->memory;
    context->uc_stack.ss_size = stack->bytes;
    context->uc_link = NULL;
    makecontext(context, (void (*)(void))begin, 2, (unsigned)(self >> 16 >> 16),
                (unsigned)self);
    return 0;
}

void stack_switch(struct stack *from, struct stack *to) {
    swapcontext(context_of(from), context_of(to));
}

void stack_done(struct stack *stack) {
    free(stack->position);
    stack->position = NULL;
}
