#include "http.h"

#include "heap.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static int refuse(struct http_parser *p, int status) {
    p->refusal = status;
    return -1; // for llhttp: stop here
}

enum { TEXT_BYTES = 256 }; // at first, which most requests are content with

static void make_room(struct http_parser *p, size_t bytes) {
    if (p->text_bytes + bytes <= p->text_room)
        return;
    p->text_room = TEXT_BYTES + 2 * (p->text_bytes + bytes);
    p->text = heap_grow(p->text, p->text_room);
}

// Appends to the string that is growing at the end of `text`. Callers have
// checked their limits.
static void append(struct http_parser *p, const char *at, size_t bytes) {
    make_room(p, bytes);
    memcpy(p->text + p->text_bytes, at, bytes);
    p->text_bytes += bytes;
}

static void end_string(struct http_parser *p) {
    make_room(p, 1);
    p->text[p->text_bytes++] = '\0';
}

static int on_url(llhttp_t *llhttp, const char *at, size_t bytes) {
    struct http_parser *p = llhttp->data;

    if (bytes > URL_BYTES_MAX - p->url_bytes)
        return refuse(p, 414);
    p->url_bytes += bytes;
    append(p, at, bytes);
    return 0;
}

static int on_url_complete(llhttp_t *llhttp) {
    struct http_parser *p = llhttp->data;

    end_string(p);
    p->headers_at = p->text_bytes;
    return 0;
}

// A piece of a header's name or value. Trailers are counted, and not kept:
// a header that comes after the body would be believed by nobody in time.
static int add_header_bytes(struct http_parser *p, const char *at,
                            size_t bytes) {
    if (bytes > HEADER_BYTES_MAX - p->header_bytes)
        return refuse(p, 431);
    p->header_bytes += bytes;
    if (!p->has_headers)
        append(p, at, bytes);
    return 0;
}

static int on_header_field(llhttp_t *llhttp, const char *at, size_t bytes) {
    struct http_parser *p = llhttp->data;

    if (!p->has_headers && p->request.header_count == HEADERS_MAX)
        return refuse(p, 431);
    p->is_in_name = true;
    return add_header_bytes(p, at, bytes);
}

static int on_header_field_complete(llhttp_t *llhttp) {
    struct http_parser *p = llhttp->data;

    p->is_in_name = false;
    if (!p->has_headers) {
        end_string(p);
        p->value_at = p->text_bytes;
    }
    return 0;
}

static int on_header_value(llhttp_t *llhttp, const char *at, size_t bytes) {
    return add_header_bytes(llhttp->data, at, bytes);
}

static bool is_blank(const struct http_parser *p) {
    char last = p->text[p->text_bytes - 1];

    return last == ' ' || last == '\t';
}

static int on_header_value_complete(llhttp_t *llhttp) {
    struct http_parser *p = llhttp->data;

    if (!p->has_headers) {
        while (p->text_bytes > p->value_at && is_blank(p))
            p->text_bytes--; // what follows the value is not of it
        end_string(p);
        p->request.header_count++;
    }
    return 0;
}

static int hex(char digit) {
    if (!isxdigit((unsigned char)digit))
        return -1;
    return isdigit((unsigned char)digit) ? digit - '0'
                                         : (digit | 0x20) - 'a' + 10;
}

// Undoes %41 in place. False on a bad escape, and on %00, which no C string
// holds.
static bool decode(char *text) {
    char *out = text;

    for (; *text != '\0'; text++) {
        *out = *text;
        if (*text == '%') {
            int high = hex(text[1]);
            int low = high < 0 ? -1 : hex(text[2]);
            if (low < 0 || (high == 0 && low == 0))
                return false;
            *out = (char)(high * 16 + low);
            text += 2;
        }
        out++;
    }
    *out = '\0';
    return true;
}

// Splits the URL into path and query: "/a?b", or "http://host/a?b", of which
// a proxy's client sends the whole.
static bool split_url(struct http_parser *p) {
    char *path = p->text;
    char *authority = *path == '/' ? NULL : strstr(path, "://");

    if (authority != NULL)
        path = authority + 3 + strcspn(authority + 3, "/?");
    char *mark = strchr(path, '?');
    if (mark != NULL)
        *mark = '\0';
    p->request.query = mark != NULL ? mark + 1 : "";
    p->request.path = *path != '\0' ? path : "/";
    return decode(path);
}

