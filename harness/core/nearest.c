#include "nearest.h"
#include "limit.h"

#include <string.h>

static size_t least(size_t a, size_t b) {
    return a < b ? a : b;
}

// Levenshtein's distance, one row at a time.
static size_t distance(const char *a, const char *b) {
    size_t row[LIMIT_NAME + 1];
    size_t width = strnlen(b, LIMIT_NAME);
    for (size_t j = 0; j <= width; j++)
        row[j] = j;
    for (size_t i = 1; a[i - 1] != '\0'; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= width; j++) {
            size_t above = row[j];
            size_t change = diagonal + (a[i - 1] != b[j - 1]);
            row[j] = least(change, 1 + least(above, row[j - 1]));
            diagonal = above;
        }
    }
    return row[width];
}

const char *nearest_name(const char *name, const char *const *names,
                         size_t count) {
    const char *best = NULL;
    size_t fewest = (strlen(name) + 1) / 2 + 1;
    for (size_t i = 0; i < count; i++) {
        size_t edits = distance(name, names[i]);
        if (edits < fewest) {
            fewest = edits;
            best = names[i];
        }
    }
    return best;
}
