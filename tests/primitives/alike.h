// alike.h - small programs that print what libuv does, and must print the same
// on real libuv and under control.
//
// Each is an ordinary libuv program, compiled twice. What it prints must not
// depend on how fast anything is: what has to happen in turn is joined, closed
// or waited for.
#ifndef ALIKE_H
#define ALIKE_H

struct alike {
    const char *sentence; // what it shows
    void (*run)(void);
};

extern const struct alike alikes[];
extern const int alike_count;

#endif
