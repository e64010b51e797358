#include "pair.h"
#include "exchange.h"

#include <string.h>

enum {
    MOST_RUNS = 200,   // for one outcome
    MOST_PLACES = 12,  // before the first step, from which it is held back
    MOST_OTHERS = 8,   // that are tried with one touch …
    MOST_TOUCHES = 4,  // … of the latest
    PAIRS_OF_ANY = 64, // that are tried when no touch is the task's own
};

static struct exchange_step like(const struct inquiry *inquiry, int step) {
    const struct step *made = inquiry_step(inquiry, step);
    struct exchange_step like = {made->task_name,
                                 inquiry_request(inquiry, step), made->name, 0};
    for (int i = 1; i <= step; i++) {
        const struct step *other = inquiry_step(inquiry, i);
        like.count += other->task == made->task &&
                      other->works_for == made->works_for &&
                      strcmp(other->name, made->name) == 0;
    }
    return like;
}

// What `task` reported as its `number`th; NULL: nothing.
static const char *reported(const struct trace *trace, const char *task,
                            int number) {
    for (int i = 0; i < trace->outcome_count; i++)
        if (strcmp(trace->outcomes[i].task_name, task) == 0 && number-- == 0)
            return trace->outcomes[i].line;
    return NULL;
}

static const char *reported_too(const struct inquiry *inquiry,
                                const struct outcome *outcome) {
    int number = 0;
    for (const struct outcome *at = inquiry_trace(inquiry)->outcomes;
         at < outcome; at++)
        number += strcmp(at->task_name, outcome->task_name) == 0;
    return reported(&inquiry->other.trace, outcome->task_name, number);
}

// What is reported when `held` waits from there until `later` has been made;
// NULL: that cannot be, or the two are not exchanged by it.
static const char *run_exchanged(struct inquiry *inquiry,
                                 const struct outcome *outcome, int first,
                                 int later, const char *held, int prefix) {
    struct exchange exchange;
    struct error unused;
    const struct exchange_step then = like(inquiry, later);
    const struct exchange_step before = like(inquiry, first);
    const struct execution_options how = {.backend = BACKEND_FIBER,
                                          .strategy = &exchange.strategy,
                                          .follows = true};
    exchange_init(&exchange, &inquiry->journal, prefix, held, &then);
    inquiry->runs++;
    inquiry->tried++;
    struct execution *other = &inquiry->other;
    if (execute(other, inquiry->program, inquiry->schedule, &how, &unused) ||
        other->verdict.kind != VERDICT_FINISHED)
        return NULL;
    inquiry->first = exchange_find(&other->trace, &other->owners, &before);
    inquiry->later = exchange_find(&other->trace, &other->owners, &then);
    return inquiry->later && inquiry->later < inquiry->first
               ? reported_too(inquiry, outcome)
               : NULL;
}

// The step by which the request came; 0: by none that is known.
static int sending_of(const struct inquiry *inquiry, const char *request) {
    for (int i = 1; i <= inquiry_trace(inquiry)->step_count; i++)
        if (inquiry_step(inquiry, i)->kind == OP_SEND &&
            strcmp(inquiry_step(inquiry, i)->task_name, request) == 0)
            return i;
    return 0;
}

// The choice from which on the task of `later` is there.
static int birth_of(const struct inquiry *inquiry, int later) {
    const struct happens *happens = &inquiry->execution->happens;
    int first = later;
    for (int i = later; i > 0; i--)
        if (inquiry_step(inquiry, i)->task ==
            inquiry_step(inquiry, later)->task)
            first = i;
    for (int i = 0; i < happens->edge_count; i++)
        if (happens->edges[i].to == first)
            return inquiry_touched(inquiry, happens->edges[i].from)->grant + 1;
    return 0;
}

// The last choice of `task` before that one; -1: there is none.
static int choice_before(const struct inquiry *inquiry, int task, int choice) {
    while (--choice >= 0)
        if (inquiry->journal.grants[choice].task == task &&
            !inquiry->journal.grants[choice].again)
            return choice;
    return -1;
}

// One task is held back before its step; if it then holds what the other needs,
// earlier.
static const char *exchange_tasks(struct inquiry *inquiry,
                                  const struct outcome *outcome, int first,
                                  int later) {
    const struct step *held = inquiry_step(inquiry, first);
    int choice = inquiry_touched(inquiry, first)->grant;
    int birth = birth_of(inquiry, later);
    for (int i = 0; i < MOST_PLACES && choice >= birth; i++) {
        const char *line = run_exchanged(inquiry, outcome, first, later,
                                         held->task_name, choice);
        if (line)
            return line;
        choice = choice_before(inquiry, held->task, choice);
    }
    return NULL;
}

