// alike_live.c - `alike-live N`: runs program N on real libuv.
#include "alike.h"

#include <stdlib.h>

int main(int argc, char **argv) {
    int index = argc == 2 ? atoi(argv[1]) : -1;
    if (index < 0 || index >= alike_count)
        return 2;
    alikes[index].run();
    return 0;
}
