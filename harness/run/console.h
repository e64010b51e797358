// console.h - what the program prints in an execution.
//
// The program prints to stdout like any other; while an execution runs,
// stdout is a stream of the harness's, so that each line is taken in the order
// in which it was printed and nothing has to go through a pipe that the
// detector of races could see.
#ifndef RACELAB_CONSOLE_H
#define RACELAB_CONSOLE_H

#include "trace.h"

// Every line printed from now on goes to `trace`. 0, or -1: no memory.
int console_begin(struct trace *trace);
// What was begun as a line is one, though it has no end yet.
void console_flush(void);
// `parked`: a task may stand in the middle of printing, so the stream is left
// as it is, and the next execution gets another.
void console_end(bool parked);

#endif
