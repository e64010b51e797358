#include "attack/targets.h"

#include "server/heap.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

struct reader {
    struct targets *targets;
    struct targets_error *error;
    struct target *target; // that header lines now belong to, or NULL
    char line[TARGETS_LINE_BYTES_MAX + 2];
};

__attribute__((format(printf, 3, 4))) static int
fail(struct reader *reader, const char *at, const char *format, ...) {
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(reader->error->text, sizeof reader->error->text, format,
              arguments);
    va_end(arguments);
    reader->error->column = (unsigned)(at - reader->line) + 1;
    return -1;
}

// Appends to the head of the request.
__attribute__((format(printf, 2, 3))) static void
append(struct target *target, const char *format, ...) {
    char text[TARGETS_LINE_BYTES_MAX + 64];
    va_list arguments;

    va_start(arguments, format);
    size_t bytes = (size_t)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    target->head = heap_grow(target->head, target->head_bytes + bytes + 1);
    memcpy(target->head + target->head_bytes, text, bytes + 1);
    target->head_bytes += bytes;
}

static bool is_loopback(const struct sockaddr_storage *address) {
    const struct sockaddr_in *four = (const void *)address;
    const struct sockaddr_in6 *six = (const void *)address;

    if (address->ss_family == AF_INET)
        return ntohl(four->sin_addr.s_addr) >> 24 == 127;
    return IN6_IS_ADDR_LOOPBACK(&six->sin6_addr);
}

// Sets the address from "localhost", "127.0.0.1" or "::1". No name server is
// asked.
static int set_address(struct reader *reader, const char *at, const char *host,
                       int port) {
    struct sockaddr_storage *address = &reader->target->address;
    const char *number = strcmp(host, "localhost") == 0 ? "127.0.0.1" : host;

    if (uv_ip4_addr(number, port, (struct sockaddr_in *)address) != 0 &&
        uv_ip6_addr(number, port, (struct sockaddr_in6 *)address) != 0)
        return fail(reader, at, "'%s' is neither localhost nor an address",
                    host);
    if (!is_loopback(address))
        return fail(reader, at, "'%s' is not this machine: only loopback",
                    host);
    return 0;
}

// Reads "localhost:8080" or "[::1]:8080", `bytes` long.
static int parse_authority(struct reader *reader, const char *at,
                           size_t bytes) {
    char host[64];
    const char *end = at + bytes;
    bool is_v6 = *at == '[';
    const char *begin = at + is_v6;
    size_t host_bytes = strcspn(begin, is_v6 ? "]/?" : ":/?");
    const char *colon =
        begin + host_bytes + (is_v6 && begin[host_bytes] == ']');
    long port = 80;

    if (host_bytes == 0 || host_bytes >= sizeof host)
        return fail(reader, at, "expected a host");
    memcpy(host, begin, host_bytes);
    host[host_bytes] = '\0';
    if (colon < end) {
        char *after;
        port = strtol(colon + 1, &after, 10);
        if (*colon != ':' || after != end || port < 1 || port > 65535)
            return fail(reader, colon, "expected :PORT, 1 to 65535");
    }
    return set_address(reader, at, host, (int)port);
}

// A line "GET http://host/path".
static int parse_target(struct reader *reader) {
    struct targets *targets = reader->targets;
    char *method = reader->line;
    char *url = method + strcspn(method, " \t");

    if (targets->count == TARGETS_MAX)
        return fail(reader, method, "more than %d targets", TARGETS_MAX);
    *url++ = '\0';
    url += strspn(url, " \t");
    if (strncmp(url, "http://", 7) != 0)
        return fail(reader, url, "expected an URL that begins with http://");
    if (url[strcspn(url, " \t")] != '\0')
        return fail(reader, url + strcspn(url, " \t"),
                    "expected the line to end after the URL");

    targets->entries = heap_grow(
        targets->entries, (targets->count + 1) * sizeof *targets->entries);
    reader->target = &targets->entries[targets->count++];
    *reader->target = (struct target){.is_head = strcmp(method, "HEAD") == 0};
    const char *authority = url + 7;
    size_t bytes = strcspn(authority, "/?");
    const char *path = authority + bytes;
    append(reader->target, "%s %s%s HTTP/1.1\r\nHost: %.*s\r\n", method,
           *path == '/' ? "" : "/", path, (int)bytes, authority);
    return parse_authority(reader, authority, bytes);
}

