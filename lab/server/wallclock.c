#include "wallclock.h"

#include <uv.h>

int64_t wallclock_ms(void) {
    uv_timeval64_t now;

    if (uv_gettimeofday(&now) != 0)
        return 0;
    return now.tv_sec * 1000 + now.tv_usec / 1000;
}
