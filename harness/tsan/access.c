#include "access.h"
#include "edges.h"

#include <string.h>

// The linker gives the program's calls of NAME to __wrap_NAME, and ours of
// __real_NAME to NAME. Weak: absent in a program that is linked otherwise.
#define REAL __attribute__((weak))

void __real___tsan_read_range(void *address, unsigned long bytes) REAL;
void __real___tsan_write_range(void *address, unsigned long bytes) REAL;
void __tsan_func_entry(void *place) REAL;
void __tsan_func_exit(void) REAL;

static const struct access_watcher *watcher;
static uintptr_t lowest, highest;

const char *access_remedy(void) {
    if (!edges_checked())
        return "that takes a build with the thread sanitizer: meson setup "
               "build-tsan -Db_sanitize=thread";
    if (!__real___tsan_read_range)
        return "this program was linked without them: link it with "
               "@build-tsan/harness/access.link";
    return NULL;
}

void access_watch(const struct access_watcher *by, uintptr_t low,
                  uintptr_t high) {
    watcher = by;
    lowest = low;
    highest = by ? high : 0;
}

static inline bool is_watched(const void *address, size_t bytes) {
    return (uintptr_t)address < highest && (uintptr_t)address + bytes > lowest;
}

static void stop(const void *address, size_t bytes, enum op_access kind,
                 const void *place) {
    const struct access access = {
        .address = (uintptr_t)address,
        .bytes = bytes,
        .kind = kind,
        .place = place,
    };
    if (is_watched(address, bytes))
        watcher->stop(&access);
}

// The runtime hears of it as of an access of the program's own.
static void made(const void *address, size_t bytes, enum op_access kind,
                 const void *place) {
    const struct access access = {
        .address = (uintptr_t)address,
        .bytes = bytes,
        .kind = kind,
        .place = place,
    };
    (kind == ACCESS_WRITE ? __real___tsan_write_range
                          : __real___tsan_read_range)((void *)address, bytes);
    if (is_watched(address, bytes))
        watcher->made(&access);
}

// Accesses that the compiler tells of.

static __attribute__((noinline, cold)) void tell(const void *address,
                                                 size_t bytes,
                                                 enum op_access kind,
                                                 const void *place) {
    const struct access access = {
        .address = (uintptr_t)address,
        .bytes = bytes,
        .kind = kind,
        .may_copy = kind == ACCESS_READ,
        .place = place,
    };
    watcher->stop(&access);
    watcher->made(&access);
}

// The call of the runtime is a jump: to it, the access is the program's.
#define ACCESS(name, size, kind)                                               \
    void __real_##name(void *address) REAL;                                    \
    void __wrap_##name(void *address);                                         \
    void __wrap_##name(void *address) {                                        \
        if (__builtin_expect(is_watched(address, size), 0))                    \
            tell(address, size, kind, __builtin_return_address(0));            \
        __real_##name(address);                                                \
    }

