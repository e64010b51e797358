// baseline.h - what executions are compared with: each `once` of a row (see
// measure.h). None is under control or instrumented.
#ifndef RACELAB_BASELINE_H
#define RACELAB_BASELINE_H

// Bare switches between two stacks. A unit is one switch.
long baseline_switches(const void *nothing);

// Two requests over a pair of sockets, one after the other, each answered by a
// libuv loop that lives as long as the benchmark. A unit is both.
long baseline_exchange(const void *nothing);

// A libuv loop that begins to listen on a TCP port, and is closed. A unit is
// one loop.
long baseline_loop(const void *nothing);

#endif
