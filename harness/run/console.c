#include "console.h"
#include "edges.h"

#include <stdio.h>
#include <stdio_ext.h>

static FILE *real_stdout;
static FILE *captured; // kept for the next execution; NULL: none yet
static struct trace *target;

static ssize_t take(void *cookie, const char *bytes, size_t count) {
    (void)cookie;
    edges_ignore_begin();
    trace_console(target, bytes, count);
    edges_ignore_end();
    return (ssize_t)count;
}

static FILE *open_captured(void) {
    const cookie_io_functions_t functions = {.write = take};
    FILE *stream = fopencookie(NULL, "w", functions);
    if (stream)
        setvbuf(stream, NULL, _IOLBF, BUFSIZ);
    return stream;
}

// Mostly there is nothing, and to look is cheaper.
static void flush(FILE *stream) {
    if (__fpending(stream) > 0)
        fflush(stream);
}

int console_begin(struct trace *trace) {
    if (!captured)
        captured = open_captured();
    if (!captured)
        return -1;
    target = trace;
    flush(stdout);
    real_stdout = stdout;
    stdout = captured; // glibc's is a variable
    return 0;
}

void console_flush(void) {
    flush(stdout);
}

void console_end(bool parked) {
    stdout = real_stdout;
    if (parked)
        captured = NULL;
    else
        flush(captured);
}
