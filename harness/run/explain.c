#include "explain.h"
#include "exchange.h"
#include "journal.h"
#include "replay.h"
#include "symbol.h"

#include <stdlib.h>
#include <string.h>

enum {
    MOST_RUNS = 200,   // for one outcome
    MOST_PLACES = 12,  // before the first step, from which it is held back
    MOST_OTHERS = 8,   // that are tried with one touch …
    MOST_TOUCHES = 4,  // … of the latest
    PAIRS_OF_ANY = 64, // that are tried when no touch is the task's own
};

// Who explains, and what he looks at.
struct inquiry {
    struct explanation *explanation;
    const struct execution *execution; // whose trace it is
    const struct racelab_program *program;
    const struct schedule *schedule;
    struct journal journal;
    struct execution other; // with two steps exchanged
    int runs;               // for this outcome
    int first, later;       // where the two are in `other`
};

// The best pair so far for an outcome.
struct pair {
    int touch, other; // numbers of steps; 0: none
    bool right;       // the other way round the outcome is
    int first, later; // where the two are the other way round
    char exchanged[LIMIT_NAME * 4];
};

// Looking at the trace.

static const struct trace *trace_of(const struct inquiry *inquiry) {
    return &inquiry->execution->trace;
}

static const struct step *step_at(const struct inquiry *inquiry, int step) {
    return &trace_of(inquiry)->steps[step - 1];
}

static const struct journal_step *touched_at(const struct inquiry *inquiry,
                                             int step) {
    return &inquiry->journal.steps[step - 1];
}

static const char *request_at(const struct inquiry *inquiry, int step) {
    return owners_name(&inquiry->execution->owners,
                       step_at(inquiry, step)->works_for);
}

static bool accesses(const struct inquiry *inquiry, int step) {
    return touched_at(inquiry, step)->access != ACCESS_NONE;
}

static bool is_atomic(const struct inquiry *inquiry, int step) {
    return op_access_is_atomic(touched_at(inquiry, step)->access);
}

// Of two tasks; or of one loop, for two requests.
static bool of_two(const struct inquiry *inquiry, int a, int b) {
    const struct step *one = step_at(inquiry, a), *two = step_at(inquiry, b);
    return one->task != two->task || (one->works_for && two->works_for &&
                                      one->works_for != two->works_for);
}

// Do both touch the same, and one of them writes?
static bool shares(const struct inquiry *inquiry, int a, int b) {
    const struct journal_step *one = touched_at(inquiry, a);
    const struct journal_step *two = touched_at(inquiry, b);
    const struct footprint first = {
        .kind = OP_POINT, .access = one->access, .object = one->object};
    const struct footprint second = {
        .kind = OP_POINT, .access = two->access, .object = two->object};
    return accesses(inquiry, a) && accesses(inquiry, b) &&
           footprint_dependent(&first, &second);
}

static bool conflicts(const struct inquiry *inquiry, int a, int b) {
    return shares(inquiry, a, b) && of_two(inquiry, a, b);
}

static bool is_same_request(const struct inquiry *inquiry, int a, int b) {
    int request = step_at(inquiry, a)->works_for;
    return request && request == step_at(inquiry, b)->works_for;
}

static bool ordered(const struct inquiry *inquiry, int a, int b) {
    return happens_before(&inquiry->execution->happens, trace_of(inquiry),
                          a < b ? a : b, a < b ? b : a);
}

static bool races(const struct inquiry *inquiry, int a, int b) {
    return conflicts(inquiry, a, b) &&
           !(is_atomic(inquiry, a) && is_atomic(inquiry, b)) &&
           !ordered(inquiry, a, b);
}

// A step that races with this one, a later one first; 0: none does.
static int racing_with(const struct inquiry *inquiry, int step) {
    for (int i = step + 1; i <= trace_of(inquiry)->step_count; i++)
        if (races(inquiry, step, i))
            return i;
    for (int i = step - 1; i > 0; i--)
        if (races(inquiry, step, i))
            return i;
    return 0;
}

// Whose a pooled object is before a step, and how that came.
struct holding {
    int owner, got; // OWNER_NOBODY: it lies in the pool
    int put;        // by the request that the step is made for; 0: never
    int last, last_got, last_put; // the one before, if another
};

static void gets(struct holding *holding, int request, int step) {
    holding->owner = request;
    holding->got = step;
}

