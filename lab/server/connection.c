#include "connection.h"

#include "heap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Bytes on their way out.
struct sending {
    uv_write_t write;
    struct connection *connection;
    size_t bytes;
    char *text; // owned
};

static void on_closed(uv_handle_t *handle) {
    struct connection *c = handle->data;

    c->owner->on_closed(c);
    http_done(&c->parser);
    free(c);
}

// A request that is with a handler is answered first, if only to nobody.
static void drop(struct connection *c) {
    c->is_gone = true;
    if (c->state == CONNECTION_WAITING || c->state == CONNECTION_CLOSED)
        return;
    c->state = CONNECTION_CLOSED;
    uv_close((uv_handle_t *)&c->tcp, on_closed);
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer) {
    struct connection *c = handle->data;

    (void)suggested;
    *buffer = uv_buf_init(c->input, sizeof c->input);
}

static void on_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *buffer);

// Starts or stops reading, whichever the state asks for.
static void set_reading(struct connection *c) {
    uv_stream_t *stream = (uv_stream_t *)&c->tcp;
    bool is_ready = c->state == CONNECTION_READING && c->rest_bytes == 0 &&
                    c->unsent_bytes <= UNSENT_BYTES_MAX;
    bool wanted = is_ready || c->state == CONNECTION_REFUSED;

    if (wanted && !c->is_reading && uv_read_start(stream, on_alloc, on_read))
        drop(c);
    if (!wanted && c->is_reading && c->state != CONNECTION_CLOSED)
        uv_read_stop(stream);
    c->is_reading = wanted;
}

static void advance(struct connection *c);

static void on_read(uv_stream_t *stream, ssize_t count,
                    const uv_buf_t *buffer) {
    struct connection *c = stream->data;

    if (count == UV_EOF && c->unsent_bytes > 0) {
        c->state = CONNECTION_LAST; // it says no more, and may still listen
        set_reading(c);
    } else if (count < 0) {
        drop(c);
    } else if (c->state == CONNECTION_REFUSED) {
        c->dropped_bytes += (size_t)count;
        if (c->dropped_bytes > LINGER_BYTES_MAX)
            drop(c);
    } else {
        c->rest = buffer->base;
        c->rest_bytes = (size_t)count;
        advance(c);
    }
}

static void refuse(struct connection *c);
static void send_continue(struct connection *c);

static void parse(struct connection *c) {
    size_t used;
    enum http_progress progress =
        http_feed(&c->parser, c->rest, c->rest_bytes, &used);

    c->rest += used;
    c->rest_bytes -= used;
    if (progress == HTTP_REFUSED) {
        refuse(c);
    } else if (progress == HTTP_COMPLETE) {
        c->state = CONNECTION_WAITING;
        c->owner->on_request(c);
    } else if (c->parser.wants_continue) {
        send_continue(c);
    }
}

// Parses what has come as far as it may. An answer that is given at once calls
// this from within: it then returns to the loop below, so that a long pipeline
// takes no more stack than a short one.
static void advance(struct connection *c) {
    if (c->is_advancing)
        return;
    c->is_advancing = true;
    while (c->state == CONNECTION_READING && c->rest_bytes > 0 &&
           c->unsent_bytes <= UNSENT_BYTES_MAX)
        parse(c);
    c->is_advancing = false;
    set_reading(c);
}

static void on_shutdown(uv_shutdown_t *shutdown, int status) {
    (void)status;
    free(shutdown);
}

// After a refusal: says that no more will come and reads on until the client
// has seen it. To close with bytes unread would reset the connection, and the
// client might lose the answer that says why.
static void linger(struct connection *c) {
    uv_shutdown_t *shutdown = heap_new(sizeof *shutdown);

    if (uv_shutdown(shutdown, (uv_stream_t *)&c->tcp, on_shutdown) != 0) {
        free(shutdown);
        drop(c);
    }
}

static void on_sent(uv_write_t *write, int status) {
    struct sending *sending = (struct sending *)write;
    struct connection *c = sending->connection;

    c->unsent_bytes -= sending->bytes;
    free(sending->text);
    free(sending);
    if (c->state == CONNECTION_CLOSED)
        return;
    if (status < 0)
        drop(c); // a client that went away is no error of ours
    else if (c->unsent_bytes == 0 && c->state == CONNECTION_LAST)
        drop(c);
    else if (c->unsent_bytes == 0 && c->state == CONNECTION_REFUSED)
        linger(c);
    else
        advance(c);
}

