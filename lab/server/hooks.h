// hooks.h - the three places in which a lesson's server may differ from Gin's.
//
// All of them are about a context between two requests: how it is cleared, and
// who puts it back. A handler that needs none of them leaves them as they are.
#ifndef LAB_SERVER_HOOKS_H
#define LAB_SERVER_HOOKS_H

#include <stdbool.h>

struct context;

struct hooks {
    // Clears what the next request must not find; NULL: context_clear().
    void (*clear)(struct context *c);
    // Does with the context what is to be done when it has been answered; NULL:
    // pool_put(), or with `counts_users` context_release().
    void (*done)(struct context *c);
    // A context goes back to its pool when its last user has released it, in
    // whichever thread that is.
    bool counts_users;
};

#endif
