// serve.h - the verb `serve`: the server on real TCP, by the real clock.
#ifndef LAB_SERVE_H
#define LAB_SERVE_H

#define SERVE_ARGUMENTS                                                        \
    "[--host ADDRESS] [--port N] [--handler NAME] [--delay TIME] [--loops N]"
#define SERVE_SUMMARY "serve a handler on real TCP, by the real clock"

// Serves until SIGINT or SIGTERM. Returns the exit status: 0, or 2 after bad
// options or when the port is not to be had.
int serve(int argc, char **argv);

#endif
