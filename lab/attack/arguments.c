#include "attack/arguments.h"

#include "server/duration.h"

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

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

    if (*text < '0' || *text > '9' || rate < 1 || rate > ARGUMENTS_RATE_MAX)
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

// What the options say together. 0, or -1 after a message.
static int count_hits(struct arguments *arguments) {
    double hits = (double)arguments->rate * (double)arguments->duration_ns /
                  (double)arguments->per_ns;

    if (arguments->duration_ns == 0) {
        fputs("attack: -duration=TIME is wanted, as -duration=1s\n", stderr);
        return -1;
    }
    if (hits < 1 || hits > ARGUMENTS_HITS_MAX) {
        fprintf(stderr, "attack: that is %.0f requests, not 1 to %d\n", hits,
                ARGUMENTS_HITS_MAX);
        return -1;
    }
    arguments->hits = (uint64_t)hits;
    return 0;
}

int arguments_parse(struct arguments *arguments, int argc, char **argv) {
    static const struct option options[] = {
        {"targets", required_argument, NULL, 't'},
        {"rate", required_argument, NULL, 'r'},
        {"duration", required_argument, NULL, 'd'},
        {"timeout", required_argument, NULL, 'o'},
        {"help", no_argument, NULL, 'h'},
        {0},
    };
    int option, index = 0;

    *arguments = (struct arguments){
        .targets = "stdin",
        .rate = 50,
        .per_ns = 1000000000,
        .timeout_ns = 30000000000,
    };
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
    if (optind < argc) {
        fprintf(stderr, "attack: %s: not expected\n", argv[optind]);
        return -1;
    }
    return count_hits(arguments);
}
