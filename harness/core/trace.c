#include "trace.h"
#include "memory.h"
#include "names.h"

#include <stdio.h>
#include <string.h>

int trace_init(struct trace *trace) {
    trace_clear(trace);
    trace->steps = memory_map(LIMIT_STEPS * sizeof *trace->steps);
    trace->console = memory_map(LIMIT_CONSOLE_BYTES);
    trace->detailed = true;
    if (trace->steps && trace->console)
        return 0;
    trace_done(trace);
    return -1;
}

void trace_done(struct trace *trace) {
    memory_unmap(trace->steps, LIMIT_STEPS * sizeof *trace->steps);
    memory_unmap(trace->console, LIMIT_CONSOLE_BYTES);
    trace->steps = NULL;
    trace->console = NULL;
}

void trace_clear(struct trace *trace) {
    trace->step_count = 0;
    trace->outcome_count = 0;
    trace->answer_count = 0;
    trace->console_bytes = 0;
    trace->console_cut = false;
}

void trace_task(struct trace *trace, int task, const char *name) {
    trace->task_names[task] = name;
    trace->stands_at[task] = NULL;
}

void trace_saw(struct trace *trace, int task, const char *what,
               long long value) {
    for (int i = trace->step_count - 1; i >= 0; i--)
        if (trace->steps[i].task == task) {
            trace->steps[i].saw = what;
            trace->steps[i].value = value;
            return;
        }
}

void trace_console(struct trace *trace, const char *bytes, size_t count) {
    size_t room = LIMIT_CONSOLE_BYTES - trace->console_bytes;
    if (count > room) {
        count = room;
        trace->console_cut = true;
    }
    memcpy(trace->console + trace->console_bytes, bytes, count);
    trace->console_bytes += count;
}

void trace_outcome(struct trace *trace, int task, const char *task_name,
                   int works_for, const char *line) {
    if (trace->outcome_count == LIMIT_TASKS)
        return;
    struct outcome *outcome = &trace->outcomes[trace->outcome_count++];
    outcome->task = task;
    outcome->step = trace->step_count;
    outcome->works_for = works_for;
    names_copy(outcome->task_name, sizeof outcome->task_name, task_name);
    names_copy(outcome->line, sizeof outcome->line, line);
}

void trace_answer(struct trace *trace, const char *request,
                  const char *status) {
    if (trace->answer_count == LIMIT_TASKS)
        return;
    struct answer *answer = &trace->answers[trace->answer_count++];
    snprintf(answer->request, sizeof answer->request, "%s", request);
    snprintf(answer->status, sizeof answer->status, "%s", status);
}
