#include "attack/report.h"

#include "server/duration.h"
#include "server/heap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void report_init(struct report *report) {
    *report = (struct report){0};
}

void report_done(struct report *report) {
    free(report->latencies_ns);
}

static void add_error(struct report *report, const char *text) {
    for (unsigned i = 0; i < report->error_count; i++)
        if (strcmp(report->errors[i], text) == 0)
            return;
    if (report->error_count < REPORT_ERRORS_MAX)
        snprintf(report->errors[report->error_count++], REPORT_ERROR_BYTES,
                 "%s", text);
}

static void add_latency(struct report *report, uint64_t ns) {
    if (report->count == report->capacity) {
        report->capacity = 2 * report->capacity + 64;
        report->latencies_ns =
            heap_grow(report->latencies_ns,
                      report->capacity * sizeof *report->latencies_ns);
    }
    report->latencies_ns[report->count++] = ns;
}

void report_add(struct report *report, const struct report_hit *hit) {
    char text[REPORT_ERROR_BYTES];

    if (report->count == 0 || hit->begin_ns < report->first_ns)
        report->first_ns = hit->begin_ns;
    if (hit->begin_ns > report->last_ns)
        report->last_ns = hit->begin_ns;
    if (hit->end_ns > report->end_ns)
        report->end_ns = hit->end_ns;
    add_latency(report, hit->end_ns - hit->begin_ns);
    report->bytes_in += hit->bytes_in;
    report->bytes_out += hit->bytes_out;
    report->statuses[hit->status < 600 ? hit->status : 0]++;
    if (hit->error != NULL) {
        add_error(report, hit->error);
    } else if (hit->status >= 200 && hit->status < 400) {
        report->succeeded++;
    } else {
        snprintf(text, sizeof text, "status %d", hit->status);
        add_error(report, text);
    }
}

static int compare(const void *left, const void *right) {
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

    return (a > b) - (a < b);
}

static void print_durations(const uint64_t *ns, size_t count) {
    char text[DURATION_BYTES];

    for (size_t i = 0; i < count; i++) {
        duration_print(ns[i], text);
        printf("%s%s", text, i + 1 < count ? ", " : "\n");
    }
}

static void print_latencies(struct report *report) {
    uint64_t *all = report->latencies_ns;
    size_t count = report->count;
    uint64_t sum = 0;

    if (count == 0)
        return;
    qsort(all, count, sizeof *all, compare);
    for (size_t i = 0; i < count; i++)
        sum += all[i];
    fputs("Latencies     [min, mean, 50, 90, 95, 99, max]  ", stdout);
    size_t last = count - 1;
    print_durations((uint64_t[]){all[0], sum / count, all[last * 50 / 100],
                                 all[last * 90 / 100], all[last * 95 / 100],
                                 all[last * 99 / 100], all[last]},
                    7);
}

static double per_second(size_t count, uint64_t ns) {
    return ns > 0 ? (double)count * 1e9 / (double)ns : (double)count;
}

static double share(size_t part, size_t whole) {
    return whole > 0 ? (double)part / (double)whole : 0;
}

void report_print(struct report *report) {
    size_t count = report->count;
    uint64_t attack_ns = report->last_ns - report->first_ns;
    uint64_t total_ns = report->end_ns - report->first_ns;

    printf("Requests      [total, rate, throughput]         "
           "%zu, %.2f, %.2f\n",
           count, per_second(count, attack_ns),
           per_second(report->succeeded, total_ns));
    fputs("Duration      [total, attack, wait]             ", stdout);
    print_durations((uint64_t[]){total_ns, attack_ns, total_ns - attack_ns}, 3);
    print_latencies(report);
    printf("Bytes In      [total, mean]                     %zu, %.2f\n",
           report->bytes_in, share(report->bytes_in, count));
    printf("Bytes Out     [total, mean]                     %zu, %.2f\n",
           report->bytes_out, share(report->bytes_out, count));
    printf("Success       [ratio]                           %.2f%%\n",
           100 * share(report->succeeded, count));
    fputs("Status Codes  [code:count]                      ", stdout);
    for (int status = 0; status < 600; status++)
        if (report->statuses[status] > 0)
            printf("%d:%zu  ", status, report->statuses[status]);
    puts("\nError Set:");
    for (unsigned i = 0; i < report->error_count; i++)
        puts(report->errors[i]);
}
