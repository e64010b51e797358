#include "accesses.h"

#include <racelab/point.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <uv.h>

enum { TEXT_BYTES = 24, MANY = 1024 };

struct triple {
    long a, b, c;
};

static int count;
static uv_mutex_t lock;
static struct triple source, target;
static char text[TEXT_BYTES], copied[TEXT_BYTES];
static union {
    uint64_t word;
    unsigned char bytes[8];
} overlap;
static uint16_t halves[4];

static void run_threads(uv_thread_cb one, uv_thread_cb other) {
    uv_thread_t threads[2];
    uv_thread_create(&threads[0], one, NULL);
    uv_thread_create(&threads[1], other, NULL);
    uv_thread_join(&threads[0]);
    uv_thread_join(&threads[1]);
}

static void report(const char *line) {
    puts(line);
    OUTCOME(line);
}

// Two count, and an update may be lost between a read and a write.

static void count_one(void *unused) {
    (void)unused;
    int seen = count;
    count = seen + 1;
}

static void count_one_locked(void *unused) {
    uv_mutex_lock(&lock);
    count_one(unused);
    uv_mutex_unlock(&lock);
}

static void begin_count(void) {
    count = 0;
    NAMED(&count, sizeof count, "count");
}

static void lost(void) {
    begin_count();
    run_threads(count_one, count_one);
    report(count == 2 ? "two" : "one");
}

static void locked(void) {
    begin_count();
    uv_mutex_init(&lock);
    run_threads(count_one_locked, count_one_locked);
    uv_mutex_destroy(&lock);
    report(count == 2 ? "two" : "one");
}

// Points that announce the accesses, which say it themselves.

static void count_one_announced(void *unused) {
    (void)unused;
    POINT_READ("count.read", &count);
    int seen = count;
    POINT_WRITE("count.write", &count);
    count = seen + 1;
}

static void announced(void) {
    begin_count();
    run_threads(count_one_announced, count_one_announced);
    report(count == 2 ? "two" : "one");
}

// One writes two words in turn, and the other reads both. A third lies between,
// or a compiler would make one access of the two.

static void write_two(void *unused) {
    (void)unused;
    source.a = 1;
    source.c = 1;
}

static void report_two(const struct triple *seen) {
    char line[TEXT_BYTES];
    snprintf(line, sizeof line, "%ld %ld", seen->a, seen->c);
    report(line);
}

static void read_two(void *unused) {
    (void)unused;
    struct triple seen = {.a = source.a};
    seen.c = source.c;
    report_two(&seen);
}

static void begin_triples(void) {
    source = target = (struct triple){0};
    NAMED(&source, sizeof source, "source");
    NAMED(&target, sizeof target, "target");
}

static void torn(void) {
    begin_triples();
    run_threads(write_two, read_two);
}

// The same, and the other copies the struct to where it has a name as well.

static void copy_struct(void *unused) {
    (void)unused;
    target = source;
}

static void assigned(void) {
    begin_triples();
    run_threads(write_two, copy_struct);
    report_two(&target);
}

static void copy_memory(void *unused) {
    (void)unused;
    memcpy(&target, &source, sizeof target);
}

static void copied_memory(void) {
    begin_triples();
    run_threads(write_two, copy_memory);
    report_two(&target);
}

// Strings of more than a word.

static const char *const SHORT = "aaaaaaa", *const LONG = "bbbbbbbbbbbb";

static void write_string(void *unused) {
    (void)unused;
    strcpy(text, LONG);
}

static void copy_string(void *unused) {
    (void)unused;
    strcpy(copied, text);
}

static void begin_strings(void) {
    memset(text, 0, sizeof text);
    memset(copied, 0, sizeof copied);
    strcpy(text, SHORT);
    NAMED(text, sizeof text, "text");
    NAMED(copied, sizeof copied, "copied");
}

static void strings(void) {
    begin_strings();
    run_threads(write_string, copy_string);
    report(copied);
}

static void compare_string(void *unused) {
    (void)unused;
    char line[TEXT_BYTES];
    bool is_long = strcmp(text, LONG) == 0;
    bool is_short = memcmp(text, SHORT, sizeof "aaaaaaa") == 0;
    size_t length = strlen(text);
    snprintf(line, sizeof line, "%d %d %zu", is_long, is_short, length);
    report(line);
}

static void compared(void) {
    begin_strings();
    run_threads(write_string, compare_string);
}

// Accesses of several sizes, to the same bytes and to others.

static void write_word(void *unused) {
    (void)unused;
    overlap.word = UINT64_MAX;
}

