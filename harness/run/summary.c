#include "summary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int by_task_name(const void *a, const void *b) {
    return strcmp(((const struct outcome *)a)->task_name,
                  ((const struct outcome *)b)->task_name);
}

char *summary_print(const struct trace *trace, struct outcome *lines) {
    char *text;
    size_t bytes;
    FILE *out = open_memstream(&text, &bytes);
    if (!out)
        abort();
    size_t count = (size_t)trace->outcome_count;
    memcpy(lines, trace->outcomes, count * sizeof *lines);
    qsort(lines, count, sizeof *lines, by_task_name);
    for (size_t i = 0; i < count; i++)
        fprintf(out, "%s%s %s", i ? ", " : "", lines[i].task_name,
                lines[i].line);
    if (count == 0)
        fputs("nothing reported", out);
    fclose(out);
    return text;
}
