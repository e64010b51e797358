// duration.h - durations as Go writes them: "124.292µs", "500ms", "1m30s".
//
// Printed in the log and in reports, parsed from the command line. Negative
// durations do not occur here.
#ifndef LAB_SERVER_DURATION_H
#define LAB_SERVER_DURATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DURATION_BYTES = 40 }; // room for any, with its final NUL

// Writes `ns` nanoseconds as Go's Duration.String() does.
void duration_print(uint64_t ns, char out[DURATION_BYTES]);

// How many columns the text takes: the µ of "µs" is two bytes and one column.
size_t duration_columns(const char *text);

// Reads numbers with units, "1m30s" or "1.5s"; "0" needs none. False, with
// *ns as it was, when the text is no duration or over 290 years.
bool duration_parse(const char *text, uint64_t *ns);

#endif
