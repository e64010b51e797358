#include "duration.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define SECOND_NS UINT64_C(1000000000)
#define MINUTE_NS (60 * SECOND_NS)
#define HOUR_NS   (60 * MINUTE_NS)

// "us" and "µs" (U+00B5, and U+03BC as some keyboards have it) are the same.
static const struct unit {
    const char *name;
    uint64_t ns;
} units[] = {
    {"ns", 1},       {"us", 1000},     {"µs", 1000},     {"μs", 1000},
    {"ms", 1000000}, {"s", SECOND_NS}, {"m", MINUTE_NS}, {"h", HOUR_NS},
};

// Writes ns/unit_ns with as many decimals as it needs, and the unit.
static void print_decimal(char *out, size_t bytes, uint64_t ns,
                          const struct unit *unit) {
    char decimals[16] = "";
    size_t count = 0;

    uint64_t rest = ns % unit->ns;
    for (uint64_t digit = unit->ns / 10; rest > 0; digit /= 10) {
        // cppcheck-suppress zerodivcond ; rest is 0 when digit is
        decimals[count++] = (char)('0' + rest / digit);
        rest %= digit;
    }
    snprintf(out, bytes, "%llu%s%s%s", (unsigned long long)(ns / unit->ns),
             count > 0 ? "." : "", decimals, unit->name);
}

void duration_print(uint64_t ns, char out[DURATION_BYTES]) {
    static const struct unit nano = {"ns", 1}, micro = {"µs", 1000},
                             milli = {"ms", 1000000}, one = {"s", SECOND_NS};
    char *end = out;

    if (ns >= HOUR_NS)
        end += sprintf(end, "%lluh", (unsigned long long)(ns / HOUR_NS));
    if (ns >= MINUTE_NS)
        end += sprintf(end, "%um", (unsigned)(ns % HOUR_NS / MINUTE_NS));
    const struct unit *unit = ns == 0 || ns >= SECOND_NS ? &one
                              : ns >= milli.ns           ? &milli
                              : ns >= micro.ns           ? &micro
                                                         : &nano;
    print_decimal(end, (size_t)(out + DURATION_BYTES - end), ns % MINUTE_NS,
                  unit);
}

size_t duration_columns(const char *text) {
    size_t columns = 0;

    for (; *text != '\0'; text++)
        if (((unsigned char)*text & 0xC0) != 0x80) // not a byte that goes on
            columns++;
    return columns;
}

static const struct unit *find_unit(const char *text, size_t bytes) {
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strlen(units[i].name) == bytes &&
            memcmp(units[i].name, text, bytes) == 0)
            return &units[i];
    return NULL;
}

// Reads one "1.5s" at *text and goes behind it; a negative result is an error.
static double parse_part(const char **text) {
    const char *at = *text;
    double value = 0;
    double scale = 1;

    if (!isdigit((unsigned char)at[*at == '.']))
        return -1;
    for (; isdigit((unsigned char)*at); at++)
        value = value * 10 + (*at - '0');
    if (*at == '.')
        for (at++; isdigit((unsigned char)*at); at++)
            value += (*at - '0') * (scale /= 10);

    size_t bytes = strcspn(at, ".0123456789");
    const struct unit *unit = find_unit(at, bytes);
    *text = at + bytes;
    return unit != NULL ? value * (double)unit->ns : -1;
}

bool duration_parse(const char *text, uint64_t *ns) {
    const double ns_max = 9.2e18; // Go's own limit, 2^63 ns
    double sum = 0;

    if (strcmp(text, "0") == 0) {
        *ns = 0;
        return true;
    }
    do {
        double part = parse_part(&text);
        if (part < 0)
            return false;
        sum += part;
    } while (*text != '\0');
    if (sum > ns_max)
        return false;
    *ns = (uint64_t)(sum + 0.5);
    return true;
}
