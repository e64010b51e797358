#include "console.h"
#include "edges.h"

#include <stdio.h>

static FILE *real_stdout, *captured;

static ssize_t take(void *cookie, const char *bytes, size_t count) {
    edges_ignore_begin();
    trace_console(cookie, bytes, count);
    edges_ignore_end();
    return (ssize_t)count;
}

int console_begin(struct trace *trace) {
    const cookie_io_functions_t functions = {.write = take};
    captured = fopencookie(trace, "w", functions);
    if (!captured)
        return -1;
    setvbuf(captured, NULL, _IOLBF, BUFSIZ);
    fflush(stdout);
    real_stdout = stdout;
    stdout = captured; // glibc's is a variable
    return 0;
}

void console_end(bool parked) {
    stdout = real_stdout;
    if (!parked)
        fclose(captured);
    captured = NULL;
}
