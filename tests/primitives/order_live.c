// order_live.c - order by a counter, relaxed and not instrumented: no edge.
#include "order.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

// A moment that does not come within ten seconds never will.
enum { NAP_NS = 100 * 1000, NAPS_MAX = 100 * 1000 };

static atomic_int now = 1;

void moment(int number) {
    const struct timespec nap = {.tv_nsec = NAP_NS};
    for (int naps = 0;
         atomic_load_explicit(&now, memory_order_relaxed) < number; naps++) {
        if (naps == NAPS_MAX)
            abort();
        syscall(SYS_nanosleep, &nap, NULL);
    }
}

void over(void) {
    atomic_fetch_add_explicit(&now, 1, memory_order_relaxed);
}
