// http.h - bytes to a request.
//
// llhttp does the grammar; this keeps what it finds. Bytes may come cut at any
// place: an URL or a header value that arrives in three pieces is one string
// in the end. After each complete request the parser stops, so that what
// follows it (the next request of a pipeline) stays unread until asked for.
//
// Rules
//   - A request is borrowed from its parser until http_next().
//   - A message that is malformed or over a limit is refused with a status;
//     after that the parser is of no further use.
//   - An Upgrade is ignored, as RFC 9110 7.8 allows; CONNECT is refused.
#ifndef LAB_SERVER_HTTP_H
#define LAB_SERVER_HTTP_H

#include "limits.h"

#include <llhttp.h>
#include <stdbool.h>
#include <stddef.h>

struct http_request {
    const char *method; // "GET"
    const char *path;   // decoded: "/a b" where "/a%20b" was sent
    const char *query;  // as sent, without the '?'; "" when there is none
    const char *body;   // not ended by NUL
    size_t body_bytes;
    const char *headers; // a name and a value each, all ended by NUL
    unsigned header_count;
    unsigned minor;  // of HTTP/1.minor
    bool keep_alive; // another request may follow
};

struct http_parser {
    llhttp_t llhttp;
    struct http_request request;
    int refusal; // the status to refuse with, or 0

    bool is_in_name;     // of a header, of which more may come
    bool has_headers;    // complete; header lines from here on are trailers
    bool wants_continue; // the client waits for "100 Continue"
    size_t url_bytes;    // of URL_BYTES_MAX
    size_t header_bytes; // of HEADER_BYTES_MAX
    char *body;
    size_t body_capacity;

    // The URL, and each header's name and value, one string after the other.
    size_t text_bytes, text_room;
    char *text; // owned; moves while it grows, until `has_headers`
    size_t headers_at, value_at; // in it: the first name, and the last value
};

enum http_progress {
    HTTP_MORE,     // all bytes were used; the request is not complete
    HTTP_COMPLETE, // `request` is whole
    HTTP_REFUSED,  // see `refusal`
};

void http_init(struct http_parser *parser);
void http_done(struct http_parser *parser);

// Reads from `bytes`; *used says how many belong to this request.
enum http_progress http_feed(struct http_parser *parser, const char *bytes,
                             size_t count, size_t *used);

// Forgets the request that was complete and makes ready for the next.
void http_next(struct http_parser *parser);

// The first header of that name, in any case; NULL when there is none.
const char *http_header(const struct http_request *request, const char *name);

#endif
