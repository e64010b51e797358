#include "finding.h"

#include <string.h>

void findings_clear(struct findings *findings) {
    findings->count = 0;
    memset(findings->of_kind, 0, sizeof findings->of_kind);
}

static bool is_like(const struct finding *a, const struct finding *b) {
    return a->kind == b->kind && a->task == b->task && a->pooled == b->pooled &&
           a->owner == b->owner;
}

void findings_add(struct findings *findings, const struct finding *finding) {
    findings->of_kind[finding->kind] = true;
    for (int i = 0; i < findings->count; i++)
        if (is_like(&findings->list[i], finding))
            return;
    if (findings->count < LIMIT_FINDINGS) // so many: the first say enough
        findings->list[findings->count++] = *finding;
}
