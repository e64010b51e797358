#include "attack/attack.h"

#include "attack/arguments.h"
#include "attack/client.h"
#include "attack/report.h"
#include "attack/targets.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <uv.h>

enum {
    EXIT_FINDING = 1,
    EXIT_TROUBLE = 2,
    CLIENTS_MAX = 1000, // below the usual 1024 descriptors
};

struct attack {
    const struct arguments *arguments;
    struct targets targets;
    struct report report;
    uv_loop_t loop;
    uv_timer_t pace;
    uv_signal_t interrupt;
    uint64_t begin_ns;
    uint64_t sent; // of arguments->hits
    unsigned client_count, busy_count;
    struct client *clients; // a list; those that are free come first
    bool is_over;
};

static void unlink_client(struct attack *attack, struct client *client) {
    if (client->previous != NULL)
        client->previous->next = client->next;
    else
        attack->clients = client->next;
    if (client->next != NULL)
        client->next->previous = client->previous;
}

static void link_client(struct attack *attack, struct client *client) {
    client->previous = NULL;
    client->next = attack->clients;
    if (client->next != NULL)
        client->next->previous = client;
    attack->clients = client;
}

// All answers are there, or nobody waits for them any more.
static void end(struct attack *attack) {
    if (attack->is_over)
        return;
    attack->is_over = true;
    uv_close((uv_handle_t *)&attack->pace, NULL);
    uv_close((uv_handle_t *)&attack->interrupt, NULL);
    for (struct client *at = attack->clients; at != NULL; at = at->next)
        client_close(at); // unlinks itself later, from the loop
}

static void end_if_done(struct attack *attack) {
    if (attack->sent == attack->arguments->hits && attack->busy_count == 0)
        end(attack);
}

static void on_done(struct client *client, const struct report_hit *hit,
                    bool can_go_on) {
    struct attack *attack = client->data;

    report_add(&attack->report, hit);
    attack->busy_count--;
    if (can_go_on) { // to the front, where the next hit looks first
        unlink_client(attack, client);
        link_client(attack, client);
    }
    end_if_done(attack);
}

static void on_closed(struct client *client) {
    struct attack *attack = client->data;

    unlink_client(attack, client);
    attack->client_count--;
}

static struct client *find_client(struct attack *attack,
                                  const struct target *target) {
    static const struct client_owner owner = {on_done, on_closed};

    for (struct client *at = attack->clients; at != NULL; at = at->next)
        if (client_is_free(at, target))
            return at;
    if (attack->client_count == CLIENTS_MAX)
        return NULL;
    struct client *client = client_new(&attack->loop, target, &owner, attack);
    attack->client_count++;
    link_client(attack, client);
    return client;
}

static void hit(struct attack *attack) {
    struct targets *targets = &attack->targets;
    const struct target *target =
        &targets->entries[attack->sent % targets->count];
    struct client *client = find_client(attack, target);

    attack->sent++;
    if (client == NULL) {
        uint64_t now = uv_hrtime();
        report_add(&attack->report,
                   &(struct report_hit){.begin_ns = now,
                                        .end_ns = now,
                                        .error = "too many unanswered"});
        return;
    }
    attack->busy_count++;
    client_send(client, target,
                (attack->arguments->timeout_ns + 999999) / 1000000);
}

// When hit number `index` is due, on the attack's own clock.
static uint64_t due_ns(const struct attack *attack, uint64_t index) {
    const struct arguments *arguments = attack->arguments;

    return (uint64_t)((double)index * (double)arguments->per_ns /
                      (double)arguments->rate);
}

// Sends what is due, and sleeps until the next is. A hit that is late does not
// move those behind it: the rate stays what was asked for.
static void on_pace(uv_timer_t *timer) {
    struct attack *attack = timer->data;
    uint64_t now = uv_hrtime() - attack->begin_ns;

    while (attack->sent < attack->arguments->hits &&
           due_ns(attack, attack->sent) <= now)
        hit(attack);
    if (attack->sent < attack->arguments->hits) {
        uint64_t wait_ns = due_ns(attack, attack->sent) - now;
        uv_timer_start(timer, on_pace, (wait_ns + 999999) / 1000000, 0);
    } else {
        end_if_done(attack);
    }
}

static void on_interrupt(uv_signal_t *handle, int number) {
    (void)number;
    end(handle->data);
}

static int run(const struct arguments *arguments, struct attack *attack) {
    int error = uv_loop_init(&attack->loop);

    if (error != 0) {
        fprintf(stderr, "attack: %s\n", uv_strerror(error));
        return EXIT_TROUBLE;
    }
    attack->arguments = arguments;
    uv_timer_init(&attack->loop, &attack->pace);
    uv_signal_init(&attack->loop, &attack->interrupt);
    attack->pace.data = attack->interrupt.data = attack;
    uv_signal_start(&attack->interrupt, on_interrupt, SIGINT);
    signal(SIGPIPE, SIG_IGN); // an error of the write is enough

    attack->begin_ns = uv_hrtime();
    uv_timer_start(&attack->pace, on_pace, 0, 0);
    uv_run(&attack->loop, UV_RUN_DEFAULT);
    uv_loop_close(&attack->loop);
    report_print(&attack->report);
    bool is_fine = attack->report.succeeded == attack->report.count;
    return is_fine ? 0 : EXIT_FINDING;
}

// Reads the targets, from the file or from standard input.
static int read_targets(const char *path, struct targets *targets) {
    struct targets_error error;
    bool is_stdin = strcmp(path, "stdin") == 0;
    FILE *file = is_stdin ? stdin : fopen(path, "r");

    *targets = (struct targets){0};
    if (file == NULL) {
        fprintf(stderr, "attack: %s: %s\n", path, strerror(errno));
        return EXIT_TROUBLE;
    }
    int result = targets_read(targets, file, &error);
    if (!is_stdin)
        fclose(file);
    if (result == 0)
        return 0;
    if (error.line > 0)
        fprintf(stderr, "%s:%u:%u: %s\n", path, error.line, error.column,
                error.text);
    else
        fprintf(stderr, "%s: %s\n", path, error.text);
    return EXIT_TROUBLE;
}

int attack(int argc, char **argv) {
    struct arguments arguments;
    struct attack attack = {0};

    int parsed = arguments_parse(&arguments, argc, argv);
    if (parsed != 0)
        return parsed > 0 ? 0 : EXIT_TROUBLE;
    report_init(&attack.report);
    int status = read_targets(arguments.targets, &attack.targets);
    if (status == 0)
        status = run(&arguments, &attack);
    report_done(&attack.report);
    targets_done(&attack.targets);
    return status;
}