static void write_byte(void *unused) {
    (void)unused;
    overlap.bytes[3] = 7;
}

static void overlapping(void) {
    overlap.word = 0;
    NAMED(&overlap, sizeof overlap, "overlap");
    run_threads(write_word, write_byte);
    report(overlap.bytes[3] == 7 ? "byte" : "word");
}

static void write_first(void *unused) {
    (void)unused;
    halves[0] = 1;
}

static void write_second(void *unused) {
    (void)unused;
    halves[1] = 1;
}

static void beside(void) {
    memset(halves, 0, sizeof halves);
    NAMED(halves, sizeof halves, "halves");
    run_threads(write_first, write_second);
    report(halves[0] && halves[1] ? "both" : "one");
}

// A piece of a piece is of the whole.

static void clear_all(void *unused) {
    static const struct triple zeroes;
    (void)unused;
    source = zeroes;
}

static void write_part(void *unused) {
    (void)unused;
    source.c = 1;
}

static void nested(void) {
    begin_triples();
    NAMED(&source.c, sizeof source.c, "source.c");
    run_threads(clear_all, write_part);
    report_two(&source);
}

// More than an exploring has room for, if each were a choice.

static char mine[2][MANY];

static void fill(void *half) {
    char *at = half;
    for (int i = 0; i < MANY; i++)
        at[i] = (char)(at[i] + 1);
}

static void fill_first(void *unused) {
    (void)unused;
    fill(mine[0]);
}

static void fill_second(void *unused) {
    (void)unused;
    fill(mine[1]);
}

static void alone(void) {
    NAMED(mine, sizeof mine, "mine");
    run_threads(fill_first, fill_second);
    report("filled");
}

// Atomics.

static _Atomic int atomic;

static void add_by_halves(void *unused) {
    (void)unused;
    int seen = atomic;
    atomic = seen + 1;
}

static void add_at_once(void *unused) {
    (void)unused;
    atomic_fetch_add(&atomic, 1);
}

static void add_if_unchanged(void *unused) {
    (void)unused;
    int seen = atomic;
    while (!atomic_compare_exchange_strong(&atomic, &seen, seen + 1))
        ;
}

static void begin_atomic(void) {
    atomic = 0;
    count = 0;
    NAMED(&atomic, sizeof atomic, "atomic");
    NAMED(&count, sizeof count, "count");
}

static void run_atomic(uv_thread_cb add) {
    begin_atomic();
    run_threads(add, add);
    report(atomic == 2 ? "two" : "one");
}

static void by_halves(void) {
    run_atomic(add_by_halves);
}

static void at_once(void) {
    run_atomic(add_at_once);
}

static void if_unchanged(void) {
    run_atomic(add_if_unchanged);
}

// What is written before a flag is set is there when it is seen, and in order
// with it if the flag's order says so.

static void set_flag(void *unused) {
    (void)unused;
    count = 1;
    atomic_store_explicit(&atomic, 1, memory_order_release);
}

static void set_flag_relaxed(void *unused) {
    (void)unused;
    count = 1;
    atomic_store_explicit(&atomic, 1, memory_order_relaxed);
}

static void see_flag(void *unused) {
    (void)unused;
    bool is_set = atomic_load_explicit(&atomic, memory_order_acquire);
    report(!is_set ? "not set" : count ? "set" : "torn");
}

static void flag(void) {
    begin_atomic();
    run_threads(set_flag, see_flag);
}

static void flag_relaxed(void) {
    begin_atomic();
    run_threads(set_flag_relaxed, see_flag);
}

#define PROGRAMS(X)                                                            \
    X(lost)                                                                    \
    X(locked)                                                                  \
    X(announced)                                                               \
    X(torn)                                                                    \
    X(assigned)                                                                \
    X(copied_memory)                                                           \
    X(strings)                                                                 \
    X(compared)                                                                \
    X(overlapping)                                                             \
    X(beside)                                                                  \
    X(by_halves)                                                               \
    X(at_once)                                                                 \
    X(if_unchanged)                                                            \
    X(flag)                                                                    \
    X(flag_relaxed)                                                            \
    X(nested)                                                                  \
    X(alone)

#define RUN(name)                                                              \
    static int run_##name(const struct racelab_program *program) {             \
        (void)program;                                                         \
        name();                                                                \
        return 0;                                                              \
    }
PROGRAMS(RUN)

#define PROGRAM(program)                                                       \
    &(const struct racelab_program){                                           \
        .name = #program, .summary = "has no point", .run = run_##program},

const struct racelab_program *const accesses[] = {PROGRAMS(PROGRAM) NULL};
