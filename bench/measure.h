// measure.h - how fast something is, beside something whose cost is known.
//
// The machine is shared and its clock rate changes, so one figure says little.
// Everything is measured in rounds, each row right behind its baselines, and
// what can be compared is the ratio: how many times the baseline fits into one
// unit of the row, in the same moment on the same machine.
//
// Rules
//   - In each round a row is done again and again for a tenth of a second, a
//     baseline for a fifth of that.
//   - Rates are units a second of processor time, so that whoever shares the
//     machine does not count. What a unit is, the row's `once` decides. The
//     time of one `once` is real time, waits and all.
#ifndef RACELAB_MEASURE_H
#define RACELAB_MEASURE_H

#include <stdbool.h>

enum { MEASURE_ROUNDS = 5, MEASURE_BASELINES = 2 };

struct measure_row {
    const char *name;
    // Does it once. Returns how many units that were.
    long (*once)(const void *of);
    const void *of;
    const char *unit; // of a baseline: what stands at the head of its column
    bool is_wanted;
    // Found out:
    long units;                                       // of one `once`
    double rates[MEASURE_ROUNDS];                     // units a second
    double once_us[MEASURE_ROUNDS];                   // one `once`
    double ratios[MEASURE_BASELINES][MEASURE_ROUNDS]; // a unit in baselines
};

// Both end with a NULL name.
struct measure {
    const char *title;
    struct measure_row *baselines, *rows;
};

// The command line of a benchmark, [--once] [ROW...]: measures those rows, or
// all, and prints a table. With --once there is one round in which each is done
// once, for a test that looks at all but the figures. Returns the exit status.
int measure_main(int argc, char **argv, struct measure *measure);

#endif
