// client.h - one connection of the attacker: a request out, an answer in.
//
// Rules
//   - All on one loop's thread.
//   - A client that is idle may be given the next request for its address.
//   - on_done() is called once a request; on_closed() once, at the very end,
//     and the client's memory is gone when it returns.
#ifndef LAB_ATTACK_CLIENT_H
#define LAB_ATTACK_CLIENT_H

#include "attack/report.h"
#include "attack/targets.h"

#include <llhttp.h>
#include <stdbool.h>
#include <uv.h>

struct client;

struct client_owner {
    // The client is idle again, or closing when `can_go_on` is false.
    void (*on_done)(struct client *client, const struct report_hit *hit,
                    bool can_go_on);
    void (*on_closed)(struct client *client);
};

struct client {
    uv_tcp_t tcp;
    uv_timer_t timeout;
    uv_connect_t connect;
    const struct client_owner *owner; // borrowed
    void *data;                       // the owner's
    struct client *next, *previous;   // the owner's, to keep a list
    struct sockaddr_storage address;

    bool is_busy, is_connected, is_closing;
    bool is_last; // the server will close after this answer
    bool is_complete;
    unsigned open_handles;
    const struct target *target; // borrowed while busy
    struct report_hit hit;
    llhttp_t parser;
    char input[16384];
};

// Gives a client for the target's address, not connected yet.
struct client *client_new(uv_loop_t *loop, const struct target *target,
                          const struct client_owner *owner, void *data);

// Whether it waits for a request to that address.
bool client_is_free(const struct client *client, const struct target *target);

// Sends the target's request; the answer must be there in timeout_ms.
void client_send(struct client *client, const struct target *target,
                 uint64_t timeout_ms);

// Closes it. A request that is under way is forgotten: no on_done().
void client_close(struct client *client);

#endif
