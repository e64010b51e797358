#include "measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const double ROW_SECONDS = 0.1, BASELINE_SECONDS = 0.02;

static double seconds_of(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

// At least once, and until `seconds` of the processor are spent.
static void time_row(struct measure_row *row, int round, double seconds) {
    double wall = seconds_of(CLOCK_MONOTONIC);
    double start = seconds_of(CLOCK_PROCESS_CPUTIME_ID), spent;
    long units = 0, times = 0;
    do {
        row->units = row->once(row->of);
        units += row->units;
        times++;
        spent = seconds_of(CLOCK_PROCESS_CPUTIME_ID) - start;
    } while (spent < seconds);
    wall = seconds_of(CLOCK_MONOTONIC) - wall;
    row->rates[round] = (double)units / spent;
    row->once_us[round] = wall * 1e6 / (double)times;
}

static void time_round(struct measure *measure, int round, bool once) {
    for (struct measure_row *row = measure->rows; row->name; row++) {
        if (!row->is_wanted)
            continue;
        for (int i = 0; measure->baselines[i].name; i++)
            time_row(&measure->baselines[i], round,
                     once ? 0 : BASELINE_SECONDS);
        time_row(row, round, once ? 0 : ROW_SECONDS);
        for (int i = 0; measure->baselines[i].name; i++)
            row->ratios[i][round] =
                measure->baselines[i].rates[round] / row->rates[round];
    }
}

static int compare(const void *a, const void *b) {
    double first = *(const double *)a, second = *(const double *)b;
    return (first > second) - (first < second);
}

static double median(double *values, int count) {
    qsort(values, (size_t)count, sizeof *values, compare);
    return values[count / 2];
}

static void print_baseline(struct measure_row *baseline, int rounds) {
    double middle = median(baseline->rates, rounds);
    bool is_short = middle > 1e6;
    double unit = is_short ? 1e9 : 1e6;
    printf("baseline: %s: %.1f %s (%.1f to %.1f)\n", baseline->name,
           unit / middle, is_short ? "ns" : "us",
           unit / baseline->rates[rounds - 1], unit / baseline->rates[0]);
}

static void print_head(const struct measure *measure) {
    printf("\n%-22s %10s %32s %12s", "", "", "executions a second",
           "an exploring");
    for (int i = 0; measure->baselines[i].name; i++)
        printf(" %12s", "an execution");
    printf("\n%-22s %10s %10s %10s %10s %12s", "", "executions", "least",
           "median", "most", "us");
    for (int i = 0; measure->baselines[i].name; i++)
        printf(" %12s", measure->baselines[i].unit);
    printf("\n");
}

static void print_row(const struct measure *measure, struct measure_row *row,
                      int rounds) {
    double middle = median(row->rates, rounds);
    printf("%-22s %10ld %10.0f %10.0f %10.0f %12.0f", row->name, row->units,
           row->rates[0], middle, row->rates[rounds - 1],
           median(row->once_us, rounds));
    for (int i = 0; measure->baselines[i].name; i++)
        printf(" %12.1f", median(row->ratios[i], rounds));
    printf("\n");
}

static void print(struct measure *measure, int rounds) {
    printf("%s: build %s, %s, stacks by %s\n", measure->title, BENCH_BUILD,
           BENCH_COMPILER, BENCH_STACKS);
    for (struct measure_row *row = measure->baselines; row->name; row++)
        print_baseline(row, rounds);
    print_head(measure);
    for (struct measure_row *row = measure->rows; row->name; row++)
        if (row->is_wanted)
            print_row(measure, row, rounds);
}

// All of them, if `name` is NULL. Is there any?
static bool want(struct measure *measure, const char *name) {
    bool found = false;
    for (struct measure_row *row = measure->rows; row->name; row++)
        if (!name || strcmp(row->name, name) == 0)
            found = row->is_wanted = true;
    return found;
}

// Under ThreadSanitizer, what it is told where `racelab explore` starts.
static void start_as_racelab_does(char **argv) {
    if (getenv("TSAN_OPTIONS"))
        return; // somebody knows better
    setenv("TSAN_OPTIONS", "symbolize=0", 1);
    execv("/proc/self/exe", argv);
}

int measure_main(int argc, char **argv, struct measure *measure) {
    start_as_racelab_does(argv);
    bool once = argc > 1 && strcmp(argv[1], "--once") == 0;
    int rounds = once ? 1 : MEASURE_ROUNDS;
    if (argc == 1 + once)
        want(measure, NULL);
    for (int i = 1 + once; i < argc; i++)
        if (!want(measure, argv[i])) {
            fprintf(stderr, "%s: no row is called \"%s\"\n", argv[0], argv[i]);
            return 2;
        }
    for (int round = 0; round < rounds; round++)
        time_round(measure, round, once);
    print(measure, rounds);
    return 0;
}