static void puts_back(struct holding *holding, int request, int step,
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

static struct holding holding_at(const struct inquiry *inquiry, int step) {
    struct holding holding = {0};
    uint64_t pooled = touched_at(inquiry, step)->pooled;
    int request = step_at(inquiry, step)->works_for;
    for (int i = 1; i < step; i++) {
        const struct step *made = step_at(inquiry, i);
        if (touched_at(inquiry, i)->object != pooled)
            continue;
        if (made->kind == OP_GET)
            gets(&holding, made->works_for, i);
        else if (made->kind == OP_PUT)
            puts_back(&holding, made->works_for, i, made->works_for == request);
    }
    return holding;
}

static bool is_foreign(const struct inquiry *inquiry, int step) {
    if (!accesses(inquiry, step) || touched_at(inquiry, step)->pooled == 0)
        return false;
    int owner = holding_at(inquiry, step).owner;
    return owner == OWNER_NOBODY || owner != step_at(inquiry, step)->works_for;
}

// Trying.

static struct exchange_step like(const struct inquiry *inquiry, int step) {
    const struct step *made = step_at(inquiry, step);
    struct exchange_step like = {made->task_name, request_at(inquiry, step),
                                 made->name, 0};
    for (int i = 1; i <= step; i++) {
        const struct step *other = step_at(inquiry, i);
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
    for (const struct outcome *at = trace_of(inquiry)->outcomes; at < outcome;
         at++)
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
    inquiry->explanation->tried++;
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
    for (int i = 1; i <= trace_of(inquiry)->step_count; i++)
        if (step_at(inquiry, i)->kind == OP_SEND &&
            strcmp(step_at(inquiry, i)->task_name, request) == 0)
            return i;
    return 0;
}

// The choice from which on the task of `later` is there.
static int birth_of(const struct inquiry *inquiry, int later) {
    const struct happens *happens = &inquiry->execution->happens;
    int first = later;
    for (int i = later; i > 0; i--)
        if (step_at(inquiry, i)->task == step_at(inquiry, later)->task)
            first = i;
    for (int i = 0; i < happens->edge_count; i++)
        if (happens->edges[i].to == first)
            return touched_at(inquiry, happens->edges[i].from)->grant + 1;
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
    const struct step *held = step_at(inquiry, first);
    int choice = touched_at(inquiry, first)->grant;
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
            happens->edges[i].task == step_at(inquiry, step)->task)
            last = happens->edges[i];
    return last.from;
}

// A loop does one thing after the other. Held back is who made it take up the
// first step's: who handed work back, or else the request.
static const char *exchange_turns(struct inquiry *inquiry,
                                  const struct outcome *outcome, int first,
                                  int later) {
    const char *request = request_at(inquiry, first);
    int steps[] = {cause_before(inquiry, first), sending_of(inquiry, request)};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        if (steps[i] == 0)
            continue;
        const char *line = run_exchanged(inquiry, outcome, first, later,
                                         step_at(inquiry, steps[i])->task_name,
                                         touched_at(inquiry, steps[i])->grant);
        if (line && strcmp(line, outcome->line) != 0)
            return line;
    }
    return NULL;
}

static bool is_right(const struct inquiry *inquiry, const char *line) {
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
    bool two_tasks =
        step_at(inquiry, first)->task != step_at(inquiry, later)->task;
    const char *line = two_tasks
                           ? exchange_tasks(inquiry, outcome, first, later)
                           : exchange_turns(inquiry, outcome, first, later);
    if (!line || strcmp(line, outcome->line) == 0)
        return false;
    bool right = is_right(inquiry, line);
    bool enough = right || is_right(inquiry, outcome->line);
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
        if (!conflicts(inquiry, touch, i))
            continue;
        others++;
        if (try_pair(inquiry, outcome, touch, i, best))
            return true;
    }
    return false;
}

