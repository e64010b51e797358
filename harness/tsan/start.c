#include "start.h"

#include <stdio.h>
#include <sys/personality.h>

const char *const start_remedies[] = {
    "on the host:     sudo sysctl -w vm.mmap_rnd_bits=28",
    "in a container:  docker run --security-opt seccomp=unconfined ...",
    NULL,
};

int start_bits(void) {
    int bits = START_BITS_UNKNOWN;
    FILE *file = fopen("/proc/sys/vm/mmap_rnd_bits", "r");

    if (!file)
        return START_BITS_UNKNOWN;
    if (fscanf(file, "%d", &bits) != 1)
        bits = START_BITS_UNKNOWN;
    fclose(file);
    return bits;
}

int start_fixed_addresses(void) {
    int now = personality(0xffffffff); // this value asks, and changes nothing

    if (now == -1)
        return -1;
    if (now & ADDR_NO_RANDOMIZE)
        return 0;
    return personality((unsigned)now | ADDR_NO_RANDOMIZE) == -1 ? -1 : 0;
}
