#include "witness.h"

#include <limits.h>
#include <string.h>

static bool is_mark(const struct step *step) {
    return step->kind == OP_POINT && step->detail[0] == '\0';
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

// Writes the lines for a block of steps, if `out` is not NULL. How many they
// are.
static int print_block(const struct trace *trace, int first, int last,
                       FILE *out) {
    const struct step *step = &trace->steps[first];
    if (step->kind == OP_SEND) {
        if (out)
            fprintf(out, "send %s\n", step->task_name);
        return 1;
    }
    int stop = stop_of_block(trace, first, last);
    if (stop < 0) {
        if (out)
            fprintf(out, "run %s to end\n", step->task_name);
        return 1;
    }
    int count = times(trace, first, last, stop);
    for (int i = 0; out && i < count; i++)
        fprintf(out, "run %s until %s\n", step->task_name,
                trace->steps[stop].name);
    return count;
}

static bool sends_last(const struct trace *trace, int step,
                       const struct schedule *requests) {
    for (size_t i = 0; i < requests->request_count; i++)
        if (requests->requests[i].last &&
            strcmp(requests->requests[i].name.text,
                   trace->steps[step].task_name) == 0)
            return true;
    return false;
}

// Where the program was told to stop; or before that, where all that came was
// last requests, and their loop that took them, as in the fixed order.
static int end_of_choices(const struct trace *trace,
                          const struct schedule *requests) {
    int end = 0;
    while (end < trace->step_count && trace->steps[end].kind != OP_STOP)
        end++;
    for (int first = end; first > 0; first--) {
        const struct step *before = &trace->steps[first - 1];
        if (before->kind == OP_SEND && sends_last(trace, first - 1, requests))
            end = first - 1;
        else if (before->task != trace->steps[end - 1].task)
            break;
    }
    return end;
}

// Until the first request the program sets itself up, in the fixed order. But
// what several tasks do before there are only last requests left was chosen.
static int first_choice(const struct trace *trace,
                        const struct schedule *requests, int end) {
    int first = 0;
    if (requests->request_count == 0)
        return 0;
    while (first < end && trace->steps[first].kind != OP_SEND)
        first++;
    bool is_alone = end_of_block(trace, 0, end) >= first;
    return is_alone || !requests->requests[0].last ? first : 0;
}

// Goes through the choices until there are `most` lines or more.
static int print_choices(const struct trace *trace,
                         const struct schedule *requests, int most, FILE *out) {
    int lines = 0, end = end_of_choices(trace, requests);
    int first = first_choice(trace, requests, end);
    while (first < end && lines < most) {
        int last = end_of_block(trace, first, end);
        lines += print_block(trace, first, last, out);
        first = last;
    }
    return lines;
}

int witness_lines(const struct trace *trace, const struct schedule *requests,
                  int most) {
    return print_choices(trace, requests, most, NULL);
}

void witness_print(const struct trace *trace, const char *program,
                   const struct schedule *requests, FILE *out) {
    fprintf(out, "racelab schedule 1\nprogram %s\n", program);
    for (size_t i = 0; i < requests->request_count; i++)
        fprintf(out, "request %s %s %s\n", requests->requests[i].name.text,
                requests->requests[i].method.text,
                requests->requests[i].target.text);
    fprintf(out, "\n");
    print_choices(trace, requests, INT_MAX, out);
}