// The step of another by which the task of `step` last went on from a wait; 0:
// there is none.
static int cause_before(const struct inquiry *inquiry, int step) {
    const struct happens *happens = &inquiry->execution->happens;
    struct happens_edge last = {0};
    for (int i = 0; i < happens->edge_count; i++)
        if (happens->edges[i].to > last.to && happens->edges[i].to <= step &&
            happens->edges[i].task == inquiry_step(inquiry, step)->task)
            last = happens->edges[i];
    return last.from;
}

// A loop does one thing after the other. Held back is who made it take up the
// first step's: who handed work back, or else the request.
static const char *exchange_turns(struct inquiry *inquiry,
                                  const struct outcome *outcome, int first,
                                  int later) {
    const char *request = inquiry_request(inquiry, first);
    int steps[] = {cause_before(inquiry, first), sending_of(inquiry, request)};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        if (steps[i] == 0)
            continue;
        const char *line =
            run_exchanged(inquiry, outcome, first, later,
                          inquiry_step(inquiry, steps[i])->task_name,
                          inquiry_touched(inquiry, steps[i])->grant);
        if (line && strcmp(line, outcome->line) != 0)
            return line;
    }
    return NULL;
}

bool pair_right(const struct inquiry *inquiry, const char *line) {
    const char *right = inquiry->program->right;
    return !right || strcmp(line, right) == 0;
}

// Runs the two in the other order and keeps them if that is worth more than
// what there is. True: no other pair can be worth more.
static bool try_pair(struct inquiry *inquiry, const struct outcome *outcome,
                     int touch, int other, struct pair *best) {
    int first = touch < other ? touch : other;
    int later = touch < other ? other : touch;
    if (inquiry->runs >= MOST_RUNS)
        return false;
    bool two_tasks = inquiry_step(inquiry, first)->task !=
                     inquiry_step(inquiry, later)->task;
    const char *line = two_tasks
                           ? exchange_tasks(inquiry, outcome, first, later)
                           : exchange_turns(inquiry, outcome, first, later);
    if (!line || strcmp(line, outcome->line) == 0)
        return false;
    bool right = pair_right(inquiry, line);
    bool enough = right || pair_right(inquiry, outcome->line);
    if (best->touch == 0 || (right && !best->right)) {
        *best = (struct pair){.touch = touch,
                              .other = other,
                              .right = right,
                              .first = inquiry->first,
                              .later = inquiry->later};
        memcpy(best->exchanged, line, strlen(line) + 1);
    }
    return enough;
}

// Choosing what to try.

static bool try_earlier(struct inquiry *inquiry, const struct outcome *outcome,
                        int touch, int since, struct pair *best) {
    int others = 0;
    for (int i = touch - 1; i > since && others < MOST_OTHERS; i--) {
        if (!inquiry_conflicts(inquiry, touch, i))
            continue;
        others++;
        if (try_pair(inquiry, outcome, touch, i, best))
            return true;
    }
    return false;
}

static bool try_later(struct inquiry *inquiry, const struct outcome *outcome,
                      int touch, struct pair *best) {
    int others = 0, end = inquiry_trace(inquiry)->step_count;
    for (int i = touch + 1; i <= end && others < MOST_OTHERS; i++) {
        if (!inquiry_conflicts(inquiry, touch, i))
            continue;
        others++;
        if (try_pair(inquiry, outcome, touch, i, best))
            return true;
    }
    return false;
}

// With who made it another's: the next get, or the put.
static bool try_owners(struct inquiry *inquiry, const struct outcome *outcome,
                       int touch, struct pair *best) {
    struct inquiry_holding holding = inquiry_holding_at(inquiry, touch);
    int steps[] = {holding.owner ? holding.got : holding.last_got, holding.put};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (steps[i] && inquiry_of_two(inquiry, touch, steps[i]) &&
            try_pair(inquiry, outcome, touch, steps[i], best))
            return true;
    return false;
}

static bool try_touch(struct inquiry *inquiry, const struct outcome *outcome,
                      int touch, struct pair *best) {
    bool foreign = inquiry_foreign(inquiry, touch);
    int since = foreign ? inquiry_holding_at(inquiry, touch).put : 0;
    if (pair_right(inquiry, outcome->line))
        return try_later(inquiry, outcome, touch, best) ||
               try_earlier(inquiry, outcome, touch, since, best);
    return try_earlier(inquiry, outcome, touch, since, best) ||
           (foreign && try_owners(inquiry, outcome, touch, best)) ||
           try_later(inquiry, outcome, touch, best);
}

