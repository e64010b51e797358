// connection.h - one client: requests in, answers out, in order.
//
// A connection reads until a request is complete, hands it to its owner, and
// reads no further until the owner has answered. So a pipeline is answered one
// by one, a client that floods is slowed down by its own socket, and a client
// that goes away while its request is with a handler is noticed afterwards.
//
// Rules
//   - Used by its loop's thread alone.
//   - For each on_request() the owner calls connection_answer() and then
//     connection_next(), at once or later.
//   - The connection closes and frees itself; on_closed() is its last word.
#ifndef LAB_SERVER_CONNECTION_H
#define LAB_SERVER_CONNECTION_H

#include "answer.h"
#include "http.h"
#include "limits.h"

#include <netinet/in.h>
#include <stdbool.h>
#include <uv.h>

struct connection;

struct connection_owner {
    void (*on_request)(struct connection *connection);
    void (*on_closed)(struct connection *connection);
};

enum connection_state {
    CONNECTION_READING, // wants the rest of a request
    CONNECTION_WAITING, // a request is with the owner
    CONNECTION_LAST,    // the last answer is on its way; then it closes
    CONNECTION_REFUSED, // likewise, but the client may still be sending
    CONNECTION_CLOSED,  // uv_close() is under way
};

struct connection {
    _Alignas(ROUND_BYTES) uv_tcp_t tcp;
    const struct connection_owner *owner; // borrowed for ever
    void *data;                           // the owner's
    struct connection *next, *previous;   // the owner's, to keep a list
    char client[INET6_ADDRSTRLEN];

    enum connection_state state;
    bool is_reading;   // uv_read_start() is in force
    bool is_advancing; // advance() is on the stack
    bool is_gone;      // the client is; there is nobody to answer
    bool is_stopping;  // the next answer is the last
    bool is_last;      // the answer that was sent is
    size_t unsent_bytes;
    size_t dropped_bytes; // since it was refused

    struct http_parser parser;
    const char *rest; // of `input`, not parsed yet
    size_t rest_bytes;
    char input[INPUT_BYTES];
};

// Gives a connection for the client that waits at `listener`. Should the client
// be gone already, the connection closes as any other.
struct connection *connection_accept(uv_stream_t *listener,
                                     const struct connection_owner *owner,
                                     void *data);

// The request that on_request() speaks of; borrowed until connection_next().
const struct http_request *connection_request(const struct connection *c);

// Sends the answer to it. keep_alive, is_old and is_head are filled in here.
void connection_answer(struct connection *c, struct answer answer);

// The owner is done with the request: goes on to the next one, or closes.
void connection_next(struct connection *c);

// Closes the connection as soon as it owes no answer.
void connection_stop(struct connection *c);

#endif
