// answer.h - an answer to bytes.
//
// JSON only. No Date: the same request has the same answer, to the byte.
#ifndef LAB_SERVER_ANSWER_H
#define LAB_SERVER_ANSWER_H

#include <stdbool.h>
#include <stddef.h>

struct answer {
    int status;
    const char *headers; // lines that end in \r\n, or NULL
    const char *body;    // JSON
    size_t body_bytes;
    bool keep_alive;
    bool is_old;  // to an HTTP/1.0 client, which must be told of keep-alive
    bool is_head; // the answer to a HEAD: all but the body
};

// "Not Found" for 404; "Unknown" for a number that this server never sends.
const char *answer_status_text(int status);

// Gives head and body in one piece of memory, *bytes long; free() it.
char *answer_print(const struct answer *answer, size_t *bytes);

#endif