#define ACCESSES(size)                                                         \
    ACCESS(__tsan_read##size, size, ACCESS_READ)                               \
    ACCESS(__tsan_write##size, size, ACCESS_WRITE)                             \
    ACCESS(__tsan_volatile_read##size, size, ACCESS_READ)                      \
    ACCESS(__tsan_volatile_write##size, size, ACCESS_WRITE)

#define UNALIGNED(size)                                                        \
    ACCESS(__tsan_unaligned_read##size, size, ACCESS_READ)                     \
    ACCESS(__tsan_unaligned_write##size, size, ACCESS_WRITE)                   \
    ACCESS(__tsan_unaligned_volatile_read##size, size, ACCESS_READ)            \
    ACCESS(__tsan_unaligned_volatile_write##size, size, ACCESS_WRITE)

ACCESSES(1)
ACCESSES(2)
ACCESSES(4)
ACCESSES(8)
ACCESSES(16)
UNALIGNED(2)
UNALIGNED(4)
UNALIGNED(8)
UNALIGNED(16)

#define RANGE(name, kind)                                                      \
    void __wrap_##name(void *address, unsigned long bytes);                    \
    void __wrap_##name(void *address, unsigned long bytes) {                   \
        if (__builtin_expect(is_watched(address, bytes), 0))                   \
            tell(address, bytes, kind, __builtin_return_address(0));           \
        __real_##name(address, bytes);                                         \
    }

RANGE(__tsan_read_range, ACCESS_READ)
RANGE(__tsan_write_range, ACCESS_WRITE)

// Atomics.

enum { RELAXED = 0, RELEASE = 3 }; // of the compiler's orders

static struct access atomic_access(const volatile void *object, size_t bytes,
                                   enum op_access kind, int order,
                                   const void *place) {
    return (struct access){
        .address = (uintptr_t)object,
        .bytes = bytes,
        .kind = kind,
        .no_acquire = order == RELAXED || order == RELEASE,
        .no_release = order < RELEASE,
        .place = place,
    };
}

static __attribute__((noinline, cold)) void
tell_atomic(const volatile void *object, size_t bytes, enum op_access kind,
            int order, const void *place) {
    const struct access access =
        atomic_access(object, bytes, kind, order, place);
    watcher->stop(&access);
    watcher->made(&access);
}

// Is it an update? That is known when it is its turn.
static __attribute__((noinline, cold)) void
tell_exchange(const volatile void *object, const void *expected, size_t bytes,
              int order, int failure, const void *place) {
    const struct access update =
        atomic_access(object, bytes, ACCESS_UPDATE, order, place);
    const struct access load =
        atomic_access(object, bytes, ACCESS_LOAD, failure, place);
    bool succeeds = true;
    watcher->stop(&update);
    for (size_t i = 0; i < bytes; i++)
        succeeds &=
            ((const volatile char *)object)[i] == ((const char *)expected)[i];
    watcher->made(succeeds ? &update : &load);
}

#define ATOMIC(result, name, kind, parameters, arguments)                      \
    result __real_##name parameters REAL;                                      \
    result __wrap_##name parameters;                                           \
    result __wrap_##name parameters {                                          \
        if (__builtin_expect(is_watched((const void *)at, sizeof *at), 0))     \
            tell_atomic(at, sizeof *at, kind, order,                           \
                        __builtin_return_address(0));                          \
        return __real_##name arguments;                                        \
    }

#define UPDATE(type, name)                                                     \
    ATOMIC(type, name, ACCESS_UPDATE,                                          \
           (volatile type * at, type value, int order), (at, value, order))

#define EXCHANGE(result, type, name, expected_type, address_of)                \
    result __real_##name(volatile type *at, expected_type expected,            \
                         type value, int order, int failure) REAL;             \
    result __wrap_##name(volatile type *at, expected_type expected,            \
                         type value, int order, int failure);                  \
    result __wrap_##name(volatile type *at, expected_type expected,            \
                         type value, int order, int failure) {                 \
        if (__builtin_expect(is_watched((const void *)at, sizeof *at), 0))     \
            tell_exchange(at, address_of(expected), sizeof *at, order,         \
                          failure, __builtin_return_address(0));               \
        return __real_##name(at, expected, value, order, failure);             \
    }

#define ATOMICS(bits, type)                                                    \
    ATOMIC(type, __tsan_atomic##bits##_load, ACCESS_LOAD,                      \
           (const volatile type *at, int order), (at, order))                  \
    STORE(type, __tsan_atomic##bits##_store)                                   \
    UPDATE(type, __tsan_atomic##bits##_exchange)                               \
    UPDATE(type, __tsan_atomic##bits##_fetch_add)                              \
    UPDATE(type, __tsan_atomic##bits##_fetch_sub)                              \
    UPDATE(type, __tsan_atomic##bits##_fetch_and)                              \
    UPDATE(type, __tsan_atomic##bits##_fetch_or)                               \
    UPDATE(type, __tsan_atomic##bits##_fetch_xor)                              \
    UPDATE(type, __tsan_atomic##bits##_fetch_nand)                             \
    EXCHANGE(int, type, __tsan_atomic##bits##_compare_exchange_strong,         \
             type *, *&)                                                       \
    EXCHANGE(int, type, __tsan_atomic##bits##_compare_exchange_weak,           \
             type *, *&)                                                       \
    EXCHANGE(type, type, __tsan_atomic##bits##_compare_exchange_val, type, &)

#define STORE(type, name)                                                      \
    void __real_##name(volatile type *at, type value, int order) REAL;         \
    void __wrap_##name(volatile type *at, type value, int order);              \
    void __wrap_##name(volatile type *at, type value, int order) {             \
        if (__builtin_expect(is_watched((const void *)at, sizeof *at), 0))     \
            tell_atomic(at, sizeof *at, ACCESS_STORE, order,                   \
                        __builtin_return_address(0));                          \
        __real_##name(at, value, order);                                       \
    }

ATOMICS(8, uint8_t)
ATOMICS(16, uint16_t)
ATOMICS(32, uint32_t)
ATOMICS(64, uint64_t)

// The C library's, word by word. To the runtime they are functions of the
// program's: behind the accesses stands the call.

enum { WORD = 8 };

#define LIBRARY(type, name, parameters)                                        \
    type __real_##name parameters REAL;                                        \
    type __wrap_##name parameters;                                             \
    type __wrap_##name parameters

#define PLACE __builtin_return_address(0)

// What of `bytes` at `at` lies in one word; where nobody watches, as much as
// goes on elsewhere.
static size_t piece(const char *at, size_t bytes) {
    size_t rest = WORD - (uintptr_t)at % WORD;
    return is_watched(at, bytes) && rest < bytes ? rest : bytes;
}

static size_t piece_of_both(const char *a, const char *b, size_t bytes) {
    return piece(a, piece(b, bytes < WORD ? bytes : WORD));
}

// Not memcpy, which a compiler would make of a plain loop: that is us.
static void move(volatile char *to, const volatile char *from, size_t bytes) {
    for (size_t i = 0; i < bytes; i++)
        to[i] = from[i];
}

static void write_piece(char *to, const char *word, size_t bytes,
                        const void *place) {
    stop(to, bytes, ACCESS_WRITE, place);
    made(to, bytes, ACCESS_WRITE, place);
    move(to, word, bytes);
}

static void copy_piece(char *to, const char *from, size_t bytes,
                       const void *place) {
    char word[WORD];
    stop(from, bytes, ACCESS_READ, place);
    made(from, bytes, ACCESS_READ, place);
    move(word, from, bytes);
    write_piece(to, word, bytes, place);
}

static void *copy(char *to, const char *from, size_t bytes, void *place) {
    __tsan_func_entry(place);
    for (size_t done = 0, more; done < bytes; done += more) {
        more = piece_of_both(to + done, from + done, bytes - done);
        copy_piece(to + done, from + done, more, place);
    }
    __tsan_func_exit();
    return to;
}

// From the end on; what lies before a word's end is at most that word.
static void *copy_back(char *to, const char *from, size_t bytes, void *place) {
    __tsan_func_entry(place);
    for (size_t left = bytes, more; left > 0; left -= more) {
        size_t in_to = ((uintptr_t)(to + left) - 1) % WORD + 1;
        size_t in_from = ((uintptr_t)(from + left) - 1) % WORD + 1;
        more = in_to < in_from ? in_to : in_from;
        more = more < left ? more : left;
        copy_piece(to + left - more, from + left - more, more, place);
    }
    __tsan_func_exit();
    return to;
}

LIBRARY(void *, memcpy, (void *to, const void *from, size_t bytes)) {
    if (__builtin_expect(is_watched(to, bytes) || is_watched(from, bytes), 0))
        return copy(to, from, bytes, PLACE);
    return __real_memcpy(to, from, bytes);
}

LIBRARY(void *, memmove, (void *to, const void *from, size_t bytes)) {
    if (__builtin_expect(!is_watched(to, bytes) && !is_watched(from, bytes), 1))
        return __real_memmove(to, from, bytes);
    return (uintptr_t)to - (uintptr_t)from < bytes
               ? copy_back(to, from, bytes, PLACE)
               : copy(to, from, bytes, PLACE);
}

static void *fill(char *to, int byte, size_t bytes, void *place) {
    char bytes_alike[WORD];
    for (int i = 0; i < WORD; i++)
        bytes_alike[i] = (char)byte;
    __tsan_func_entry(place);
    for (size_t done = 0, more; done < bytes; done += more) {
        more = piece(to + done, bytes - done < WORD ? bytes - done : WORD);
        stop(to + done, more, ACCESS_WRITE, place);
        made(to + done, more, ACCESS_WRITE, place);
        move(to + done, bytes_alike, more);
    }
    __tsan_func_exit();
    return to;
}

LIBRARY(void *, memset, (void *to, int byte, size_t bytes)) {
    if (__builtin_expect(is_watched(to, bytes), 0))
        return fill(to, byte, bytes, PLACE);
    return __real_memset(to, byte, bytes);
}

// Reads a piece, of a string no further than to its end. How much that was; the
// runtime has not heard of it yet.
static size_t read_piece(const char *from, size_t bytes, bool is_string,
                         char *word, const void *place) {
    stop(from, bytes, ACCESS_READ, place);
    for (size_t i = 0; i < bytes; i++) {
        word[i] = from[i];
        if (is_string && word[i] == '\0')
            return i + 1;
    }
    return bytes;
}

// Up to where two pieces are alike, with the first byte that is not, and no
// further than to the end of a string.
static size_t alike(const char *a, const char *b, size_t bytes, bool is_string,
                    bool *is_end) {
    for (size_t i = 0; i < bytes; i++) {
        *is_end = a[i] != b[i] || (is_string && a[i] == '\0');
        if (*is_end)
            return i + 1;
    }
    return bytes;
}

static int compare_piece(const char *a, const char *b, size_t bytes,
                         bool is_string, bool *is_end, const void *place) {
    char of_a[WORD], of_b[WORD];
    size_t read = read_piece(a, bytes, is_string, of_a, place);
    read_piece(b, bytes, is_string, of_b, place);
    read = alike(of_a, of_b, read, is_string, is_end);
    made(a, read, ACCESS_READ, place);
    made(b, read, ACCESS_READ, place);
    return (unsigned char)of_a[read - 1] - (unsigned char)of_b[read - 1];
}

static int compare(const char *a, const char *b, size_t bytes, bool is_string,
                   void *place) {
    int difference = 0;
    bool is_end = false;
    __tsan_func_entry(place);
    for (size_t done = 0, more; done < bytes && !is_end; done += more) {
        more = piece_of_both(a + done, b + done, bytes - done);
        difference =
            compare_piece(a + done, b + done, more, is_string, &is_end, place);
    }
    __tsan_func_exit();
    return difference;
}

// How far a string goes on is not known: it is looked at from its start.
static bool starts_watched(const char *string) {
    return is_watched(string, WORD);
}

LIBRARY(int, memcmp, (const void *a, const void *b, size_t bytes)) {
    if (__builtin_expect(is_watched(a, bytes) || is_watched(b, bytes), 0))
        return compare(a, b, bytes, false, PLACE);
    return __real_memcmp(a, b, bytes);
}

LIBRARY(int, strcmp, (const char *a, const char *b)) {
    if (__builtin_expect(starts_watched(a) || starts_watched(b), 0))
        return compare(a, b, SIZE_MAX, true, PLACE);
    return __real_strcmp(a, b);
}

LIBRARY(int, strncmp, (const char *a, const char *b, size_t most)) {
    if (__builtin_expect(starts_watched(a) || starts_watched(b), 0))
        return compare(a, b, most, true, PLACE);
    return __real_strncmp(a, b, most);
}

static size_t measure(const char *string, void *place) {
    size_t length = 0, more;
    char word[WORD];
    __tsan_func_entry(place);
    do {
        const char *at = string + length;
        more = read_piece(at, piece(at, WORD), true, word, place);
        made(at, more, ACCESS_READ, place);
        length += more;
    } while (word[more - 1]);
    __tsan_func_exit();
    return length - 1;
}

LIBRARY(size_t, strlen, (const char *string)) {
    if (__builtin_expect(starts_watched(string), 0))
        return measure(string, PLACE);
    return __real_strlen(string);
}

static char *copy_string(char *to, const char *from, void *place) {
    size_t length = 0, more;
    char word[WORD] = {0};
    __tsan_func_entry(place);
    do {
        const char *at = from + length;
        more = piece_of_both(to + length, at, WORD);
        more = read_piece(at, more, true, word, place);
        made(at, more, ACCESS_READ, place);
        write_piece(to + length, word, more, place);
        length += more;
    } while (word[more - 1]);
    __tsan_func_exit();
    return to;
}

LIBRARY(char *, strcpy, (char *to, const char *from)) {
    if (__builtin_expect(starts_watched(to) || starts_watched(from), 0))
        return copy_string(to, from, PLACE);
    return __real_strcpy(to, from);
}
