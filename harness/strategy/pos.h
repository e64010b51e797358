// pos.h - the strategy that draws a priority for each operation, and not for
// each task.
//
// The most important of the operations that tasks stand before is done. Then
// the task's next one is given a priority of its own, and those that depend on
// the one done are given new ones. So each order of operations that depend on
// one another has its chance, however many steps lie between them.
//
// Source: Yuan, Yang, Gu: Partial Order Aware Concurrency Sampling, CAV 2018.
#ifndef RACELAB_POS_H
#define RACELAB_POS_H

#include "ports.h"

// NULL: no memory.
struct strategy *pos_new(const struct strategy_options *options);

#endif
