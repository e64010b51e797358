// A stand-in until the real one comes: refuses nothing.
#include "gate.h"

#include <stdio.h>
#include <string.h>

bool gate_source(const char *source, size_t bytes,
                 struct gate_refusal *refusal) {
    (void)source, (void)bytes, (void)refusal;
    return true;
}

bool gate_object(const char *symbols, const char *sections, char *handler,
                 size_t handler_bytes, struct gate_refusal *refusal) {
    (void)sections, (void)refusal;
    const char *at = symbols ? strstr(symbols, "_handler ") : NULL;
    if (!at) {
        strcpy(refusal->en, "no handler");
        strcpy(refusal->zh, "没有处理函数");
        return false;
    }
    while (at > symbols && at[-1] != '\n')
        at--;
    snprintf(handler, handler_bytes, "%.*s", (int)strcspn(at, " "), at);
    return true;
}
