// report.h - how an attack went, in the shape of vegeta's text report.
#ifndef LAB_ATTACK_REPORT_H
#define LAB_ATTACK_REPORT_H

#include <stddef.h>
#include <stdint.h>

enum { REPORT_ERRORS_MAX = 32, REPORT_ERROR_BYTES = 80 };

// One request that is over.
struct report_hit {
    uint64_t begin_ns; // on the clock of uv_hrtime()
    uint64_t end_ns;
    int status;        // 0: no answer
    const char *error; // why not; NULL when there was an answer
    size_t bytes_in;   // of bodies
    size_t bytes_out;
};

struct report {
    uint64_t *latencies_ns; // owned; one a hit
    size_t count, capacity;
    size_t succeeded;           // with a status of 200 to 399
    uint64_t first_ns, last_ns; // when the first and the last hit began
    uint64_t end_ns;            // when the last answer was there
    size_t bytes_in, bytes_out;
    size_t statuses[600]; // by number; 0: no answer
    char errors[REPORT_ERRORS_MAX][REPORT_ERROR_BYTES]; // each once
    unsigned error_count;
};

void report_init(struct report *report);
void report_done(struct report *report);

void report_add(struct report *report, const struct report_hit *hit);

// Prints it on standard output. Sorts the latencies.
void report_print(struct report *report);

#endif
