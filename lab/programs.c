// programs.c - each handler as a program that the harness can run.
//
// A program is the server of the seed with one handler behind /test: one loop,
// the seed's delay of ten seconds (the clock is virtual), any free port. It
// serves until it is sent SIGTERM.
#include "lab.h"

#include "handlers/handlers.h"
#include "server/engine.h"

#include <racelab/program.h>

int programs_run(const struct racelab_program *program) {
    const struct handler *handler = program->data;
    struct engine *engine = engine_new(&(struct engine_options){
        .host = "127.0.0.1",
        .port = 0,
        .loops = 1,
        .delay_ms = 10000,
        .logs = true,
        .is_quiet = true,
        .wants_signals = true,
        .hooks = handler->hooks,
    });

    handlers_route(handler, engine);
    int error = engine_listen(engine);
    if (error == 0)
        engine_run(engine);
    engine_free(engine);
    return error;
}

#define PROGRAM(stem, text, ...)                                               \
    static const struct racelab_program stem = {                               \
        .name = #stem,                                                         \
        .summary = text,                                                       \
        .run = programs_run,                                                   \
        .data = &stem##_handler,                                               \
        __VA_ARGS__,                                                           \
    };
HANDLERS(PROGRAM)

#define ADDRESS(stem, text, ...) &stem,
const struct racelab_program *const lab_programs[] = {
    HANDLERS(ADDRESS) //
    NULL,
};
