// clock.c - clocks and sleep under control: time is virtual.
//
// A reading of the wall clock is a millisecond later than the one before, a
// reading of the fine clock ten microseconds, unless the schedule has stopped
// the clock. A sleeper may wake at any time: the schedule says when.
//
// A loop goes by a time of its own, as in libuv: it takes the clock's, cut to
// the millisecond, when it is made, at the start of each turn and by
// uv_update_time. uv_now and timers go by it. A turn that finds nothing to do,
// because an idle handle or UV_RUN_NOWAIT does not let the loop wait, takes a
// millisecond (loop.c): else no timer would ever be due.
#include "control.h"
#include "uv_prototypes.h"

enum { WALL_TICK_NS = 1000000, FINE_TICK_NS = 10000 };

CONTROL_PART bool read_clock(uint64_t tick_ns, uint64_t *now_ns) {
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
    struct task *self = control_enter();
    if (!self)
        return uv_now(loop);
    uint64_t now_ns = loop_state(self, loop)->now_ns;
    control_leave();
    return now_ns / 1000000;
}

void racelab_uv_update_time(uv_loop_t *loop) {
    struct task *self = control_enter();
    if (!self) {
        uv_update_time(loop);
        return;
    }
    scheduler_read_clock(control.scheduler, FINE_TICK_NS);
    loop_update_time(loop_state(self, loop));
    control_leave();
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
                    .deadline_ns = control_later(control.scheduler->now_ns,
                                                 control_ns(ms))};
    control_yield(self, &op);
    control_detail("%u ms", ms);
    control_leave();
}
