#include "report.h"
#include "edges.h"
#include "stacks.h"
#include "symbol.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FRAMES = 32 };

// Which runtime this is built for. With the newer one a race was lost where a
// heap block was all that had been forgotten; with the older one none was.
#if defined(__clang__) || __GNUC__ > 12
enum { FORGETS_BLOCKS = false };
#else
enum { FORGETS_BLOCKS = true };
#endif

// The runtime's interface for those who look into a report, declared in
// compiler-rt's tsan_interface. Weak: absent without ThreadSanitizer.
int __tsan_get_report_data(void *report, const char **description, int *count,
                           int *stack_count, int *mop_count, int *loc_count,
                           int *mutex_count, int *thread_count,
                           int *unique_tid_count, void **sleep_trace,
                           unsigned long trace_size) __attribute__((weak));
int __tsan_get_report_mop(void *report, unsigned long index, int *tid,
                          void **address, int *size, int *write, int *atomic,
                          void **trace, unsigned long trace_size)
    __attribute__((weak));
int __tsan_get_report_thread(void *report, unsigned long index, int *tid,
                             unsigned long long *os_id, int *running,
                             const char **name, int *parent_tid, void **trace,
                             unsigned long trace_size) __attribute__((weak));
int __tsan_get_report_mutex(void *report, unsigned long index, uint64_t *id,
                            void **address, int *destroyed, void **trace,
                            unsigned long trace_size) __attribute__((weak));
int __tsan_get_report_loc(void *report, unsigned long index, const char **type,
                          void **address, uintptr_t *start, uintptr_t *size,
                          int *tid, int *descriptor, int *suppressable,
                          void **trace, unsigned long trace_size)
    __attribute__((weak));
size_t __sanitizer_get_allocated_size(const void *block) __attribute__((weak));
void __sanitizer_set_report_fd(void *descriptor) __attribute__((weak));
void __tsan_flush_memory(void) __attribute__((weak));
void __tsan_on_report(void *report);
const char *__tsan_default_options(void);
// The runtime's own hook for tests, a function of C++: __tsan::OnReport. True:
// nothing is to be printed, and __tsan_on_report not to be called.
bool report_on_report(void *report, bool suppressed) __asm__(
    "_ZN6__tsan8OnReportEPKNS_10ReportDescEb");

// What is kept of an access until nobody runs and it can be looked up.
struct raw_access {
    char task[LIMIT_NAME];
    bool write;
    int bytes;
    void *frames[FRAMES];
};

struct raw_race {
    char kind[LIMIT_NAME];
    char object[LIMIT_NAME];
    int step;
    uintptr_t word; // of eight bytes, in which they met; what tells it apart
    void *block;    // of the heap, in which it lies; NULL: in none
    struct raw_access accesses[2];
};

static struct scheduler *watched;
static bool is_loud;
static struct raw_race seen[LIMIT_RACES];
static int seen_count, outside_count;
static int quiet_descriptor = -1;

// One report for each race of each execution, not one for each process; the
// exit status is the command's own. The environment still wins.
const char *__tsan_default_options(void) {
    return "exitcode=0:atexit_sleep_ms=0:suppress_equal_stacks=0:"
           "suppress_equal_addresses=0";
}

// A stack has no thread of its own, but a name.
static bool is_thread_of(const struct task *task, unsigned long long os_id,
                         const char *name) {
    char stack[LIMIT_NAME];
    if (task->os_id > 0)
        return (unsigned long long)task->os_id == os_id;
    snprintf(stack, sizeof stack, STACKS_NAME_FORMAT, task->id);
    return task->os_id < 0 && name && strcmp(name, stack) == 0;
}

static void name_task(void *report, int tid, int thread_count, char *name) {
    snprintf(name, LIMIT_NAME, "?");
    for (int i = 0; i < thread_count; i++) {
        int thread_tid, running, parent;
        unsigned long long os_id;
        const char *thread_name;
        void *trace[1];
        __tsan_get_report_thread(report, (unsigned long)i, &thread_tid, &os_id,
                                 &running, &thread_name, &parent, trace, 1);
        for (int t = 0; thread_tid == tid && t < watched->task_count; t++)
            if (is_thread_of(&watched->tasks[t], os_id, thread_name))
                snprintf(name, LIMIT_NAME, "%s", watched->tasks[t].name);
    }
}

static void take_access(void *report, int index, int thread_count,
                        struct raw_race *race, struct raw_access *access) {
    int tid, size, write, atomic;
    void *address;
    memset(access, 0, sizeof *access);
    __tsan_get_report_mop(report, (unsigned long)index, &tid, &address, &size,
                          &write, &atomic, access->frames, FRAMES);
    access->write = write;
    access->bytes = size;
    name_task(report, tid, thread_count, access->task);
    const struct name *name = names_find(&watched->names, (uintptr_t)address);
    if (index > 0)
        return;
    race->word = (uintptr_t)address / 8;
    snprintf(race->object, sizeof race->object, "%s",
             name ? name->text : "memory without a name");
}

static void take_block(void *report, int loc_count, struct raw_race *race) {
    const char *type = "";
    void *address, *trace[1];
    uintptr_t start, size;
    int tid, descriptor, suppressable;
    if (loc_count > 0)
        __tsan_get_report_loc(report, 0, &type, &address, &start, &size, &tid,
                              &descriptor, &suppressable, trace, 1);
    if (strcmp(type, "heap") == 0)
        race->block = (void *)start;
}

