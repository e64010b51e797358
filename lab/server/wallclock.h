// wallclock.h - the time of day, through libuv.
//
// libuv and not time(): under the harness libuv's clock is virtual, and the
// same schedule shows the same time.
#ifndef LAB_SERVER_WALLCLOCK_H
#define LAB_SERVER_WALLCLOCK_H

#include <stdint.h>

// Milliseconds since 1970, as Go's time.Now().UnixMilli().
int64_t wallclock_ms(void);

#endif
