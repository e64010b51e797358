// clock.c - clocks and sleep under control: time is virtual.
//
// A reading of the wall clock is a millisecond later than the one before, a
// reading of the fine clock ten microseconds, unless the schedule has stopped
// the clock. A sleeper may wake at any time: the schedule says when.
#include "control.h"
#include "uv_prototypes.h"

enum { WALL_TICK_NS = 1000000, FINE_TICK_NS = 10000 };

static bool read_clock(uint64_t tick_ns, uint64_t *now_ns) {
    if (!control_enter())
        return false;
    *now_ns = scheduler_read_clock(control.scheduler, tick_ns);
    control_leave();
    return true;
}

uint64_t racelab_uv_hrtime(void) {
    uint64_t now_ns;
    return read_clock(FINE_TICK_NS, &now_ns) ? now_ns : uv_hrtime();
}

uint64_t racelab_uv_now(const uv_loop_t *loop) {
    uint64_t now_ns;
    return read_clock(0, &now_ns) ? now_ns / 1000000 : uv_now(loop);
}

int racelab_uv_gettimeofday(uv_timeval64_t *now) {
    uint64_t now_ns;
    if (!read_clock(WALL_TICK_NS, &now_ns))
        return uv_gettimeofday(now);
    now->tv_sec = (int64_t)(now_ns / 1000000000);
    now->tv_usec = (int32_t)(now_ns % 1000000000 / 1000);
    return 0;
}

#if UV_VERSION_HEX >= (1 << 16 | 45 << 8)
int racelab_uv_clock_gettime(uv_clock_id clock, uv_timespec64_t *now) {
    uint64_t now_ns;
    uint64_t tick_ns = clock == UV_CLOCK_REALTIME ? WALL_TICK_NS : FINE_TICK_NS;
    if (!read_clock(tick_ns, &now_ns))
        return uv_clock_gettime(clock, now);
    now->tv_sec = (int64_t)(now_ns / 1000000000);
    now->tv_nsec = (int32_t)(now_ns % 1000000000);
    return 0;
}
#endif

void racelab_uv_sleep(unsigned int ms) {
    struct task *self = control_enter();
    if (!self) {
        uv_sleep(ms);
        return;
    }
    struct op op = {.kind = OP_SLEEP,
                    .name = "uv_sleep",
                    .timed = true,
                    .deadline_ns = control_deadline(ms)};
    control_yield(self, &op);
    control_detail("%u ms", ms);
    control_leave();
}
