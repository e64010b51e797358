// happens.h - the harness's own happens-before: which two accesses of an
// execution does nothing order?
//
// A detector of races in the manner of FastTrack. Each task has a vector
// clock, each object that orders tasks has the clocks of those who released
// it, and each piece of memory has its last write and the reads since (of an
// atomic object, whose accesses nothing need order, more than one write). It is
// told what happens in an execution, in the order in which it happens. Two
// accesses to the same memory by two tasks, of which one at least writes and
// neither happens before the other, are a race.
//
// Rules
//   - An edge is what ThreadSanitizer takes for one, neither more nor less: a
//     try that fails is none, nor is a signal, nor one reader of a lock before
//     the next. docs/harness has the table.
//   - It sees the accesses that points announce, and those that are points
//     themselves (tsan/access.h), and no others. Those of an atomic object
//     order as C11's do by default, and do not race with each other. An update
//     is looked at before it is ordered, as ThreadSanitizer does: a plain write
//     that comes before the update that it follows races.
//   - Memory is the same if its address is, as when exploring. What is named
//     anew is new memory.
//   - Of the races on one piece of memory the first is kept.
//   - It allocates when an execution has more objects than any before it, and
//     forgets an execution without looking at them.
//
// Source: Flanagan and Freund, "FastTrack: Efficient and Precise Dynamic Race
// Detection", PLDI 2009.
#ifndef RACELAB_HAPPENS_H
#define RACELAB_HAPPENS_H

#include "limit.h"
#include "names.h"
#include "op.h"

struct happens_access {
    int task;
    bool write;
    const char *point; // borrowed for ever
    int step;          // its number
};

struct happens_race {
    char object[LIMIT_NAME]; // "context.keys"; "memory without a name"
    struct happens_access accesses[2]; // the earlier one first
};

// Step `from` happens before step `to`, which is another task's: by a lock, a
// start, a join. What a task does in turn is in order anyway.
struct happens_edge {
    int from, to; // numbers of steps; `to` 0: the task never made one
    int task;     // whose step `to` is
};

struct happens {
    struct happens_race races[LIMIT_RACES];
    int race_count;
    // NULL: nobody asks for them. Else LIMIT_EDGES of them.
    struct happens_edge *edges;
    int edge_count;
    struct happens_memory *memory; // its own
};

// Lays out the memory. 0, or -1: no memory.
int happens_init(struct happens *happens);
void happens_done(struct happens *happens);

// Another execution: nothing has happened yet.
void happens_clear(struct happens *happens);

// Keeps the edges of the executions to come. 0, or -1: no memory.
int happens_keep_edges(struct happens *happens);

// Does step `from` happen before step `to`? Both are in `trace`, and the edges
// have been kept. A step happens before itself.
struct trace;
bool happens_before(const struct happens *happens, const struct trace *trace,
                    int from, int to);

// What `task` does next it does in the step of that number. Only where edges
// are kept.
void happens_step(struct happens *happens, int task, int step);

// A task comes to be. `parent` has started it; -1: nobody has.
void happens_start(struct happens *happens, int parent, int task);

// `task` does `op`, which has been granted. Of a try: only if it succeeds, and
// as the lock that it then is. Operations that order nothing are passed over.
void happens_order(struct happens *happens, int task, const struct op *op);

// `task` does what the point `op` announces, in the step of that number.
// `name` is the name of the memory, or NULL. Likewise for a single access of
// some `bytes`, all of one word.
void happens_access(struct happens *happens, int task, const struct op *op,
                    const struct name *name, int step);

// The two halves of an edge, for what an operation does not tell by itself.
// `object` is an address, or the generation of a barrier: so low lies nothing.
void happens_release(struct happens *happens, int task, uintptr_t object);
void happens_acquire(struct happens *happens, int task, uintptr_t object);

// What was at `object` is gone, or made anew.
void happens_forget(struct happens *happens, uintptr_t object);

#endif
