#include "classroom/allowed.h"

#include <string.h>

// Each list ends with NULL.

static const char *const headers[] = {
    // The lab's.
    "\"handlers/handlers.h\"", "\"handlers/timestamp_job.h\"",
    "\"kit/letter_job.h\"", "\"kit/name_job.h\"", "\"server/after.h\"",
    "\"server/connection.h\"", "\"server/context.h\"", "\"server/heap.h\"",
    "\"server/hooks.h\"", "\"server/http.h\"", "\"server/job.h\"",
    "\"server/limits.h\"", "\"server/pool.h\"", "\"server/router.h\"",
    "\"server/server.h\"", "\"server/wallclock.h\"", "<racelab/point.h>",
    "<uv.h>",
    // C's.
    "<assert.h>", "<ctype.h>", "<errno.h>", "<inttypes.h>", "<limits.h>",
    "<stdalign.h>", "<stdatomic.h>", "<stdbool.h>", "<stddef.h>", "<stdint.h>",
    "<stdio.h>", "<stdlib.h>", "<stdnoreturn.h>", "<string.h>", NULL};

static const char *const reserved[] = {
    "_Alignas",  "_Alignof",       "_Atomic",  "_Bool", "_Generic",
    "_Noreturn", "_Static_assert", "__func__", NULL};

static const char *const points[] = {"POINT_LOAD", "POINT_STORE",
                                     "POINT_UPDATE", NULL};

static const char *const calls[] = {
    // The lab's, without what takes a server apart.
    "context_abort", "context_after", "context_clear", "context_clear_locked",
    "context_copy", "context_find", "context_finish", "context_free",
    "context_get", "context_header", "context_hold", "context_message",
    "context_next", "context_param", "context_release", "context_reset",
    "context_retain", "context_set", "heap_grow", "heap_new", "job_join_last",
    "job_pending", "job_start", "pool_drop", "pool_get", "pool_put",
    "server_delay_ms", "timestamp_job_queue", "timestamp_job_queue_after",
    "timestamp_job_start", "wallclock_ms",
    // What the points of allowed_point() become.
    "racelab_controlled", "racelab_point_load", "racelab_point_store",
    "racelab_point_update",
    // libuv's, under control.
    "racelab_uv_async_init", "racelab_uv_async_send", "racelab_uv_barrier_init",
    "racelab_uv_barrier_destroy", "racelab_uv_barrier_wait",
    "racelab_uv_cancel", "racelab_uv_close", "racelab_uv_cond_broadcast",
    "racelab_uv_cond_destroy", "racelab_uv_cond_init", "racelab_uv_cond_signal",
    "racelab_uv_cond_timedwait", "racelab_uv_cond_wait", "racelab_uv_hrtime",
    "racelab_uv_is_active", "racelab_uv_mutex_destroy", "racelab_uv_mutex_init",
    "racelab_uv_mutex_init_recursive", "racelab_uv_mutex_lock",
    "racelab_uv_mutex_trylock", "racelab_uv_mutex_unlock", "racelab_uv_now",
    "racelab_uv_once", "racelab_uv_queue_work", "racelab_uv_rwlock_destroy",
    "racelab_uv_rwlock_init", "racelab_uv_rwlock_rdlock",
    "racelab_uv_rwlock_rdunlock", "racelab_uv_rwlock_tryrdlock",
    "racelab_uv_rwlock_trywrlock", "racelab_uv_rwlock_wrlock",
    "racelab_uv_rwlock_wrunlock", "racelab_uv_sem_destroy",
    "racelab_uv_sem_init", "racelab_uv_sem_post", "racelab_uv_sem_trywait",
    "racelab_uv_sem_wait", "racelab_uv_sleep", "racelab_uv_thread_create",
    "racelab_uv_thread_create_ex", "racelab_uv_thread_join",
    "racelab_uv_timer_again", "racelab_uv_timer_get_due_in",
    "racelab_uv_timer_start", "racelab_uv_timer_stop",
    // libuv's that the harness leaves alone.
    "uv_err_name", "uv_handle_get_data", "uv_handle_get_loop",
    "uv_handle_set_data", "uv_is_closing", "uv_ref", "uv_req_get_data",
    "uv_req_set_data", "uv_strerror", "uv_timer_get_repeat", "uv_timer_init",
    "uv_timer_set_repeat", "uv_unref",
    // C's: memory, strings and numbers, nothing that prints or ends.
    "abs", "atoi", "atol", "atoll", "calloc", "free", "isalnum", "isalpha",
    "isdigit", "islower", "isprint", "ispunct", "isspace", "isupper",
    "isxdigit", "labs", "llabs", "malloc", "memchr", "memcmp", "memcpy",
    "memmove", "memset", "realloc", "snprintf", "sscanf", "strcat", "strchr",
    "strcmp", "strcpy", "strcspn", "strdup", "strlen", "strncat", "strncmp",
    "strncpy", "strndup", "strnlen", "strpbrk", "strrchr", "strspn", "strstr",
    "strtol", "strtoll", "strtoul", "strtoull", "tolower", "toupper",
    // What compilers and glibc's headers make of those.
    "_GLOBAL_OFFSET_TABLE_", "__assert_fail", "__ctype_b_loc",
    "__ctype_tolower_loc", "__ctype_toupper_loc", "__errno_location",
    "__isoc23_sscanf", "__isoc23_strtol", "__isoc23_strtoll",
    "__isoc23_strtoul", "__isoc23_strtoull", "__isoc99_sscanf",
    "__stack_chk_fail", "bcmp", "stpcpy", NULL};

// The exercises' own jobs; atomics of libgcc, on machines that have them there.
static const char *const call_families[] = {"classroom_", "letter_job_",
                                            "name_job_", "__aarch64_", NULL};

static bool is_among(const char *const *list, const char *name) {
    for (; *list != NULL; list++)
        if (strcmp(*list, name) == 0)
            return true;
    return false;
}

bool allowed_header(const char *name) {
    return is_among(headers, name);
}

bool allowed_reserved(const char *name) {
    return is_among(reserved, name);
}

bool allowed_point(const char *name) {
    return is_among(points, name);
}

bool allowed_call(const char *name) {
    for (const char *const *family = call_families; *family != NULL; family++)
        if (strncmp(name, *family, strlen(*family)) == 0)
            return true;
    return is_among(calls, name);
}