// Sends and takes `text`.
static void send_text(struct connection *c, char *text, size_t bytes) {
    struct sending *sending = heap_new(sizeof *sending);
    uv_buf_t buffer = uv_buf_init(text, (unsigned)bytes);

    sending->connection = c;
    sending->bytes = bytes;
    sending->text = text;
    c->unsent_bytes += bytes;
    int error =
        uv_write(&sending->write, (uv_stream_t *)&c->tcp, &buffer, 1, on_sent);
    if (error != 0) {
        c->unsent_bytes -= bytes;
        free(text);
        free(sending);
        drop(c);
    }
}

static void send_answer(struct connection *c, const struct answer *answer) {
    size_t bytes;
    char *text = answer_print(answer, &bytes);

    send_text(c, text, bytes);
}

// The client has sent the headers and waits to hear whether to send the body.
static void send_continue(struct connection *c) {
    static const char line[] = "HTTP/1.1 100 Continue\r\n\r\n";
    char *text = heap_new(sizeof line);

    c->parser.wants_continue = false;
    memcpy(text, line, sizeof line);
    send_text(c, text, sizeof line - 1);
}

static void refuse(struct connection *c) {
    char body[128];
    int bytes = snprintf(body, sizeof body, "{\"message\":\"%s\"}",
                         answer_status_text(c->parser.refusal));

    c->rest_bytes = 0;
    c->state = CONNECTION_REFUSED;
    send_answer(c, &(struct answer){.status = c->parser.refusal,
                                    .body = body,
                                    .body_bytes = (size_t)bytes});
}

const struct http_request *connection_request(const struct connection *c) {
    return &c->parser.request;
}

void connection_answer(struct connection *c, struct answer answer) {
    const struct http_request *request = &c->parser.request;

    c->is_last = !request->keep_alive || c->is_stopping;
    answer.keep_alive = !c->is_last;
    answer.is_old = request->minor == 0;
    answer.is_head = strcmp(request->method, "HEAD") == 0;
    if (!c->is_gone)
        send_answer(c, &answer);
}

void connection_next(struct connection *c) {
    c->state = c->is_last ? CONNECTION_LAST : CONNECTION_READING;
    if (c->is_gone) {
        drop(c);
        return;
    }
    http_next(&c->parser);
    advance(c);
}

void connection_stop(struct connection *c) {
    c->is_stopping = true;
    if (c->state == CONNECTION_READING && c->unsent_bytes > 0) {
        c->state = CONNECTION_LAST;
        set_reading(c);
    } else if (c->state == CONNECTION_READING ||
               c->state == CONNECTION_REFUSED) {
        drop(c);
    }
}

// Writes the client's address, for the log.
static void name_client(struct connection *c) {
    struct sockaddr_storage peer = {0};
    int bytes = sizeof peer;

    strcpy(c->client, "-");
    if (uv_tcp_getpeername(&c->tcp, (struct sockaddr *)&peer, &bytes) != 0)
        return;
    if (peer.ss_family == AF_INET)
        uv_ip4_name((struct sockaddr_in *)&peer, c->client, sizeof c->client);
    else if (peer.ss_family == AF_INET6)
        uv_ip6_name((struct sockaddr_in6 *)&peer, c->client, sizeof c->client);
}

struct connection *connection_accept(uv_stream_t *listener,
                                     const struct connection_owner *owner,
                                     void *data) {
    struct connection *c = heap_new(sizeof *c);

    c->owner = owner;
    c->data = data;
    c->tcp.data = c;
    http_init(&c->parser);
    uv_tcp_init(listener->loop, &c->tcp);
    if (uv_accept(listener, (uv_stream_t *)&c->tcp) != 0) {
        drop(c);
        return c;
    }
    uv_tcp_nodelay(&c->tcp, 1); // an answer is one write: nothing to wait for
    name_client(c);
    set_reading(c);
    return c;
}