// All that could have a part in it, where the outcome's own steps have none.
static void try_any(struct inquiry *inquiry, const struct outcome *outcome,
                    struct pair *best) {
    int pairs = 0;
    for (int later = outcome->step; later > 0; later--)
        for (int first = later - 1; first > 0; first--) {
            if (!inquiry_conflicts(inquiry, first, later))
                continue;
            if (pairs++ == PAIRS_OF_ANY ||
                try_pair(inquiry, outcome, later, first, best))
                return;
        }
}

// Has it touched anything before it was reported?
static bool has_touched(const struct inquiry *inquiry,
                        const struct outcome *outcome) {
    for (int i = outcome->step; i > 0; i--)
        if (inquiry_step(inquiry, i)->task == outcome->task &&
            inquiry_accesses(inquiry, i))
            return true;
    return false;
}

// Is it a step that the outcome may rest on? One who has touched nothing
// reports what others have done.
static bool is_related(const struct inquiry *inquiry,
                       const struct outcome *outcome, int step) {
    const struct step *made = inquiry_step(inquiry, step);
    if (outcome->works_for)
        return made->works_for == outcome->works_for;
    return made->task == outcome->task || !has_touched(inquiry, outcome);
}

// Who races with it and may touch it, or writes it and may not; 0: nobody.
static int risk_of(const struct inquiry *inquiry, int step) {
    int other = inquiry_racing(inquiry, step);
    if (other && !inquiry_foreign(inquiry, other))
        return other;
    for (int i = inquiry_trace(inquiry)->step_count; i > 0; i--)
        if (inquiry_conflicts(inquiry, step, i) &&
            inquiry_foreign(inquiry, i) &&
            op_access_writes(inquiry_touched(inquiry, i)->access))
            return i;
    return 0;
}

// What an outcome may have gone wrong by: it touches what is another's, or
// others touch what it does. What reads is more likely to be what is reported.
enum touch { FOREIGN_READ, FOREIGN_ANY, RISKY_READ, RISKY_ANY, TOUCH_KINDS };

static bool is_touch(const struct inquiry *inquiry, int step,
                     enum touch touch) {
    enum op_access access = inquiry_touched(inquiry, step)->access;
    bool reads = access == ACCESS_READ || access == ACCESS_LOAD;
    if (access == ACCESS_NONE ||
        (!reads && (touch == FOREIGN_READ || touch == RISKY_READ)))
        return false;
    return touch <= FOREIGN_ANY ? inquiry_foreign(inquiry, step)
                                : risk_of(inquiry, step) != 0;
}

// The latest touch of the outcome's before that step, of that kind; 0: none.
static int touch_before(const struct inquiry *inquiry,
                        const struct outcome *outcome, int step,
                        enum touch touch) {
    while (--step > 0)
        if (is_related(inquiry, outcome, step) &&
            is_touch(inquiry, step, touch))
            return step;
    return 0;
}

static bool try_touches(struct inquiry *inquiry, const struct outcome *outcome,
                        enum touch kind, struct pair *best) {
    int touch = outcome->step + 1, touches = 0;
    while (touches++ < MOST_TOUCHES &&
           (touch = touch_before(inquiry, outcome, touch, kind)))
        if (try_touch(inquiry, outcome, touch, best))
            return true;
    return false;
}

// Of a right outcome the first kind of touches that there is counts alone: what
// else could have spoilt it is not its own mistake.
void pair_decide(struct inquiry *inquiry, const struct outcome *outcome,
                 struct pair *best) {
    bool right = pair_right(inquiry, outcome->line);
    *best = (struct pair){0};
    inquiry->runs = 0;
    for (int kind = 0; kind < TOUCH_KINDS; kind++) {
        try_touches(inquiry, outcome, (enum touch)kind, best);
        if (best->touch ||
            (right && touch_before(inquiry, outcome, outcome->step + 1,
                                   (enum touch)kind)))
            return;
    }
    if (!right)
        try_any(inquiry, outcome, best);
}

void pair_settle(const struct inquiry *inquiry, const struct outcome *outcome,
                 struct pair *pair) {
    for (int kind = 0; kind < TOUCH_KINDS && !pair->touch; kind++)
        pair->touch =
            touch_before(inquiry, outcome, outcome->step + 1, (enum touch)kind);
    if (!pair->touch)
        return;
    pair->other = inquiry_foreign(inquiry, pair->touch)
                      ? inquiry_racing(inquiry, pair->touch)
                      : risk_of(inquiry, pair->touch);
    int since = inquiry_holding_at(inquiry, pair->touch).put;
    for (int i = pair->touch - 1; i > since && !pair->other; i--)
        if (inquiry_conflicts(inquiry, pair->touch, i) &&
            !inquiry_same_request(inquiry, pair->touch, i))
            pair->other = i;
}
