// live_report.c - takes ThreadSanitizer's reports from its hook. Not
// instrumented.
#include "live.h"
#include "scenarios.h"

int __tsan_get_report_mop(void *report, unsigned long index, int *tid,
                          void **address, int *size, int *write, int *atomic,
                          void **trace, unsigned long trace_size)
    __attribute__((weak));
void __tsan_on_report(void *report);
const char *__tsan_default_options(void);

int live_reports[LIVE_KINDS];

const char *__tsan_default_options(void) {
    return "exitcode=0:atexit_sleep_ms=0";
}

void __tsan_on_report(void *report) {
    int tid, size, write, atomic;
    void *address = 0, *trace[1];
    __tsan_get_report_mop(report, 0, &tid, &address, &size, &write, &atomic,
                          trace, 1);
    live_reports[address == &scenario_value ? LIVE_VALUE : LIVE_OTHER]++;
}
