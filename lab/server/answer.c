#include "answer.h"

#include "heap.h"
#include "limits.h"

#include <stdio.h>
#include <string.h>

enum { LINES_BYTES = 256 }; // the head, but for what a context adds

const char *answer_status_text(int status) {
    switch (status) {
    case 200:
        return "OK";
    case 201:
        return "Created";
    case 204:
        return "No Content";
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 413:
        return "Content Too Large";
    case 414:
        return "URI Too Long";
    case 431:
        return "Request Header Fields Too Large";
    case 500:
        return "Internal Server Error";
    case 501:
        return "Not Implemented";
    case 503:
        return "Service Unavailable";
    case 505:
        return "HTTP Version Not Supported";
    default:
        return "Unknown";
    }
}

static const char *connection_line(const struct answer *answer) {
    if (!answer->keep_alive)
        return "Connection: close\r\n";
    return answer->is_old ? "Connection: keep-alive\r\n" : "";
}

char *answer_print(const struct answer *answer, size_t *bytes) {
    const char *headers = answer->headers != NULL ? answer->headers : "";
    size_t room = LINES_BYTES + strlen(headers) + answer->body_bytes;
    char *out = heap_new(room);

    int head = snprintf(out, room,
                        "HTTP/1.1 %d %s\r\n"
                        "Content-Type: application/json; charset=utf-8\r\n"
                        "Content-Length: %zu\r\n"
                        "%s%s\r\n",
                        answer->status, answer_status_text(answer->status),
                        answer->body_bytes, headers, connection_line(answer));
    *bytes = (size_t)head;
    if (!answer->is_head && answer->body_bytes > 0) {
        memcpy(out + head, answer->body, answer->body_bytes);
        *bytes += answer->body_bytes;
    }
    return out;
}
