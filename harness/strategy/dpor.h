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

#include "ports.h"

// NULL: no memory.
struct strategy *dpor_new(const struct strategy_options *options);

// For tests, of one that was made by dpor_new. From now on `chooser` chooses,
// and it only looks on. Borrows both.
void dpor_observe(struct strategy *dpor, struct strategy *chooser);
// After an execution, before `next`: the same number for those of one kind,
// another one for all others.
uint64_t dpor_kind(const struct strategy *dpor);

#endif
