// after.h - a request that is kept open until its time has come.
#ifndef LAB_SERVER_AFTER_H
#define LAB_SERVER_AFTER_H

struct context;

// Keeps the request of `c` open (context_hold), and calls call(c, data) on the
// loop's thread after `delay_ms`. Somebody must call context_finish() then.
void context_after(struct context *c, unsigned delay_ms,
                   void (*call)(struct context *c, void *data), void *data);

#endif
