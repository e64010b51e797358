#include "nearest.h"
#include "limit.h"

#include <stdint.h>
#include <string.h>

static size_t least(size_t a, size_t b) {
    return a < b ? a : b;
}

// Levenshtein's distance with swaps (optimal string alignment): rows of the
// table of distances between the first i letters of `a` and the first j of `b`,
// of which the last three are kept.
static size_t distance(const char *a, const char *b) {
    size_t rows[3][LIMIT_NAME + 1];
    size_t width = strnlen(b, LIMIT_NAME), i;
    for (size_t j = 0; j <= width; j++)
        rows[0][j] = j;
    for (i = 1; a[i - 1] != '\0'; i++) {
        size_t *row = rows[i % 3], *above = rows[(i + 2) % 3];
        row[0] = i;
        for (size_t j = 1; j <= width; j++) {
            row[j] = least(above[j - 1] + (a[i - 1] != b[j - 1]),
                           1 + least(above[j], row[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], 1 + rows[(i + 1) % 3][j - 2]);
        }
    }
    return rows[(i + 2) % 3][width];
}

const char *nearest_name(const char *name, const char *const *names,
                         size_t count) {
    const char *best = NULL;
    size_t fewest = SIZE_MAX, length = strlen(name);
    for (size_t i = 0; i < count; i++) {
        size_t edits = distance(name, names[i]);
        size_t other = strlen(names[i]);
        size_t longer = length > other ? length : other;
        if (edits <= longer / 3 && edits < fewest) {
            fewest = edits;
            best = names[i];
        }
    }
    return best;
}
