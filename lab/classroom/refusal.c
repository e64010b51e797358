#include "classroom/refusal.h"

#include "classroom/gate.h"

#include <stdio.h>

static const struct {
    const char *why, *en, *zh;
} rows[] = {
#define ROW(why, english, chinese) {#why, english, chinese},
    REFUSALS(ROW)};

static void put_in(char says[GATE_SAYS_BYTES_MAX], const char *text,
                   const char *word) {
    size_t used = 0;

    for (; *text != '\0' && used + REFUSAL_WORD_BYTES_MAX < GATE_SAYS_BYTES_MAX;
         text++)
        if (*text == '@')
            used += (size_t)snprintf(says + used, REFUSAL_WORD_BYTES_MAX, "%s",
                                     word);
        else
            says[used++] = *text;
    says[used] = '\0';
}

void refusal_say(struct gate_refusal *refusal, enum refusal_reason reason,
                 int line, const char *word, size_t word_bytes) {
    char shown[REFUSAL_WORD_BYTES_MAX];
    size_t count = 0;

    for (; count < word_bytes && count + 1 < sizeof shown; count++)
        shown[count] =
            word[count] > ' ' && word[count] <= '~' ? word[count] : '?';
    shown[count] = '\0';
    refusal->why = rows[reason].why;
    refusal->line = line;
    put_in(refusal->en, rows[reason].en, shown);
    put_in(refusal->zh, rows[reason].zh, shown);
}
