#include "witness.h"

#include <limits.h>
#include <string.h>

static bool is_mark(const struct step *step) {
    return step->kind == OP_GET ||
           (step->kind == OP_POINT && step->access == ACCESS_NONE);
}

// The first step behind a block of steps of one task.
static int end_of_block(const struct trace *trace, int first, int end) {
    int last = first + 1;
    while (last < end && trace->steps[last].task == trace->steps[first].task)
        last++;
    return last;
}

// The next step of the task whose block ends before `last`; -1: there is none,
// it ended.
static int next_of(const struct trace *trace, int last) {
    int next = last;
    while (next < trace->step_count &&
           trace->steps[next].task != trace->steps[last - 1].task)
        next++;
    return next < trace->step_count ? next : -1;
}

// What the task's loop took since the task's last step before `step`, and thus
// went on from its wait: OP_SEND, OP_FIRE, or OP_POLL if nothing.
static enum op_kind taken_before(const struct trace *trace, int step) {
    int task = trace->steps[step].task;
    for (int i = step - 1; i >= 0 && trace->steps[i].task != task; i--)
        if (trace->steps[i].receiver == task)
            return trace->steps[i].kind;
    return OP_POLL;
}

// A loop that waits goes on when something is sent or fired, or for its own
// sake.
static bool waits_before(const struct trace *trace, int step) {
    return taken_before(trace, step) != OP_POLL ||
           trace->steps[step].kind == OP_POLL;
}

// Of a task that has no step more: it waited, and went on for what its loop
// took.
static bool takes_later(const struct trace *trace, int last) {
    for (int i = last; i < trace->step_count; i++)
        if (trace->steps[i].receiver == trace->steps[last - 1].task)
            return true;
    return false;
}

static int print_line(const char *verb, const char *task, const char *until,
                      FILE *out) {
    const char *const words[] = {
        verb, " ", task, until ? " until " : "", until ? until : "", "\n"};
    for (size_t i = 0; out && i < sizeof words / sizeof *words; i++)
        fputs(words[i], out);
    return 1;
}

// To where the task stands before step `stop`, as often as it came by a step
// of that name from step `from` on.
static int print_until(const struct trace *trace, int from, int last, int stop,
                       FILE *out) {
    const struct step *at = &trace->steps[stop];
    int lines = 0;
    for (int i = from; i <= stop; i++)
        if ((i < last || i == stop) &&
            strcmp(trace->steps[i].name, at->name) == 0)
            lines += print_line("run", at->task_name, at->name, out);
    return lines;
}

// The task has no step more. It has ended, or stands somewhere for good.
static int print_last(const struct trace *trace, int from, int last,
                      FILE *out) {
    const struct step *step = &trace->steps[last - 1];
    const char *stop = trace->stands_at[step->task];
    int lines = 1;
    if (!stop) {
        if (out)
            fprintf(out, "run %s to end\n", step->task_name);
        return lines;
    }
    for (int i = from; i < last; i++)
        if (strcmp(trace->steps[i].name, stop) == 0)
            lines += print_line("run", step->task_name, stop, out);
    print_line("run", step->task_name, stop, out);
    return lines;
}

// The loop went back to wait. In one callback that is its next poll. A request
// takes several polls to come in, so there the block's last step is named.
static int print_wait(const struct trace *trace, int first, int last,
                      FILE *out) {
    const char *task = trace->steps[first].task_name;
    bool is_request = taken_before(trace, first) == OP_SEND;
    bool is_marked = is_mark(&trace->steps[last - 1]);
    int lines = 0;
    if (is_request || (is_marked && last - 1 > first))
        lines += print_until(trace, first + !is_request, last, last - 1, out);
    if (lines == 0 || !is_marked)
        lines += print_line("run", task, "poll", out);
    return lines;
}

// Writes the lines for a block of steps, if `out` is not NULL. How many they
// are.
static int print_block(const struct trace *trace, int first, int last,
                       FILE *out) {
    const struct step *step = &trace->steps[first];
    if (step->kind == OP_SEND || step->kind == OP_FIRE)
        return print_line(step->name, step->task_name, NULL, out);
    int next = next_of(trace, last);
    int from = first + (taken_before(trace, first) != OP_SEND);
    bool waits =
        next < 0 ? takes_later(trace, last) : waits_before(trace, next);
    if (next < 0 && !waits)
        return print_last(trace, from, last, out);
    if (waits)
        return print_wait(trace, first, last, out);
    return print_until(trace, from, last, next, out);
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
    if (first == end)
        return 0; // it takes none
    bool is_alone = end_of_block(trace, 0, end) >= first;
    return is_alone || !requests->requests[0].last ? first : 0;
}

// Goes through the choices until there are `most` lines or more.
static int print_choices(const struct trace *trace, int first, int end,
                         int most, FILE *out) {
    int lines = 0;
    while (first < end && lines < most) {
        int last = end_of_block(trace, first, end);
        lines += print_block(trace, first, last, out);
        first = last;
    }
    return lines;
}

// Each block has a line at least.
static int count_blocks(const struct trace *trace, int first, int end,
                        int most) {
    int blocks = 0;
    for (int i = first; i < end && blocks < most; i++)
        blocks +=
            i == first || trace->steps[i].task != trace->steps[i - 1].task;
    return blocks;
}

int witness_lines(const struct trace *trace, const struct schedule *requests,
                  int most) {
    int end = end_of_choices(trace, requests);
    int first = first_choice(trace, requests, end);
    if (count_blocks(trace, first, end, most) >= most)
        return most;
    return print_choices(trace, first, end, most, NULL);
}

void witness_print(const struct trace *trace, const char *program,
                   const struct schedule *requests, FILE *out) {
    int end = end_of_choices(trace, requests);
    int first = first_choice(trace, requests, end);
    fprintf(out, "racelab schedule 1\nprogram %s\n", program);
    for (size_t i = 0; i < requests->request_count; i++)
        fprintf(out, "request %s %s %s\n", requests->requests[i].name.text,
                requests->requests[i].method.text,
                requests->requests[i].target.text);
    fprintf(out, "\n");
    schedule_print_accesses(requests, out);
    print_choices(trace, first, end, INT_MAX, out);
}
