#include "witness.h"

#include <string.h>

static bool is_mark(const struct step *step) {
    return step->kind == OP_POINT && step->access == ACCESS_NONE;
}

// The first step behind a block of steps of one task.
static int end_of_block(const struct trace *trace, int first, int end) {
    int last = first + 1;
    while (last < end && trace->steps[last].task == trace->steps[first].task)
        last++;
    return last;
}

// The step at which the task stood when its block was over: its next one, or,
// for a loop that went back to wait, the last mark in its block. -1: it ended.
static int stop_of_block(const struct trace *trace, int first, int last) {
    int next = last;
    while (next < trace->step_count &&
           trace->steps[next].task != trace->steps[first].task)
        next++;
    if (next == trace->step_count)
        return -1;
    // A loop goes on from its wait when a request is sent, or for its own sake.
    bool waited = trace->steps[next - 1].kind == OP_SEND ||
                  trace->steps[next - 1].kind == OP_FIRE ||
                  trace->steps[next].kind == OP_POLL;
    if (!waited)
        return next;
    for (int i = last - 1; i > first; i--)
        if (is_mark(&trace->steps[i]))
            return i;
    return next;
}

// How often the task stood at a step of that name on its way there.
static int times(const struct trace *trace, int first, int last, int stop) {
    int count = stop >= last;
    for (int i = first + 1; i < last && i <= stop; i++)
        count += strcmp(trace->steps[i].name, trace->steps[stop].name) == 0;
    return count;
}

static int print_block(const struct trace *trace, int first, int last,
                       FILE *out) {
    const struct step *step = &trace->steps[first];
    if (step->kind == OP_SEND || step->kind == OP_FIRE) {
        fprintf(out, "%s %s\n", step->name, step->task_name);
        return 1;
    }
    int stop = stop_of_block(trace, first, last);
    if (stop < 0) {
        fprintf(out, "run %s to end\n", step->task_name);
        return 1;
    }
    int count = times(trace, first, last, stop);
    for (int i = 0; i < count; i++)
        fprintf(out, "run %s until %s\n", step->task_name,
                trace->steps[stop].name);
    return count;
}

static void print_head(const char *program, const struct schedule *requests,
                       FILE *out) {
    fprintf(out, "racelab schedule 1\nprogram %s\n", program);
    for (size_t i = 0; i < requests->request_count; i++)
        fprintf(out, "request %s %s %s\n", requests->requests[i].name.text,
                requests->requests[i].method.text,
                requests->requests[i].target.text);
    fprintf(out, "\n");
}

int witness_print(const struct trace *trace, const char *program,
                  const struct schedule *requests, FILE *out) {
    int lines = 0, end = 0;
    print_head(program, requests, out);
    while (end < trace->step_count && trace->steps[end].kind != OP_STOP)
        end++;
    int first = 0;
    // Until the first request the program sets itself up, in the fixed order.
    while (requests->request_count > 0 && first < end &&
           trace->steps[first].kind != OP_SEND)
        first++;
    while (first < end) {
        int last = end_of_block(trace, first, end);
        lines += print_block(trace, first, last, out);
        first = last;
    }
    return lines;
}
