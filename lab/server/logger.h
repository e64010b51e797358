// logger.h - Gin's log line, column for column.
//
//   [LAB] 2025/06/18 - 16:21:06 | 200 |   124.292µs |   127.0.0.1 | GET "/test"
//
// (with more blanks). The time is UTC, whatever TZ says: the same schedule
// shows the same bytes on every machine. A line is one call of stdio: it holds
// no lock that ThreadSanitizer sees, so it orders nothing.
#ifndef LAB_SERVER_LOGGER_H
#define LAB_SERVER_LOGGER_H

#include <stdint.h>

struct logger_line {
    int64_t wall_ms; // since 1970
    int status;
    uint64_t latency_ns;
    const char *client; // its address
    const char *method;
    const char *path;  // decoded: quoted here, as Go's %#v does
    const char *query; // as sent, "" when there is none
};

// Prints the line on standard output.
void logger_print(const struct logger_line *line);

#endif
