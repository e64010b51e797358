#include "symbol.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>
#include <poll.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uthash.h>

// Weak: absent in a build without a sanitizer.
void __sanitizer_symbolize_pc(void *pc, const char *format, char *out,
                              size_t room) __attribute__((weak));

// With addr2line, which takes some twenty; a machine may be busy with others.
enum { PATIENCE_MS = 8000 };

// The program, and what it loads: few have code of interest.
enum { OBJECTS_MOST = 8 };

// Where the harness itself was built: gcc's runtime gives paths as the compiler
// was given them, and Meson gives them from there. A program's own build may
// use the same form from somewhere else.
static void complete(const char *path, char *full, size_t room) {
    snprintf(full, room, "%s/%s", RACELAB_BUILD_ROOT, path);
    if (path[0] == '/' || access(full, F_OK) != 0)
        snprintf(full, room, "%s", path);
}

// "/home/x/build/../lab/y.c" or "../lab/y.c" -> "lab/y.c". A source that does
// not lie in this tree keeps its path. Does it lie in it?
static bool shorten_path(const char *path, char *file, size_t room) {
    char full[LIMIT_LINE_BYTES * 2];
    char *out = full;
    complete(path, full, sizeof full);
    for (char *up; out[0] == '/' && (up = strstr(out, "/../"));) {
        char *start = up;
        while (start > out && start[-1] != '/')
            start--;
        memmove(start, up + 4, strlen(up + 4) + 1);
    }
    size_t root = strlen(RACELAB_SOURCE_ROOT);
    bool inside = strncmp(full, RACELAB_SOURCE_ROOT "/", root + 1) == 0;
    if (inside)
        out = full + root + 1;
    size_t length = strnlen(out, room - 1);
    memcpy(file, out, length);
    file[length] = '\0';
    return inside;
}

// The object that `address` lies in, and where in it.
static bool find_object(const void *address, char *file, size_t room,
                        uintptr_t *offset) {
    Dl_info info;
    struct link_map *map;
    if (!dladdr1(address, &info, (void **)&map, RTLD_DL_LINKMAP))
        return false;
    *offset = (uintptr_t)address - map->l_addr;
    if (map->l_name[0]) {
        snprintf(file, room, "%s", map->l_name);
        return true;
    }
    ssize_t length = readlink("/proc/self/exe", file, room - 1);
    if (length < 0)
        return false;
    file[length] = '\0';
    return true;
}

// An addr2line that has an object open: it takes an address a line, and answers
// each with two. To open one takes longer than a hundred questions. It ends
// when its standard input does, which is when we do.
struct resolver {
    char object[LIMIT_LINE_BYTES];
    int socket; // its standard input and output; -1: it is not there
};

static int start(const char *object, int end) {
    posix_spawn_file_actions_t actions;
    pid_t child;
    char name[] = "addr2line", functions[] = "-f", executable[] = "-e";
    char *arguments[] = {name, functions, executable, (char *)object, NULL};
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, end, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, end, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null",
                                     O_WRONLY, 0);
    int failed =
        posix_spawnp(&child, arguments[0], &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    return failed ? -1 : 0;
}

static void open_resolver(struct resolver *resolver, const char *object) {
    int ends[2];
    snprintf(resolver->object, sizeof resolver->object, "%s", object);
    resolver->socket = -1;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
        return;
    if (start(object, ends[1]) == 0)
        resolver->socket = ends[0];
    else
        close(ends[0]);
    close(ends[1]);
}

static struct resolver *resolver_of(const char *object) {
    static struct resolver resolvers[OBJECTS_MOST];
    static int count;
    for (int i = 0; i < count; i++)
        if (strcmp(resolvers[i].object, object) == 0)
            return &resolvers[i];
    if (count == OBJECTS_MOST)
        return NULL;
    open_resolver(&resolvers[count], object);
    return &resolvers[count++];
}

static bool has_two_lines(const char *text) {
    const char *first = strchr(text, '\n');
    return first && strchr(first + 1, '\n');
}