// Whether the client waits for a word before it sends the body.
static bool expects_continue(const struct http_parser *p) {
    const char *expected = http_header(&p->request, "Expect");
    bool has_body =
        p->llhttp.content_length > 0 || (p->llhttp.flags & F_CHUNKED) != 0;

    return expected != NULL && strcasecmp(expected, "100-continue") == 0 &&
           has_body && p->llhttp.http_minor > 0;
}

static int on_headers_complete(llhttp_t *llhttp) {
    struct http_parser *p = llhttp->data;

    if (llhttp->http_major != 1)
        return refuse(p, 505);
    if (llhttp->method == HTTP_CONNECT)
        return refuse(p, 501);
    if (llhttp->content_length > BODY_BYTES_MAX)
        return refuse(p, 413);
    if (!split_url(p))
        return refuse(p, 400);
    p->has_headers = true;
    p->request.headers = p->text + p->headers_at; // it has come to rest
    p->wants_continue = expects_continue(p);
    p->request.method = llhttp_method_name((llhttp_method_t)llhttp->method);
    p->request.minor = llhttp->http_minor;
    llhttp->upgrade = 0; // ignored: the rest is HTTP/1 as before
    return 0;
}

static int on_body(llhttp_t *llhttp, const char *at, size_t bytes) {
    struct http_parser *p = llhttp->data;
    size_t sum = p->request.body_bytes + bytes;

    p->wants_continue = false; // it did not wait
    if (sum > BODY_BYTES_MAX)
        return refuse(p, 413);
    if (sum > p->body_capacity) {
        p->body_capacity = 2 * sum;
        p->body = heap_grow(p->body, p->body_capacity);
    }
    memcpy(p->body + p->request.body_bytes, at, bytes);
    p->request.body = p->body;
    p->request.body_bytes = sum;
    return 0;
}

static int on_message_complete(llhttp_t *llhttp) {
    struct http_parser *p = llhttp->data;

    p->wants_continue = false;
    p->request.keep_alive = llhttp_should_keep_alive(llhttp);
    return HPE_PAUSED;
}

static const llhttp_settings_t settings = {
    .on_url = on_url,
    .on_url_complete = on_url_complete,
    .on_header_field = on_header_field,
    .on_header_field_complete = on_header_field_complete,
    .on_header_value = on_header_value,
    .on_header_value_complete = on_header_value_complete,
    .on_headers_complete = on_headers_complete,
    .on_body = on_body,
    .on_message_complete = on_message_complete,
};

void http_init(struct http_parser *parser) {
    llhttp_init(&parser->llhttp, HTTP_REQUEST, &settings);
    parser->llhttp.data = parser;
    parser->body = NULL;
    parser->text = NULL;
    parser->text_room = 0;
    http_next(parser);
}

void http_done(struct http_parser *parser) {
    free(parser->body);
    free(parser->text);
}

void http_next(struct http_parser *parser) {
    // A body is rare; its memory goes with its request.
    free(parser->body);
    parser->body = NULL;
    parser->body_capacity = 0;
    parser->request = (struct http_request){.body = ""};
    parser->is_in_name = false;
    parser->refusal = 0;
    parser->has_headers = false;
    parser->wants_continue = false;
    parser->url_bytes = 0;
    parser->header_bytes = 0;
    parser->text_bytes = 0;
    llhttp_resume(&parser->llhttp);
}

static int status_of(llhttp_errno_t error) {
    bool is_version =
        error == HPE_INVALID_VERSION || error == HPE_PAUSED_H2_UPGRADE;

    return is_version ? 505 : 400;
}

enum http_progress http_feed(struct http_parser *parser, const char *bytes,
                             size_t count, size_t *used) {
    llhttp_errno_t error = llhttp_execute(&parser->llhttp, bytes, count);

    *used = count;
    if (error == HPE_OK)
        return HTTP_MORE;
    if (error == HPE_PAUSED) {
        *used = (size_t)(llhttp_get_error_pos(&parser->llhttp) - bytes);
        return HTTP_COMPLETE;
    }
    if (parser->refusal == 0)
        parser->refusal = status_of(error);
    return HTTP_REFUSED;
}

const char *http_header(const struct http_request *request, const char *name) {
    const char *at = request->headers;

    for (unsigned i = 0; i < request->header_count; i++) {
        const char *value = at + strlen(at) + 1;
        if (strcasecmp(at, name) == 0)
            return value;
        at = value + strlen(value) + 1;
    }
    return NULL;
}
