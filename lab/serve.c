#include "serve.h"

#include "handlers/handlers.h"
#include "server/duration.h"
#include "server/engine.h"

#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

enum { EXIT_TROUBLE = 2 };

struct arguments {
    struct engine_options engine;
    const struct handler *handler;
};

static void print_help(void) {
    puts("serve: a small Gin on libuv, with one handler behind /test\n"
         "\n"
         "  --host ADDRESS  where to listen (127.0.0.1)\n"
         "  --port N        0: any that is free (8080)\n"
         "  --handler NAME  what /test leads to (raw)\n"
         "  --delay TIME    how long a job sleeps, as 500ms, 2s, 1m (10s)\n"
         "  --loops N       event loops (one a processor)\n"
         "\n"
         "/testfix leads to copy, /healthcheck says ok.\n"
         "\n"
         "handlers");
    for (const struct handlers_entry *at = handlers_table; at->name; at++)
        printf("  %-16s %s\n", at->name, at->summary);
}

static bool parse_number(const char *text, unsigned min, unsigned max,
                         unsigned *number) {
    char *end;
    unsigned long value = strtoul(text, &end, 10);

    if (*text < '0' || *text > '9' || *end != '\0' || value < min ||
        value > max)
        return false;
    *number = (unsigned)value;
    return true;
}

static bool parse_delay(const char *text, unsigned *delay_ms) {
    uint64_t ns;

    if (!duration_parse(text, &ns) || ns / 1000000 > UINT_MAX)
        return false;
    *delay_ms = (unsigned)(ns / 1000000);
    return true;
}

// One option. NULL, or what its argument should have been.
static const char *take(struct arguments *arguments, int option,
                        const char *text) {
    struct engine_options *engine = &arguments->engine;

    switch (option) {
    case 'a':
        engine->host = text;
        return NULL;
    case 'p':
        return parse_number(text, 0, 65535, &engine->port) ? NULL
                                                           : "0 to 65535";
    case 'l':
        return parse_number(text, 1, LOOPS_MAX, &engine->loops) ? NULL
                                                                : "1 to 64";
    case 'd':
        return parse_delay(text, &engine->delay_ms) ? NULL
                                                    : "a time, as 500ms or 10s";
    default:
        arguments->handler = handlers_find(text);
        return arguments->handler != NULL ? NULL : "a handler, see --help";
    }
}

// 0, or 1 after --help, or a negative number after a message.
static int parse(int argc, char **argv, struct arguments *arguments) {
    static const struct option options[] = {
        {"host", required_argument, NULL, 'a'},
        {"port", required_argument, NULL, 'p'},
        {"handler", required_argument, NULL, 'H'},
        {"delay", required_argument, NULL, 'd'},
        {"loops", required_argument, NULL, 'l'},
        {"help", no_argument, NULL, 'h'},
        {0},
    };
    int option, index = 0;

    optind = 0; // this may not be the first command line of the process
    opterr = 0;
    while ((option = getopt_long(argc, argv, "+:h", options, &index)) != -1) {
        if (option == 'h') {
            print_help();
            return 1;
        }
        if (option == '?' || option == ':') {
            fprintf(stderr, "serve: %s %s\n", argv[optind - 1],
                    option == ':' ? "wants an argument" : "is no option");
            return -1;
        }
        const char *wanted = take(arguments, option, optarg);
        if (wanted != NULL) {
            fprintf(stderr, "serve: --%s %s: not %s\n", options[index].name,
                    optarg, wanted);
            return -1;
        }
    }
    if (optind < argc) {
        fprintf(stderr, "serve: %s: not expected\n", argv[optind]);
        return -1;
    }
    return 0;
}

static int run(const struct arguments *arguments) {
    const char *host = arguments->engine.host;
    bool is_v6 = strchr(host, ':') != NULL;
    const char *open = is_v6 ? "[" : "", *close = is_v6 ? "]" : "";
    struct engine_options options = arguments->engine;
    options.hooks = arguments->handler->hooks;
    struct engine *engine = engine_new(&options);

    handlers_route(arguments->handler, engine);
    int error = engine_listen(engine);
    if (error == 0) {
        printf("listening on http://%s%s%s:%u\n", open, host, close,
               engine_port(engine));
        engine_run(engine);
    } else {
        fprintf(stderr, "serve: cannot listen on %s%s%s:%u: %s\n", open, host,
                close, arguments->engine.port,
                error == UV_EADDRINUSE
                    ? "the port is taken; --port 0 takes any that is free"
                    : uv_strerror(error));
    }
    engine_free(engine);
    return error == 0 ? 0 : EXIT_TROUBLE;
}

int serve(int argc, char **argv) {
    struct arguments arguments = {
        .engine =
            {
                .host = "127.0.0.1",
                .port = 8080,
                .loops = uv_available_parallelism(),
                .delay_ms = 10000,
                .logs = true,
                .wants_signals = true,
            },
        .handler = &raw_handler,
    };

    if (arguments.engine.loops > LOOPS_MAX)
        arguments.engine.loops = LOOPS_MAX;
    int parsed = parse(argc, argv, &arguments);
    if (parsed != 0)
        return parsed > 0 ? 0 : EXIT_TROUBLE;
    // A line is shown when it is printed, in a pipe too.
    setvbuf(stdout, NULL, _IOLBF, 0);
    return run(&arguments);
}
