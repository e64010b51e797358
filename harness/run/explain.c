#include "explain.h"
#include "pair.h"
#include "replay.h"
#include "symbol.h"

#include <stdlib.h>
#include <string.h>

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
    const struct step *made = inquiry_step(inquiry, step);
    const struct journal_step *touched = inquiry_touched(inquiry, step);
    cause.kind = made->kind;
    cause.access = made->access;
    cause.name = made->name;
    cause.saw = made->saw;
    cause.value = made->value;
    names_copy(cause.task, sizeof cause.task, made->task_name);
    names_copy(cause.request, sizeof cause.request,
               inquiry_request(inquiry, step));
    memcpy(cause.object, touched->object_name, sizeof cause.object);
    copy_place(&cause, made->place);
    return cause;
}

static void copy_owner(const struct inquiry *inquiry, int touch,
                       struct cause_owner *owner) {
    const struct owners *owners = &inquiry->execution->owners;
    if (touch == 0 || inquiry_touched(inquiry, touch)->pooled == 0)
        return;
    struct inquiry_holding holding = inquiry_holding_at(inquiry, touch);
    memcpy(owner->object, inquiry_touched(inquiry, touch)->pooled_name,
           sizeof owner->object);
    owner->foreign = inquiry_foreign(inquiry, touch);
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
        !happens_by(&inquiry->execution->happens, inquiry_trace(inquiry),
                    a < b ? a : b, a < b ? b : a, &edge))
        return;
    cause->unordered = cause_of(inquiry, inquiry_racing(inquiry, a));
    cause->order = CAUSE_ONE_TASK;
    if (inquiry_step(inquiry, a)->task == inquiry_step(inquiry, b)->task)
        return;
    cause->from = cause_of(inquiry, edge.from);
    cause->to = cause_of(inquiry, edge.to);
    cause->order = order_by(&cause->from, &cause->to);
}

// Who wrote last what the touch found, if that was another's, and not `other`.
static int seen_by(const struct inquiry *inquiry, int touch, int other) {
    for (int i = touch - 1; i > 0 && i != other; i--)
        if (inquiry_shares(inquiry, touch, i) &&
            op_access_writes(inquiry_touched(inquiry, i)->access))
            return inquiry_of_two(inquiry, touch, i) &&
                           !inquiry_same_request(inquiry, touch, i)
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
    names_copy(cause->reporter, sizeof cause->reporter,
               inquiry_trace(inquiry)->task_names[outcome->task]);
    names_copy(cause->request, sizeof cause->request,
               owners_name(&inquiry->execution->owners, outcome->works_for));
    cause->right = pair_right(inquiry, outcome->line);
    pair_decide(inquiry, outcome, &pair);
    cause->decided = pair.touch != 0;
    cause->tried = inquiry->runs;
    memcpy(cause->exchanged, pair.exchanged, sizeof cause->exchanged);
    cause->exchanged_first = pair.first;
    cause->exchanged_second = pair.later;
    if (!cause->decided)
        pair_settle(inquiry, outcome, &pair);
    cause->touch = cause_of(inquiry, pair.touch);
    cause->other = cause_of(inquiry, pair.other);
    copy_owner(inquiry, pair.touch, &cause->owner);
    cause->seen = cause_of(inquiry, seen_by(inquiry, pair.touch, pair.other));
    find_order(inquiry, cause);
}

// Is it what an outcome's sentence is about?
static bool is_told(const struct explanation *explanation,
                    const struct finding *finding) {
    for (int i = 0; i < explanation->cause_count; i++) {
        const struct cause *cause = &explanation->causes[i];
        if ((finding->kind == FINDING_FOREIGN ||
             finding->kind == FINDING_MEMORY) &&
            cause->owner.foreign &&
            strcmp(cause->touch.task, explanation->task_names[finding->task]) ==
                0 &&
            strcmp(cause->owner.object, finding->pooled_name) == 0)
            return true;
    }
    return false;
}

// The call in which the loop of a finding waited: it was made later.
static int waiting_call(const struct inquiry *inquiry,
                        const struct finding *finding) {
    for (int i = finding->step; i <= inquiry_trace(inquiry)->step_count; i++)
        if (inquiry_step(inquiry, i)->task == finding->task &&
            strcmp(inquiry_step(inquiry, i)->name, finding->name) == 0)
            return i;
    return 0;
}

static void add_findings(const struct inquiry *inquiry,
                         struct explanation *explanation) {
    const struct execution *execution = inquiry->execution;
    for (int i = 0; i < execution->findings.count; i++) {
        const struct finding *finding = &execution->findings.list[i];
        if (is_told(explanation, finding))
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
static void keep_names(struct explanation *explanation,
                       const struct journal *journal, struct trace *trace) {
    char(*names)[LIMIT_NAME] = explanation->task_names;
    memcpy(names, journal->task_names, sizeof journal->task_names);
    for (int i = 0; i < journal->task_count; i++)
        trace->task_names[i] = names[i];
    for (int i = 0; i < trace->step_count; i++)
        trace->steps[i].task_name = names[trace->steps[i].task];
}

static void inquire(struct inquiry *inquiry, struct explanation *explanation) {
    const struct trace *trace = inquiry_trace(inquiry);
    for (int i = 0; i < trace->outcome_count; i++)
        explain_outcome(inquiry, &trace->outcomes[i],
                        &explanation->causes[explanation->cause_count++]);
    add_findings(inquiry, explanation);
    explanation->tried = inquiry->tried;
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
    return execute(execution, inquiry->program, inquiry->schedule, &how, error);
}

int explain(struct explanation *explanation, struct execution *execution,
            const struct racelab_program *program,
            const struct schedule *schedule, struct error *error) {
    struct inquiry *inquiry = calloc(1, sizeof *inquiry);
    if (!inquiry)
        abort(); // a quarter of a megabyte: nothing can go on
    memset(explanation, 0, sizeof *explanation);
    *inquiry = (struct inquiry){
        .execution = execution, .program = program, .schedule = schedule};
    int status = execution_init(&inquiry->other, error);
    if (status == 0)
        status = run_first(inquiry, execution, error);
    explanation->verdict = execution->verdict;
    keep_names(explanation, &inquiry->journal, &execution->trace);
    if (status == 0 && execution->verdict.kind != VERDICT_DIVERGED)
        inquire(inquiry, explanation);
    journal_done(&inquiry->journal);
    execution_done(&inquiry->other);
    free(inquiry);
    return status;
}
