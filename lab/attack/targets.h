// targets.h - what to request: vegeta's list of targets.
//
//     # a comment
//     GET http://localhost:8080/test
//     X-Request-Id: A
//
//     POST http://127.0.0.1:8080/items
//     @body.json
//
// A target is a method and an URL; header lines and a file for the body may
// follow. Only http, and only this machine: localhost, 127.x.x.x or [::1].
#ifndef LAB_ATTACK_TARGETS_H
#define LAB_ATTACK_TARGETS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum {
    TARGETS_MAX = 1000,
    TARGETS_LINE_BYTES_MAX = 8192,
    TARGETS_BODY_BYTES_MAX = 1 << 20,
};

struct target {
    struct sockaddr_storage address;
    bool is_head; // its answer has no body
    size_t body_bytes;
    char *body; // owned
    char *head; // owned: the request line and the headers, to be ended by \r\n
    size_t head_bytes;
};

struct targets {
    struct target *entries; // owned
    unsigned count;
};

struct targets_error {
    unsigned line, column; // from 1; line 0: it is not about a line
    char text[160];
};

// Reads targets from `file`. 0, or -1 with the error filled in; targets_done()
// is due in both cases.
int targets_read(struct targets *targets, FILE *file,
                 struct targets_error *error);

void targets_done(struct targets *targets);

// Gives the bytes of the request; free() them.
char *targets_print(const struct target *target, size_t *bytes);

#endif
