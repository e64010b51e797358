// host.c - a process in which somebody else's handler runs.
//
// It is racelab's own command line for one program: the lab's server with the
// handler of a shared object behind its route. It knows no verdict. The judge
// starts it with a secret on its standard input, which is read and closed
// before the object is loaded, and printed as the last line together with the
// exit status and what the kit has seen: what was printed by anybody else ends
// otherwise.
#include "handlers/handlers.h"
#include "kit.h"
#include "kit_heap.h"
#include "lab.h"

#include <dlfcn.h>
#include <getopt.h>
#include <racelab/program.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_TROUBLE = 2, SECRET_BYTES = 128 };

static const char HELP[] =
    "usage: exercise-host --object FILE --handler SYMBOL --program NAME\n"
    "                     --right LINE [--requests LIST] [--workers N]\n"
    "                     [--undefined] -- VERB [ARGUMENT ...]\n"
    "\n"
    "Loads the handler SYMBOL of a shared object and runs racelab's VERB on\n"
    "it. For racelab check, which hands a secret to its standard input.\n";

struct options {
    const char *object, *handler;
    struct racelab_program program;
};

static int run(const struct racelab_program *program) {
    const struct handler *handler = program->data;

    kit_begin(handler->path != NULL && strpbrk(handler->path, ":*") != NULL);
    int error = programs_run(program);
    kit_end();
    return error;
}

static int usage(void) {
    fputs(HELP, stderr);
    return EXIT_TROUBLE;
}

// -1: go on; else an exit status.
static int parse_options(int argc, char **argv, struct options *options) {
    static const struct option known[] = {
        {"object", required_argument, NULL, 'o'},
        {"handler", required_argument, NULL, 's'},
        {"program", required_argument, NULL, 'p'},
        {"right", required_argument, NULL, 'r'},
        {"requests", required_argument, NULL, 'q'},
        {"workers", required_argument, NULL, 'w'},
        {"undefined", no_argument, NULL, 'u'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0}};
    struct racelab_program *program = &options->program;

    *options = (struct options){.program = {.run = run}};
    for (int o; (o = getopt_long(argc, argv, "+", known, NULL)) != -1;) {
        if (o == 'o')
            options->object = optarg;
        else if (o == 's')
            options->handler = optarg;
        else if (o == 'p')
            program->name = program->summary = optarg;
        else if (o == 'r')
            program->right = optarg;
        else if (o == 'q')
            program->requests = optarg;
        else if (o == 'w')
            program->workers = atoi(optarg);
        else if (o == 'u')
            program->is_undefined = true;
        else if (o == 'h')
            return fputs(HELP, stdout) < 0 ? EXIT_TROUBLE : 0;
        else
            return usage();
    }
    return options->object != NULL && options->handler != NULL &&
                   program->name != NULL && optind < argc
               ? -1
               : usage();
}

static const void *load(const struct options *options) {
    void *object = dlopen(options->object, RTLD_NOW | RTLD_LOCAL);
    const void *handler =
        object != NULL ? dlsym(object, options->handler) : NULL;

    if (handler == NULL)
        fprintf(stderr, "exercise-host: %s\n", dlerror());
    return handler;
}

// The verb and its arguments follow a name, as on any command line.
static int run_verb(int argc, char **argv, const struct options *options) {
    const struct racelab_program *const programs[] = {&options->program, NULL};
    static const struct racelab_verb verbs[] = {{.name = NULL}};
    const struct racelab_lab lab = {.programs = programs, .verbs = verbs};
    char name[] = "racelab";

    argv[0] = name;
    optind = 0; // getopt starts anew
    return racelab_main(argc, argv, &lab);
}

int main(int argc, char **argv) {
    struct options options;
    char secret[SECRET_BYTES] = "";

    int status = parse_options(argc, argv, &options);
    if (status >= 0)
        return status;
    // At a terminal, under a debugger, there is no judge to convince.
    if (isatty(STDIN_FILENO) || fgets(secret, sizeof secret, stdin) == NULL)
        secret[0] = '\0';
    secret[strcspn(secret, "\n")] = '\0';
    fclose(stdin);
    options.program.data = load(&options);
    if (options.program.data == NULL)
        return EXIT_TROUBLE;
    int from = optind - 1;
    status = run_verb(argc - from, argv + from, &options);
    if (secret[0] != '\0')
        printf("%s %d %d %d %d %d\n", secret, status, kit_saw_made_up(),
               kit_saw_copy_kept(), kit_saw_memory_kept(),
               kit_saw_invalid_free());
    return fflush(stdout) == 0 ? 0 : EXIT_TROUBLE;
}
