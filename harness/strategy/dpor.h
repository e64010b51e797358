// dpor.h - the strategy that runs one execution of each kind and no more:
// optimal dynamic partial order reduction.
//
// Two executions are of one kind (one Mazurkiewicz trace) when one can be had
// from the other by exchanging neighbouring steps that do not depend on each
// other. After each execution every pair of dependent steps that happened in
// one order and could have happened in the other is looked at, and the shortest
// way to the other order is kept in a wakeup tree; sleep sets say what has been
// explored already. So no kind is missed, none is run twice, and no execution
// is begun that could only repeat another.
//
// Source: Abdulla, Aronis, Jonsson, Sagonas: "Optimal Dynamic Partial Order
// Reduction", POPL 2014, and its extension to locks in JACM 64(4), 2017.
//
// Rules
//   - The program must be deterministic: the same choices, the same steps. If
//     it is not, the execution ends as diverged, with the first step that
//     differs.
//   - What depends on what is said by footprint.c alone; docs/exploring has it
//     in words.
#ifndef RACELAB_DPOR_H
#define RACELAB_DPOR_H

#include "scheduler.h"

struct dpor;

// NULL: no memory.
struct dpor *dpor_new(void);
void dpor_free(struct dpor *dpor);

// The strategy for the next execution. Borrowed until dpor_free.
struct strategy *dpor_strategy(struct dpor *dpor);

// To be called after each execution: learns from it. False: every kind of
// execution has been run.
bool dpor_next(struct dpor *dpor);

// How many executions were given up because they could only have repeated
// another. Optimal means that this stays 0.
long dpor_blocked(const struct dpor *dpor);

// For tests. From now on `chooser` chooses, and we only look on: returns the
// strategy for one execution. Borrowed, both.
struct strategy *dpor_observe(struct dpor *dpor, struct strategy *chooser);
// After an execution, before dpor_next or dpor_observe: the same number for
// those of one kind, another one for all others.
uint64_t dpor_kind(const struct dpor *dpor);

#endif
