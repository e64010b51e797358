#include "attack/client.h"

#include "server/heap.h"

#include <stdlib.h>
#include <string.h>

struct sending {
    uv_write_t write;
    char *text; // owned
};

static void on_handle_closed(uv_handle_t *handle) {
    struct client *client = handle->data;

    if (--client->open_handles > 0)
        return;
    client->owner->on_closed(client);
    free(client);
}

void client_close(struct client *client) {
    if (client->is_closing)
        return;
    client->is_closing = true;
    uv_close((uv_handle_t *)&client->tcp, on_handle_closed);
    uv_close((uv_handle_t *)&client->timeout, on_handle_closed);
}

// The request is over, with an answer or an error.
static void finish(struct client *client, const char *error) {
    bool can_go_on = error == NULL && !client->is_last;

    uv_timer_stop(&client->timeout);
    client->is_busy = false;
    client->hit.end_ns = uv_hrtime();
    client->hit.error = error;
    if (error != NULL)
        client->hit.status = 0;
    if (!can_go_on)
        client_close(client);
    client->owner->on_done(client, &client->hit, can_go_on);
}

static void fail(struct client *client, const char *error) {
    if (client->is_closing)
        return;
    if (client->is_busy)
        finish(client, error);
    else
        client_close(client); // the server has had enough; nothing was lost
}

static int on_headers_complete(llhttp_t *parser) {
    struct client *client = parser->data;

    client->hit.status = llhttp_get_status_code(parser);
    return client->target->is_head ? 1 : 0; // 1: whatever it says, no body
}

static int on_body(llhttp_t *parser, const char *at, size_t bytes) {
    struct client *client = parser->data;

    (void)at;
    client->hit.bytes_in += bytes;
    return 0;
}

static int on_message_complete(llhttp_t *parser) {
    struct client *client = parser->data;

    if (client->hit.status >= 200) { // 100 Continue is not the answer
        client->is_complete = true;
        client->is_last = !llhttp_should_keep_alive(parser);
    }
    return 0;
}

static const llhttp_settings_t settings = {
    .on_headers_complete = on_headers_complete,
    .on_body = on_body,
    .on_message_complete = on_message_complete,
};

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer) {
    struct client *client = handle->data;

    (void)suggested;
    *buffer = uv_buf_init(client->input, sizeof client->input);
}

static void on_read(uv_stream_t *stream, ssize_t count,
                    const uv_buf_t *buffer) {
    struct client *client = stream->data;

    if (count == UV_EOF && client->is_busy &&
        llhttp_finish(&client->parser) == HPE_OK && client->is_complete) {
        client->is_last = true; // its end was the end of the connection
        finish(client, NULL);
    } else if (count < 0) {
        fail(client, uv_strerror((int)count));
    } else if (count > 0 && !client->is_busy) {
        fail(client, "an answer to no request");
    } else if (llhttp_execute(&client->parser, buffer->base, (size_t)count) !=
               HPE_OK) {
        fail(client, "not an answer in HTTP");
    } else if (client->is_complete) {
        finish(client, NULL);
    }
}

static void on_sent(uv_write_t *write, int status) {
    struct sending *sending = (struct sending *)write;
    struct client *client = write->handle->data;

    free(sending->text);
    free(sending);
    if (status < 0)
        fail(client, uv_strerror(status));
}

static void send_request(struct client *client) {
    struct sending *sending = heap_new(sizeof *sending);
    size_t bytes;

    sending->text = targets_print(client->target, &bytes);
    uv_buf_t buffer = uv_buf_init(sending->text, (unsigned)bytes);
    int error = uv_write(&sending->write, (uv_stream_t *)&client->tcp, &buffer,
                         1, on_sent);
    if (error != 0) {
        free(sending->text);
        free(sending);
        fail(client, uv_strerror(error));
    }
}

static void on_connected(uv_connect_t *connect, int status) {
    struct client *client = connect->handle->data;

    if (client->is_closing)
        return;
    if (status == 0)
        status = uv_read_start((uv_stream_t *)&client->tcp, on_alloc, on_read);
    if (status != 0) {
        fail(client, uv_strerror(status));
        return;
    }
    client->is_connected = true;
    send_request(client);
}

static void on_timeout(uv_timer_t *timer) {
    fail(timer->data, "no answer in time");
}

struct client *client_new(uv_loop_t *loop, const struct target *target,
                          const struct client_owner *owner, void *data) {
    struct client *client = heap_new(sizeof *client);

    client->owner = owner;
    client->data = data;
    client->address = target->address;
    uv_tcp_init(loop, &client->tcp);
    uv_timer_init(loop, &client->timeout);
    client->tcp.data = client->timeout.data = client;
    client->open_handles = 2;
    llhttp_init(&client->parser, HTTP_RESPONSE, &settings);
    client->parser.data = client;
    return client;
}

bool client_is_free(const struct client *client, const struct target *target) {
    return !client->is_busy && !client->is_closing &&
           memcmp(&client->address, &target->address, sizeof client->address) ==
               0;
}

void client_send(struct client *client, const struct target *target,
                 uint64_t timeout_ms) {
    client->is_busy = true;
    client->is_complete = false;
    client->is_last = false;
    client->target = target;
    client->hit = (struct report_hit){.begin_ns = uv_hrtime(),
                                      .bytes_out = target->body_bytes};
    uv_timer_start(&client->timeout, on_timeout, timeout_ms, 0);
    if (client->is_connected) {
        send_request(client);
        return;
    }
    int error =
        uv_tcp_connect(&client->connect, &client->tcp,
                       (struct sockaddr *)&client->address, on_connected);
    if (error != 0)
        fail(client, uv_strerror(error));
}
