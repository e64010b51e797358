#include "summary.h"

#include <string.h>

static void sort_lines(struct summary *summary, const struct trace *trace) {
    summary->line_count = trace->outcome_count;
    for (int i = 0; i < trace->outcome_count; i++) {
        int at = i;
        for (; at > 0 && strcmp(summary->lines[at - 1]->task_name,
                                trace->outcomes[i].task_name) > 0;
             at--)
            summary->lines[at] = summary->lines[at - 1];
        summary->lines[at] = &trace->outcomes[i];
    }
}

static void append(struct summary *summary, const char *text) {
    summary->bytes += names_copy(summary->key + summary->bytes,
                                 sizeof summary->key - summary->bytes, text);
}

void summary_of(struct summary *summary, const struct execution *execution) {
    sort_lines(summary, &execution->trace);
    summary->key[0] = (char)execution->verdict.kind;
    summary->bytes = 1;
    for (int i = 0; i < summary->line_count; i++) {
        append(summary, i ? ", " : "");
        append(summary, summary->lines[i]->task_name);
        append(summary, " ");
        append(summary, summary->lines[i]->line);
    }
    if (summary->line_count == 0)
        append(summary, "nothing reported");
}

const char *summary_text(const struct summary *summary) {
    return summary->key + 1;
}
