// gate_main.c - gate SOURCE LISTING: what the gate says of a file, and of what
// objdump said of its object.
#include "classroom/gate.h"

#include <stdio.h>

static char source[GATE_SOURCE_BYTES_MAX + 1], listing[1 << 20];

static size_t read_file(const char *path, char *text, size_t most) {
    FILE *file = fopen(path, "r");
    size_t bytes = file != NULL ? fread(text, 1, most, file) : 0;

    if (file != NULL)
        fclose(file);
    return bytes;
}

int main(int argc, char **argv) {
    struct gate_refusal refusal;
    char handler[64];

    if (argc != 3)
        return 2;
    size_t bytes = read_file(argv[1], source, sizeof source);
    read_file(argv[2], listing, sizeof listing - 1);
    if (gate_source(source, bytes, &refusal) &&
        gate_object(listing, handler, sizeof handler, &refusal)) {
        printf("taken: %s\n", handler);
        return 0;
    }
    printf("%s: %s\n", refusal.why, refusal.en);
    return 1;
}