// Who does not answer once is not asked again.
static void ask(struct resolver *resolver, uintptr_t offset, char *text,
                size_t room) {
    struct pollfd watched = {.fd = resolver->socket, .events = POLLIN};
    size_t used = 0;
    ssize_t more = 0;
    text[0] = '\0';
    int bytes = snprintf(text, room, "0x%jx\n", (uintmax_t)offset);
    bool asked =
        send(resolver->socket, text, (size_t)bytes, MSG_NOSIGNAL) == bytes;
    text[0] = '\0';
    while (asked && !has_two_lines(text)) {
        more = used + 1 < room && poll(&watched, 1, PATIENCE_MS) > 0
                   ? read(resolver->socket, text + used, room - 1 - used)
                   : 0;
        asked = more > 0;
        used += asked ? (size_t)more : 0;
        text[used] = '\0';
    }
    if (asked)
        return;
    close(resolver->socket);
    resolver->socket = -1;
    text[0] = '\0';
}

// "FUNCTION\nFILE\nLINE", as far as it is known.
static void ask_runtime(const void *address, char *text, size_t room) {
    __sanitizer_symbolize_pc((void *)address, "%f\n%s\n%l", text, room);
}

// The same by addr2line, which prints "FUNCTION\nFILE:LINE". The call is the
// instruction before the one that it returns to.
static void ask_addr2line(const void *address, char *text, size_t room) {
    char object[LIMIT_LINE_BYTES];
    uintptr_t offset;
    text[0] = '\0';
    struct resolver *resolver =
        find_object(address, object, sizeof object, &offset)
            ? resolver_of(object)
            : NULL;
    if (!resolver || resolver->socket < 0)
        return;
    ask(resolver, offset - 1, text, room);
    char *colon = strrchr(text, ':');
    if (colon)
        *colon = '\n';
}

// A runtime that was told not to, or that lacks a program for it, names none.
static bool runtime_names(void) {
    static enum { UNKNOWN, NO, YES } answer;
    char name[LIMIT_NAME] = "";
    if (!__sanitizer_symbolize_pc)
        return false;
    if (answer == UNKNOWN) {
        __sanitizer_symbolize_pc((char *)(uintptr_t)symbol_of + 1, "%f", name,
                                 sizeof name);
        answer = strcmp(name, "symbol_of") == 0 ? YES : NO;
    }
    return answer == YES;
}

static void look_up(struct symbol *symbol) {
    char text[LIMIT_LINE_BYTES] = "";
    char *rest = text;
    if (runtime_names())
        ask_runtime(symbol->address, text, sizeof text);
    else
        ask_addr2line(symbol->address, text, sizeof text);
    const char *function = strsep(&rest, "\n");
    const char *file = strsep(&rest, "\n");
    snprintf(symbol->function, sizeof symbol->function, "%s", function);
    bool inside =
        shorten_path(file ? file : "?", symbol->file, sizeof symbol->file);
    symbol->line = rest ? atoi(rest) : 0;
    bool of_harness =
        inside && strncmp(symbol->file, "harness/", strlen("harness/")) == 0;
    symbol->of_program = symbol->line > 0 && !of_harness &&
                         !strstr(symbol->file, "/libsanitizer/") &&
                         !strstr(symbol->file, "/compiler-rt/");
}

struct known {
    struct symbol symbol;
    UT_hash_handle hh;
};

const struct symbol *symbol_of(const void *address) {
    static struct known *all;
    struct known *known;
    HASH_FIND_PTR(all, &address, known);
    if (known)
        return &known->symbol;
    known = calloc(1, sizeof *known);
    if (!known)
        abort(); // memory for a few hundred bytes: nothing can go on
    known->symbol.address = address;
    look_up(&known->symbol);
    HASH_ADD_PTR(all, symbol.address, known);
    return &known->symbol;
}

void symbol_print(const void *address, char *text, size_t room) {
    text[0] = '\0';
    if (!address)
        return;
    const struct symbol *symbol = symbol_of(address);
    if (symbol->of_program)
        snprintf(text, room, "%s:%d", symbol->file, symbol->line);
}
