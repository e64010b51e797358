#include "candidate.h"

#include <stdlib.h>
#include <string.h>

static void *copy_of(const void *elements, size_t bytes) {
    void *copy = malloc(bytes + 1);
    if (!copy)
        abort();
    if (bytes)
        memcpy(copy, elements, bytes);
    return copy;
}

struct schedule candidate_copy(const struct schedule *from) {
    struct schedule copy = *from;
    copy.requests =
        copy_of(from->requests, from->request_count * sizeof *from->requests);
    copy.directives = copy_of(from->directives,
                              from->directive_count * sizeof *from->directives);
    copy.expectations =
        copy_of(from->expectations,
                from->expectation_count * sizeof *from->expectations);
    return copy;
}

void candidate_done(struct schedule *candidate) {
    free(candidate->requests);
    free(candidate->directives);
    free(candidate->expectations);
    memset(candidate, 0, sizeof *candidate);
}

void candidate_drop(struct schedule *candidate, size_t first, size_t count) {
    struct directive *lines = candidate->directives;
    size_t behind = candidate->directive_count - first - count;
    memmove(lines + first, lines + first + count, behind * sizeof *lines);
    candidate->directive_count -= count;
}

void candidate_put(struct schedule *candidate, size_t first, size_t count,
                   const struct directive *line) {
    candidate_drop(candidate, first, count - 1);
    candidate->directives[first] = *line;
}

void candidate_move(struct schedule *candidate, size_t first, size_t count,
                    size_t to) {
    size_t bytes = count * sizeof *candidate->directives;
    struct directive *moved = copy_of(candidate->directives + first, bytes);
    candidate_drop(candidate, first, count);
    struct directive *place = candidate->directives + to;
    memmove(place + count, place,
            (candidate->directive_count - to) * sizeof *place);
    memcpy(place, moved, bytes);
    candidate->directive_count += count;
    free(moved);
}

static bool sends(const struct directive *line, const char *request) {
    return line->kind == DIRECTIVE_SEND &&
           strcmp(line->task.text, request) == 0;
}

void candidate_drop_request(struct schedule *candidate, size_t number) {
    struct request *request = &candidate->requests[number];
    for (size_t i = candidate->directive_count; i-- > 0;)
        if (sends(&candidate->directives[i], request->name.text))
            candidate_drop(candidate, i, 1);
    memmove(request, request + 1,
            (candidate->request_count - number - 1) * sizeof *request);
    candidate->request_count--;
}

size_t candidate_drop_passed_over(struct schedule *candidate,
                                  const struct followed *followed) {
    size_t before = candidate->directive_count;
    for (size_t i = before; i-- > 0;)
        if (followed[i].passed_over)
            candidate_drop(candidate, i, 1);
    return before - candidate->directive_count;
}

char *candidate_print(const struct schedule *candidate) {
    char *text;
    size_t bytes;
    FILE *out = open_memstream(&text, &bytes);
    if (!out)
        abort();
    schedule_print(candidate, out);
    fclose(out);
    return text;
}

// Points are named noun.moment; calls have no full stop in their names;
// accesses are of one build alone.
static size_t weight_of(const struct directive *line) {
    if (line->kind != DIRECTIVE_RUN_UNTIL)
        return 0;
    if (strchr(line->point.text, ' '))
        return 3;
    return strchr(line->point.text, '.') ? 1 : 2;
}

struct candidate_size candidate_measure(const struct schedule *candidate,
                                        const struct followed *followed) {
    struct candidate_size size = {.lines = candidate->directive_count,
                                  .requests = candidate->request_count,
                                  .text = candidate_print(candidate)};
    for (size_t i = 0; i < candidate->directive_count; i++) {
        size.names += weight_of(&candidate->directives[i]);
        size.early -= followed[i].step;
    }
    return size;
}

bool candidate_smaller(const struct candidate_size *a,
                       const struct candidate_size *b) {
    if (a->lines != b->lines)
        return a->lines < b->lines;
    if (a->requests != b->requests)
        return a->requests < b->requests;
    if (a->names != b->names)
        return a->names < b->names;
    if (a->early != b->early)
        return a->early < b->early;
    return strcmp(a->text, b->text) < 0;
}