// A report without accesses is about locks: a lock-order-inversion, an unlock
// of what is not locked.
static void take_locks(void *report, int lock_count, struct raw_race *race) {
    size_t used = 0;
    for (int i = 0; i < lock_count && used < sizeof race->object; i++) {
        uint64_t id;
        void *address, *trace[1];
        int destroyed;
        __tsan_get_report_mutex(report, (unsigned long)i, &id, &address,
                                &destroyed, trace, 1);
        const struct name *name =
            names_find(&watched->names, (uintptr_t)address);
        int more = snprintf(
            race->object + used, sizeof race->object - used, "%s%s",
            i ? " and " : "",
            name ? name->text : sync_name(&watched->sync, (uintptr_t)address));
        used += more > 0 ? (size_t)more : 0;
        race->word += (uintptr_t)address / 8;
    }
}

// A newer runtime looks away from a word of memory after its first race; so
// that all builds say the same, that first one is what we keep.
static bool already(const struct raw_race *race) {
    for (const struct raw_race *other = seen; other < race; other++)
        if (other->word == race->word)
            return true;
    return false;
}

static void take_report(void *report) {
    const char *description;
    int count, stacks, mops, locs, mutexes, threads, tids;
    void *sleep[1];
    if (seen_count == LIMIT_RACES)
        return; // so many words of memory that raced: the first say enough
    edges_ignore_begin();
    __tsan_get_report_data(report, &description, &count, &stacks, &mops, &locs,
                           &mutexes, &threads, &tids, sleep, 1);
    struct raw_race *race = &seen[seen_count];
    memset(race, 0, sizeof *race);
    snprintf(race->kind, sizeof race->kind, "%s", description);
    race->step = watched->trace->step_count;
    for (int i = 0; i < 2 && i < mops; i++) // the runtime has the later first
        take_access(report, i, threads, race, &race->accesses[1 - i]);
    if (mops == 0)
        take_locks(report, mutexes, race);
    take_block(report, locs, race);
    if (!already(race))
        seen_count++;
    edges_ignore_end();
}

// Both are called in the thread that made the later of the two accesses.

void __tsan_on_report(void *report) {
    if (watched)
        take_report(report);
    else
        outside_count++;
}

// To print a report takes as long as all else in an execution together.
bool report_on_report(void *report, bool suppressed) {
    if (!watched || is_loud || suppressed)
        return suppressed;
    take_report(report);
    return true;
}

static void print_to(int descriptor) {
    static int told = STDERR_FILENO;
    if (descriptor < 0 || descriptor == told || !edges_checked())
        return;
    told = descriptor;
    __sanitizer_set_report_fd((void *)(intptr_t)descriptor);
}

static void be_quiet(void) {
    if (quiet_descriptor < 0 && edges_checked())
        quiet_descriptor = open("/dev/null", O_WRONLY | O_CLOEXEC);
    print_to(quiet_descriptor);
}

void report_aloud(void) {
    print_to(STDERR_FILENO);
}

void report_begin(struct scheduler *scheduler, bool loud) {
    seen_count = 0;
    watched = scheduler;
    is_loud = loud;
    if (loud)
        report_aloud();
    else
        be_quiet();
}

int report_finish(void) {
    if (outside_count == 0)
        be_quiet();
    return outside_count;
}

// The innermost frame of the program's own source: below it may stand memcpy.
// Where there is none, the innermost of all.
static void resolve(const struct raw_access *raw, struct race_access *access) {
    if (raw->task[0] == '\0')
        return; // there was none
    snprintf(access->task, sizeof access->task, "%s", raw->task);
    access->write = raw->write;
    access->bytes = raw->bytes;
    const struct symbol *symbol = NULL;
    for (int i = 0; i < FRAMES && raw->frames[i]; i++) {
        const struct symbol *found = symbol_of(raw->frames[i]);
        if (i == 0 || found->of_program)
            symbol = found;
        if (found->of_program)
            break;
    }
    if (!symbol)
        return;
    memcpy(access->function, symbol->function, sizeof access->function);
    memcpy(access->file, symbol->file, sizeof access->file);
    access->line = symbol->line;
}

// The runtime would look away from the word that raced in the next execution as
// well, unless that lies in the heap and has been given back: then all that is
// known of it is forgotten when it is handed out again.
static bool is_forgotten(const struct raw_race *race) {
    return FORGETS_BLOCKS && race->block &&
           __sanitizer_get_allocated_size(race->block) == 0;
}

static void forget_words(void) {
    for (int i = 0; i < seen_count; i++)
        if (!is_forgotten(&seen[i])) {
            __tsan_flush_memory(); // of everything, which takes its time
            return;
        }
}

// A hash of where the two stood: of the innermost two frames of each, for the
// first may be memcpy's.
static uint64_t places_of(const struct raw_race *race) {
    uint64_t hash = 0;
    for (int i = 0; i < 2; i++)
        for (int k = 0; k < 2; k++)
            hash = (hash ^ (uintptr_t)race->accesses[i].frames[k]) *
                   UINT64_C(0x9E3779B97F4A7C15);
    return hash;
}

int report_end(struct race *races, bool detailed) {
    int count = 0;
    watched = NULL;
    forget_words();
    for (int i = 0; i < seen_count; i++) {
        struct race *race = &races[count++];
        memset(race, 0, sizeof *race);
        memcpy(race->kind, seen[i].kind, sizeof race->kind);
        memcpy(race->object, seen[i].object, sizeof race->object);
        race->step = seen[i].step;
        race->places = places_of(&seen[i]);
        if (!detailed)
            continue;
        resolve(&seen[i].accesses[0], &race->accesses[0]);
        resolve(&seen[i].accesses[1], &race->accesses[1]);
    }
    seen_count = 0;
    return count;
}
