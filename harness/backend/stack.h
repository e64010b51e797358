// stack.h - leaving one stack and going on with another.
#ifndef RACELAB_STACK_H
#define RACELAB_STACK_H

#include <stddef.h>

struct stack {
    void *memory; // its lowest byte; owned by whoever made it
    size_t bytes;
    void (*entry)(void *argument); // never returns
    void *argument;
    void *position; // where it stands; the twin's own
};

// Lays the first frame out: the first switch to it calls entry(argument).
// -1: no memory.
int stack_prepare(struct stack *stack);

// Leaves `from`, which may be the thread's own stack (all zero at first), and
// goes on in `to`. Returns when somebody switches back to `from`.
void stack_switch(struct stack *from, struct stack *to);

void stack_done(struct stack *stack);

#endif