static bool try_later(struct inquiry *inquiry, const struct outcome *outcome,
                      int touch, struct pair *best) {
    int others = 0, end = trace_of(inquiry)->step_count;
    for (int i = touch + 1; i <= end && others < MOST_OTHERS; i++) {
        if (!conflicts(inquiry, touch, i))
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
    struct holding holding = holding_at(inquiry, touch);
    int steps[] = {holding.owner ? holding.got : holding.last_got, holding.put};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (steps[i] && of_two(inquiry, touch, steps[i]) &&
            try_pair(inquiry, outcome, touch, steps[i], best))
            return true;
    return false;
}

static bool try_touch(struct inquiry *inquiry, const struct outcome *outcome,
                      int touch, struct pair *best) {
    bool foreign = is_foreign(inquiry, touch);
    int since = foreign ? holding_at(inquiry, touch).put : 0;
    if (is_right(inquiry, outcome->line))
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
            if (!conflicts(inquiry, first, later))
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
        if (step_at(inquiry, i)->task == outcome->task && accesses(inquiry, i))
            return true;
    return false;
}

// Is it a step that the outcome may rest on? One who has touched nothing
// reports what others have done.
static bool is_related(const struct inquiry *inquiry,
                       const struct outcome *outcome, int step) {
    const struct step *made = step_at(inquiry, step);
    if (outcome->works_for)
        return made->works_for == outcome->works_for;
    return made->task == outcome->task || !has_touched(inquiry, outcome);
}

// Who races with it and may touch it, or writes it and may not; 0: nobody.
static int risk_of(const struct inquiry *inquiry, int step) {
    int other = racing_with(inquiry, step);
    if (other && !is_foreign(inquiry, other))
        return other;
    for (int i = trace_of(inquiry)->step_count; i > 0; i--)
        if (conflicts(inquiry, step, i) && is_foreign(inquiry, i) &&
            op_access_writes(touched_at(inquiry, i)->access))
            return i;
    return 0;
}

// What an outcome may have gone wrong by: it touches what is another's, or
// others touch what it does. What reads is more likely to be what is reported.
enum touch { FOREIGN_READ, FOREIGN_ANY, RISKY_READ, RISKY_ANY, TOUCH_KINDS };

static bool is_touch(const struct inquiry *inquiry, int step,
                     enum touch touch) {
    enum op_access access = touched_at(inquiry, step)->access;
    bool reads = access == ACCESS_READ || access == ACCESS_LOAD;
    if (access == ACCESS_NONE ||
        (!reads && (touch == FOREIGN_READ || touch == RISKY_READ)))
        return false;
    return touch <= FOREIGN_ANY ? is_foreign(inquiry, step)
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
static void decide(struct inquiry *inquiry, const struct outcome *outcome,
                   struct pair *best) {
    bool right = is_right(inquiry, outcome->line);
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

// Where nothing decides: what there is to be said all the same.
static void settle(const struct inquiry *inquiry, const struct outcome *outcome,
                   struct pair *pair) {
    for (int kind = 0; kind < TOUCH_KINDS && !pair->touch; kind++)
        pair->touch =
            touch_before(inquiry, outcome, outcome->step + 1, (enum touch)kind);
    if (!pair->touch)
        return;
    pair->other = is_foreign(inquiry, pair->touch)
                      ? racing_with(inquiry, pair->touch)
                      : risk_of(inquiry, pair->touch);
    int since = holding_at(inquiry, pair->touch).put;
    for (int i = pair->touch - 1; i > since && !pair->other; i--)
        if (conflicts(inquiry, pair->touch, i) &&
            !is_same_request(inquiry, pair->touch, i))
            pair->other = i;
}

// Writing it down.

static void copy_place(struct cause_step *cause, const void *place) {
    const struct symbol *symbol = place ? symbol_of(place) : NULL;
    if (!symbol || !symbol->of_program)
        return;
    memcpy(cause->file, symbol->file, sizeof symbol->file);
    memcpy(cause->function, symbol->function, sizeof symbol->function);
    cause->line = symbol->line;
}

static struct cause_step cause_of(const struct inquiry *inquiry, int step) {
    struct cause_step cause = {.step = step};
    if (step == 0)
        return cause;
    const struct step *made = step_at(inquiry, step);
    const struct journal_step *touched = touched_at(inquiry, step);
    cause.kind = made->kind;
    cause.access = made->access;
    cause.name = made->name;
    names_copy(cause.task, sizeof cause.task, made->task_name);
    names_copy(cause.request, sizeof cause.request, request_at(inquiry, step));
    memcpy(cause.object, touched->object_name, sizeof cause.object);
    copy_place(&cause, made->place);
    return cause;
}

static void copy_owner(const struct inquiry *inquiry, int touch,
                       struct cause_owner *owner) {
    const struct owners *owners = &inquiry->execution->owners;
    if (touch == 0 || touched_at(inquiry, touch)->pooled == 0)
        return;
    struct holding holding = holding_at(inquiry, touch);
    memcpy(owner->object, touched_at(inquiry, touch)->pooled_name,
           sizeof owner->object);
    owner->foreign = is_foreign(inquiry, touch);
    owner->put = holding.put;
    names_copy(owner->request, sizeof owner->request,
               owners_name(owners, holding.owner));
    owner->since = holding.owner ? holding.got : 0;
    if (holding.owner || holding.last_put == 0)
        return;
    names_copy(owner->last, sizeof owner->last,
               owners_name(owners, holding.last));
    owner->last_got = holding.last_got;
    owner->last_put = holding.last_put;
}

static bool is_lock(enum op_kind kind) {
    return kind == OP_UNLOCK || kind == OP_READ_UNLOCK || kind == OP_COND_WAIT;
}

static enum cause_order order_by(const struct cause_step *from,
                                 const struct cause_step *to) {
    if (is_lock(from->kind))
        return CAUSE_LOCK;
    if (op_access_is_atomic(from->access))
        return CAUSE_ATOMIC;
    if (from->kind == OP_QUEUE_WORK || from->kind == OP_WORK_DONE ||
        to->kind == OP_TAKE_WORK)
        return CAUSE_QUEUE;
    if (to->kind == OP_BEGIN)
        return CAUSE_START;
    return to->kind == OP_JOIN ? CAUSE_JOIN : CAUSE_CALLS;
}

static void find_order(const struct inquiry *inquiry, struct cause *cause) {
    struct happens_edge edge;
    int a = cause->touch.step, b = cause->other.step;
    if (a == 0 || b == 0 ||
        !happens_by(&inquiry->execution->happens, trace_of(inquiry),
                    a < b ? a : b, a < b ? b : a, &edge))
        return;
    cause->unordered = cause_of(inquiry, racing_with(inquiry, a));
    cause->order = CAUSE_ONE_TASK;
    if (step_at(inquiry, a)->task == step_at(inquiry, b)->task)
        return;
    cause->from = cause_of(inquiry, edge.from);
    cause->to = cause_of(inquiry, edge.to);
    cause->order = order_by(&cause->from, &cause->to);
}

// Who wrote last what the touch found, if that was another's, and not `other`.
static int seen_by(const struct inquiry *inquiry, int touch, int other) {
    for (int i = touch - 1; i > 0 && i != other; i--)
        if (shares(inquiry, touch, i) &&
            op_access_writes(touched_at(inquiry, i)->access))
            return of_two(inquiry, touch, i) &&
                           !is_same_request(inquiry, touch, i)
                       ? i
                       : 0;
    return 0;
}

static void explain_outcome(struct inquiry *inquiry,
                            const struct outcome *outcome,
                            struct cause *cause) {
    struct pair pair;
    memset(cause, 0, sizeof *cause);
    memcpy(cause->task, outcome->task_name, sizeof cause->task);
    memcpy(cause->outcome, outcome->line, sizeof cause->outcome);
    memcpy(cause->reporter, inquiry->explanation->task_names[outcome->task],
           sizeof cause->reporter);
    names_copy(cause->request, sizeof cause->request,
               owners_name(&inquiry->execution->owners, outcome->works_for));
    cause->right = is_right(inquiry, outcome->line);
    decide(inquiry, outcome, &pair);
    cause->decided = pair.touch != 0;
    cause->tried = inquiry->runs;
    memcpy(cause->exchanged, pair.exchanged, sizeof cause->exchanged);
    cause->exchanged_first = pair.first;
    cause->exchanged_second = pair.later;
    if (!cause->decided)
        settle(inquiry, outcome, &pair);
    cause->touch = cause_of(inquiry, pair.touch);
    cause->other = cause_of(inquiry, pair.other);
    copy_owner(inquiry, pair.touch, &cause->owner);
    cause->seen = cause_of(inquiry, seen_by(inquiry, pair.touch, pair.other));
    find_order(inquiry, cause);
}

// Is it what an outcome's sentence is about?
static bool is_told(const struct inquiry *inquiry,
                    const struct finding *finding) {
    const struct explanation *explanation = inquiry->explanation;
    for (int i = 0; i < explanation->cause_count; i++) {
        const struct cause *cause = &explanation->causes[i];
        if ((finding->kind == FINDING_FOREIGN ||
             finding->kind == FINDING_MEMORY) &&
            cause->owner.foreign &&
            strcmp(cause->touch.task,
                   inquiry->explanation->task_names[finding->task]) == 0 &&
            strcmp(cause->owner.object, finding->pooled_name) == 0)
            return true;
    }
    return false;
}

// The call in which the loop of a finding waited: it was made later.
static int waiting_call(const struct inquiry *inquiry,
                        const struct finding *finding) {
    for (int i = finding->step; i <= trace_of(inquiry)->step_count; i++)
        if (step_at(inquiry, i)->task == finding->task &&
            strcmp(step_at(inquiry, i)->name, finding->name) == 0)
            return i;
    return 0;
}

static void add_findings(struct inquiry *inquiry) {
    struct explanation *explanation = inquiry->explanation;
    const struct execution *execution = inquiry->execution;
    for (int i = 0; i < execution->findings.count; i++) {
        const struct finding *finding = &execution->findings.list[i];
        if (is_told(inquiry, finding))
            continue;
        struct cause_finding *added =
            &explanation->findings[explanation->finding_count++];
        *added = (struct cause_finding){.finding = *finding};
        added->step = cause_of(inquiry, finding->step);
        if (finding->kind == FINDING_BLOCKED_LOOP)
            added->waits = cause_of(inquiry, waiting_call(inquiry, finding));
        names_copy(added->owner, sizeof added->owner,
                   owners_name(&execution->owners, finding->owner));
        names_copy(added->request, sizeof added->request,
                   owners_name(&execution->owners, finding->works_for));
        memcpy(added->sleeper, explanation->task_names[finding->sleeper],
               sizeof added->sleeper);
    }
}

static void add_wait(struct explanation *explanation,
                     const struct journal_wait *wait) {
    struct cause_wait *added = &explanation->waits[explanation->wait_count++];
    *added = (struct cause_wait){.kind = wait->kind, .call = wait->call};
    memcpy(added->task, explanation->task_names[wait->task],
           sizeof added->task);
    memcpy(added->object, wait->object_name, sizeof added->object);
    symbol_print(wait->place, added->place, sizeof added->place);
    added->holder_count = wait->holder_count;
    for (int i = 0; i < wait->holder_count; i++) {
        memcpy(added->holders[i].task,
               explanation->task_names[wait->holders[i]],
               sizeof added->holders[i].task);
        symbol_print(wait->held_since[i], added->holders[i].place,
                     sizeof added->holders[i].place);
    }
}

// The next execution takes the names of this one's tasks along.
static void keep_names(struct inquiry *inquiry, struct trace *trace) {
    char(*names)[LIMIT_NAME] = inquiry->explanation->task_names;
    memcpy(names, inquiry->journal.task_names,
           sizeof inquiry->journal.task_names);
    for (int i = 0; i < inquiry->journal.task_count; i++)
        trace->task_names[i] = names[i];
    for (int i = 0; i < trace->step_count; i++)
        trace->steps[i].task_name = names[trace->steps[i].task];
}

static void inquire(struct inquiry *inquiry) {
    struct explanation *explanation = inquiry->explanation;
    const struct trace *trace = trace_of(inquiry);
    for (int i = 0; i < trace->outcome_count; i++)
        explain_outcome(inquiry, &trace->outcomes[i],
                        &explanation->causes[explanation->cause_count++]);
    add_findings(inquiry);
    for (int i = 0; i < inquiry->journal.wait_count &&
                    explanation->verdict.kind == VERDICT_DEADLOCK;
         i++)
        add_wait(explanation, &inquiry->journal.waits[i]);
}

static int run_first(struct inquiry *inquiry, struct execution *execution,
                     struct error *error) {
    struct replay replay = {0};
    replay_init(&replay, inquiry->schedule, NULL);
    if (journal_init(&inquiry->journal, &replay.strategy) ||
        happens_keep_edges(&execution->happens))
        return error_set(error, ERROR_MEMORY, 0, 0, "%s",
                         error_text(ERROR_MEMORY));
    const struct execution_options how = {
        .strategy = &inquiry->journal.strategy, .follows = true};
    int status =
        execute(execution, inquiry->program, inquiry->schedule, &how, error);
    inquiry->explanation->verdict = execution->verdict;
    keep_names(inquiry, &execution->trace);
    return status;
}

int explain(struct explanation *explanation, struct execution *execution,
            const struct racelab_program *program,
            const struct schedule *schedule, struct error *error) {
    struct inquiry *inquiry = calloc(1, sizeof *inquiry);
    if (!inquiry)
        abort(); // a quarter of a megabyte: nothing can go on
    memset(explanation, 0, sizeof *explanation);
    *inquiry = (struct inquiry){.explanation = explanation,
                                .execution = execution,
                                .program = program,
                                .schedule = schedule};
    int status = execution_init(&inquiry->other, error);
    if (status == 0)
        status = run_first(inquiry, execution, error);
    if (status == 0 && execution->verdict.kind != VERDICT_DIVERGED)
        inquire(inquiry);
    journal_done(&inquiry->journal);
    execution_done(&inquiry->other);
    free(inquiry);
    return status;
}
