#include "attack/attack.h"

#include "attack/client.h"
#include "attack/report.h"
#include "attack/targets.h"
#include "server/duration.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

enum {
    EXIT_FINDING = 1,
    EXIT_TROUBLE = 2,
    CLIENTS_MAX = 1000,  // below the usual 1024 descriptors
    HITS_MAX = 10000000, // their latencies are kept: 80 MB
    RATE_MAX = 1000000,
};

struct arguments {
    const char *targets;
    uint64_t rate;   // hits ...
    uint64_t per_ns; // ... in this time
    uint64_t duration_ns;
    uint64_t timeout_ns;
};

struct attack {
    const struct arguments *arguments;
    struct targets targets;
    struct report report;
    uv_loop_t loop;
    uv_timer_t pace;
    uv_signal_t interrupt;
    uint64_t begin_ns;
    uint64_t sent, wanted; // hits
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
    if (attack->sent == attack->wanted && attack->busy_count == 0)
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

    while (attack->sent < attack->wanted && due_ns(attack, attack->sent) <= now)
        hit(attack);
    if (attack->sent < attack->wanted) {
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
    attack->wanted =
        (uint64_t)((double)arguments->rate * (double)arguments->duration_ns /
                   (double)arguments->per_ns);
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

static void print_help(void) {
    puts("attack: requests at a constant rate, to this machine alone\n"
         "\n"
         "  -targets=FILE     vegeta's list of targets (stdin)\n"
         "  -rate=N[/TIME]    hits in TIME, one second if not given (50/1s)\n"
         "  -duration=TIME    for how long\n"
         "  -timeout=TIME     an answer that takes longer has failed (30s)");
}

// Reads "10" or "10/1s".
static bool parse_rate(const char *text, struct arguments *arguments) {
    char *end;
    uint64_t rate = strtoull(text, &end, 10);
    uint64_t per_ns = 1000000000;

    if (*text < '0' || *text > '9' || rate < 1 || rate > RATE_MAX)
        return false;
    if (*end == '/' && (!duration_parse(end + 1, &per_ns) || per_ns == 0))
        return false;
    if (*end != '/' && *end != '\0')
        return false;
    arguments->rate = rate;
    arguments->per_ns = per_ns;
    return true;
}

static bool parse_time(const char *text, uint64_t *ns) {
    return duration_parse(text, ns) && *ns > 0;
}

// One option. NULL, or what its argument should have been.
static const char *take(struct arguments *arguments, int option,
                        const char *text) {
    switch (option) {
    case 'r':
        return parse_rate(text, arguments) ? NULL : "a rate, as 10 or 10/1s";
    case 'd':
        return parse_time(text, &arguments->duration_ns)
                   ? NULL
                   : "a time above 0, as 500ms or 1s";
    case 'o':
        return parse_time(text, &arguments->timeout_ns)
                   ? NULL
                   : "a time above 0, as 500ms or 30s";
    default:
        arguments->targets = text;
        return NULL;
    }
}

// 0, or 1 after --help, or -1 after a message.
static int parse(int argc, char **argv, struct arguments *arguments) {
    static const struct option options[] = {
        {"targets", required_argument, NULL, 't'},
        {"rate", required_argument, NULL, 'r'},
        {"duration", required_argument, NULL, 'd'},
        {"timeout", required_argument, NULL, 'o'},
        {"help", no_argument, NULL, 'h'},
        {0},
    };
    int option, index = 0;

    optind = 0; // this may not be the first command line of the process
    opterr = 0;
    while ((option = getopt_long_only(argc, argv, "+:", options, &index)) !=
           -1) {
        if (option == 'h') {
            print_help();
            return 1;
        }
        if (option == '?' || option == ':') {
            fprintf(stderr, "attack: %s %s\n", argv[optind - 1],
                    option == ':' ? "wants an argument" : "is no option");
            return -1;
        }
        const char *wanted = take(arguments, option, optarg);
        if (wanted != NULL) {
            fprintf(stderr, "attack: -%s=%s: not %s\n", options[index].name,
                    optarg, wanted);
            return -1;
        }
    }
    if (optind < argc)
        fprintf(stderr, "attack: %s: not expected\n", argv[optind]);
    else if (arguments->duration_ns == 0)
        fputs("attack: -duration=TIME is wanted, as -duration=1s\n", stderr);
    else if ((double)arguments->duration_ns / (double)arguments->per_ns *
                 (double)arguments->rate >
             HITS_MAX)
        fprintf(stderr, "attack: more than %d requests\n", HITS_MAX);
    else
        return 0;
    return -1;
}

int attack(int argc, char **argv) {
    struct arguments arguments = {
        .targets = "stdin",
        .rate = 50,
        .per_ns = 1000000000,
        .timeout_ns = 30000000000,
    };
    struct attack attack = {0};

    int parsed = parse(argc, argv, &arguments);
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
