// serve_main.c - `racelab serve` as a program of its own, with no harness in
// it: the proof that the lab is an ordinary libuv program.
#include "serve.h"

int main(int argc, char **argv) {
    return serve(argc, argv);
}
