#include "address.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

// The runtime's interface (compiler-rt's asan_interface). Weak: absent without
// AddressSanitizer.
void *__asan_get_report_address(void) __attribute__((weak));
int __asan_get_report_access_type(void) __attribute__((weak));
const char *__asan_get_report_description(void) __attribute__((weak));
void __asan_set_error_report_callback(void (*callback)(const char *text))
    __attribute__((weak));
void __sanitizer_set_report_fd(void *descriptor) __attribute__((weak));
void __asan_on_error(void);
const char *__asan_default_options(void);

static struct scheduler *watched;
static bool is_expected; // the report that is about to be printed
static int quiet_descriptor = -1;

// The program goes on after a report if it was compiled to. Each access is
// reported, not each place in the code once.
const char *__asan_default_options(void) {
    return "halt_on_error=0:suppress_equal_pcs=0";
}

static void print_to(int descriptor) {
    __sanitizer_set_report_fd((void *)(intptr_t)descriptor);
}

// The task that runs has touched memory that a pool once gave.
static bool take(uintptr_t address) {
    const struct owner_object *pooled = owners_find(watched->owners, address);
    const struct task *task = &watched->tasks[atomic_load_explicit(
        &watched->running, memory_order_relaxed)];
    if (!pooled)
        return false;
    owners_add(watched->owners,
               &(struct finding){
                   .kind = FINDING_MEMORY,
                   .task = task->id,
                   .step = watched->trace->step_count,
                   .name = __asan_get_report_description(),
                   .access = __asan_get_report_access_type() ? ACCESS_WRITE
                                                             : ACCESS_READ,
                   .object = address,
                   .pooled = pooled->base,
                   .owner = pooled->owner,
                   .put_step = pooled->put_step,
                   .works_for = task->works_for,
               });
    return true;
}

// Called in the thread that made the access, before the report is printed.
void __asan_on_error(void) {
    is_expected = watched && take((uintptr_t)__asan_get_report_address());
    if (quiet_descriptor < 0)
        quiet_descriptor = open("/dev/null", O_WRONLY | O_CLOEXEC);
    print_to(is_expected ? quiet_descriptor : STDERR_FILENO);
}

// Called when it has been printed.
static void end_if_unexpected(const char *text) {
    (void)text;
    if (!is_expected)
        abort();
    print_to(STDERR_FILENO);
}

void address_begin(struct scheduler *scheduler) {
    if (__asan_set_error_report_callback)
        __asan_set_error_report_callback(end_if_unexpected);
    watched = scheduler;
}

void address_end(void) {
    watched = NULL;
}
