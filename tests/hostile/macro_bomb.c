// macro_bomb.c - a few lines that become more than fits in a machine.
#include "handlers/handlers.h"
#include "handlers/timestamp_job.h"
#include "server/wallclock.h"

#define A0  1 + 1
#define A1  A0 + A0 + A0 + A0
#define A2  A1 + A1 + A1 + A1
#define A3  A2 + A2 + A2 + A2
#define A4  A3 + A3 + A3 + A3
#define A5  A4 + A4 + A4 + A4
#define A6  A5 + A5 + A5 + A5
#define A7  A6 + A6 + A6 + A6
#define A8  A7 + A7 + A7 + A7
#define A9  A8 + A8 + A8 + A8
#define A10 A9 + A9 + A9 + A9
#define A11 A10 + A10 + A10 + A10
#define A12 A11 + A11 + A11 + A11
#define A13 A12 + A12 + A12 + A12
#define A14 A13 + A13 + A13 + A13
#define A15 A14 + A14 + A14 + A14
#define A16 A15 + A15 + A15 + A15
#define A17 A16 + A16 + A16 + A16
#define A18 A17 + A17 + A17 + A17
#define A19 A18 + A18 + A18 + A18
static const int bomb = A19;

static void handle(struct context *c) {
    int64_t unix_ms = wallclock_ms();

    context_set(c, "timestamp", unix_ms);
    struct timestamp_job job = {
        .context = c,
        .unix_ms = unix_ms,
    };
    if (timestamp_job_start(c, job))
        context_message(c, 200, "test success");
}

const struct handler fix_handler = {.handle = handle};
