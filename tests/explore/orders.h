// orders.h - small programs that race in some of their executions and not in
// others: each has one primitive that orders two accesses, or comes too late.
//
// Every access to what the tasks share is announced, so the harness's own
// detector and ThreadSanitizer see the same.
#ifndef RACELAB_ORDERS_H
#define RACELAB_ORDERS_H

#include <racelab/program.h>

extern const struct racelab_program orders[];
extern const int order_count;

#endif
