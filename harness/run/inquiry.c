#include "inquiry.h"

const struct trace *inquiry_trace(const struct inquiry *inquiry) {
    return &inquiry->execution->trace;
}

const struct step *inquiry_step(const struct inquiry *inquiry, int step) {
    return &inquiry_trace(inquiry)->steps[step - 1];
}

const struct journal_step *inquiry_touched(const struct inquiry *inquiry,
                                           int step) {
    return &inquiry->journal.steps[step - 1];
}

const char *inquiry_request(const struct inquiry *inquiry, int step) {
    return owners_name(&inquiry->execution->owners,
                       inquiry_step(inquiry, step)->works_for);
}

bool inquiry_accesses(const struct inquiry *inquiry, int step) {
    return inquiry_touched(inquiry, step)->access != ACCESS_NONE;
}

static bool is_atomic(const struct inquiry *inquiry, int step) {
    return op_access_is_atomic(inquiry_touched(inquiry, step)->access);
}

bool inquiry_of_two(const struct inquiry *inquiry, int a, int b) {
    const struct step *one = inquiry_step(inquiry, a),
                      *two = inquiry_step(inquiry, b);
    return one->task != two->task || (one->works_for && two->works_for &&
                                      one->works_for != two->works_for);
}

bool inquiry_shares(const struct inquiry *inquiry, int a, int b) {
    const struct journal_step *one = inquiry_touched(inquiry, a);
    const struct journal_step *two = inquiry_touched(inquiry, b);
    const struct footprint first = {.kind = OP_POINT,
                                    .access = one->access,
                                    .object = one->object,
                                    .bytes = one->bytes};
    const struct footprint second = {.kind = OP_POINT,
                                     .access = two->access,
                                     .object = two->object,
                                     .bytes = two->bytes};
    return inquiry_accesses(inquiry, a) && inquiry_accesses(inquiry, b) &&
           footprint_dependent(&first, &second);
}

bool inquiry_conflicts(const struct inquiry *inquiry, int a, int b) {
    return inquiry_shares(inquiry, a, b) && inquiry_of_two(inquiry, a, b);
}

bool inquiry_same_request(const struct inquiry *inquiry, int a, int b) {
    int request = inquiry_step(inquiry, a)->works_for;
    return request && request == inquiry_step(inquiry, b)->works_for;
}

static bool ordered(const struct inquiry *inquiry, int a, int b) {
    return happens_before(&inquiry->execution->happens, inquiry_trace(inquiry),
                          a < b ? a : b, a < b ? b : a);
}

static bool races(const struct inquiry *inquiry, int a, int b) {
    return inquiry_conflicts(inquiry, a, b) &&
           !(is_atomic(inquiry, a) && is_atomic(inquiry, b)) &&
           !ordered(inquiry, a, b);
}

int inquiry_racing(const struct inquiry *inquiry, int step) {
    for (int i = step + 1; i <= inquiry_trace(inquiry)->step_count; i++)
        if (races(inquiry, step, i))
            return i;
    for (int i = step - 1; i > 0; i--)
        if (races(inquiry, step, i))
            return i;
    return 0;
}

static void gets(struct inquiry_holding *holding, int request, int step) {
    holding->owner = request;
    holding->got = step;
}

static void puts_back(struct inquiry_holding *holding, int request, int step,
                      bool is_own) {
    if (is_own) {
        holding->put = step;
        holding->last_got = holding->last_put = 0;
    } else if (holding->owner != OWNER_NOBODY) {
        holding->last = request;
        holding->last_got = holding->owner == request ? holding->got : 0;
        holding->last_put = step;
    }
    holding->owner = OWNER_NOBODY;
}

struct inquiry_holding inquiry_holding_at(const struct inquiry *inquiry,
                                          int step) {
    struct inquiry_holding holding = {0};
    uint64_t pooled = inquiry_touched(inquiry, step)->pooled;
    int request = inquiry_step(inquiry, step)->works_for;
    for (int i = 1; i < step; i++) {
        const struct step *made = inquiry_step(inquiry, i);
        if (inquiry_touched(inquiry, i)->object != pooled)
            continue;
        if (made->kind == OP_GET)
            gets(&holding, made->works_for, i);
        else if (made->kind == OP_PUT)
            puts_back(&holding, made->works_for, i, made->works_for == request);
    }
    return holding;
}

bool inquiry_foreign(const struct inquiry *inquiry, int step) {
    if (!inquiry_accesses(inquiry, step) ||
        inquiry_touched(inquiry, step)->pooled == 0)
        return false;
    int owner = inquiry_holding_at(inquiry, step).owner;
    return owner == OWNER_NOBODY ||
           owner != inquiry_step(inquiry, step)->works_for;
}
