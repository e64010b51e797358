// symbol.h - from an address in the program's code to its source.
//
// In a build with a sanitizer its runtime knows, unless it was told not to look
// (launcher.c) or cannot; in others addr2line is asked, which binutils bring.
// Either is slow, so each address is looked up once.
#ifndef RACELAB_SYMBOL_H
#define RACELAB_SYMBOL_H

#include "limit.h"

#include <stdbool.h>
#include <stddef.h>

struct symbol {
    const void *address;
    char function[LIMIT_NAME];
    char file[LIMIT_NAME * 4]; // relative to the source's root
    int line;                  // 0: not known
    // A source of the program's own, wherever that lies: none of the harness,
    // nor of the sanitizer's runtime.
    bool of_program;
};

// The call that returns to `address`. Kept until the process ends. For one
// thread at a time.
const struct symbol *symbol_of(const void *address);

// Writes "FILE:LINE" of the call that returns to `address`; nothing where it
// is not known, or no call of the program's own.
void symbol_print(const void *address, char *text, size_t room);

#endif