// A line "Name: value".
static int parse_header(struct reader *reader) {
    const char *name = reader->line;
    const char *colon = strchr(name, ':');

    if (colon == NULL || colon == name ||
        strcspn(name, " \t") < (size_t)(colon - name))
        return fail(reader, name,
                    "expected METHOD URL, a header Name: value, or @FILE");
    if (reader->target == NULL)
        return fail(reader, name, "a header without a target above it");
    append(reader->target, "%s\r\n", name);
    return 0;
}

// A line "@file".
static int parse_body(struct reader *reader) {
    struct target *target = reader->target;
    const char *path = reader->line + 1;

    if (target == NULL)
        return fail(reader, path - 1, "a body without a target above it");
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return fail(reader, path, "%.99s: %s", path, strerror(errno));
    target->body = heap_grow(target->body, TARGETS_BODY_BYTES_MAX + 1);
    target->body_bytes =
        fread(target->body, 1, TARGETS_BODY_BYTES_MAX + 1, file);
    bool is_bad = ferror(file);
    fclose(file);
    if (is_bad || target->body_bytes > TARGETS_BODY_BYTES_MAX)
        return fail(reader, path, "not a file of at most %d bytes",
                    TARGETS_BODY_BYTES_MAX);
    return 0;
}

static int parse_line(struct reader *reader) {
    char *line = reader->line;
    size_t letters = 0;

    line[strcspn(line, "\r\n")] = '\0';
    while (isupper((unsigned char)line[letters]))
        letters++;
    if (*line == '#')
        return 0;
    if (line[strspn(line, " \t")] == '\0') {
        reader->target = NULL;
        return 0;
    }
    if (*line == '@')
        return parse_body(reader);
    if (letters > 0 && (line[letters] == ' ' || line[letters] == '\t'))
        return parse_target(reader);
    return parse_header(reader);
}

int targets_read(struct targets *targets, FILE *file,
                 struct targets_error *error) {
    struct reader reader = {.targets = targets, .error = error};

    *targets = (struct targets){0};
    *error = (struct targets_error){0};
    while (fgets(reader.line, sizeof reader.line, file) != NULL) {
        error->line++;
        if (strlen(reader.line) > TARGETS_LINE_BYTES_MAX)
            return fail(&reader, reader.line, "a line of over %d bytes",
                        TARGETS_LINE_BYTES_MAX);
        if (parse_line(&reader) != 0)
            return -1;
    }
    error->line = 0;
    if (ferror(file))
        return fail(&reader, reader.line, "cannot be read");
    if (targets->count == 0)
        return fail(&reader, reader.line, "no targets in it");
    return 0;
}

void targets_done(struct targets *targets) {
    for (unsigned i = 0; i < targets->count; i++) {
        free(targets->entries[i].head);
        free(targets->entries[i].body);
    }
    free(targets->entries);
}

char *targets_print(const struct target *target, size_t *bytes) {
    char length[48] = "\r\n";

    if (target->body != NULL)
        snprintf(length, sizeof length, "Content-Length: %zu\r\n\r\n",
                 target->body_bytes);
    *bytes = target->head_bytes + strlen(length) + target->body_bytes;
    char *text = heap_new(*bytes + 1);
    char *end = stpcpy(stpcpy(text, target->head), length);
    if (target->body != NULL)
        memcpy(end, target->body, target->body_bytes);
    return text;
}
