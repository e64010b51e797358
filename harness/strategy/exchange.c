#include "exchange.h"
#include "replay.h"
#include "scheduler.h"

#include <string.h>

static bool is_like(const struct step *step, const struct owners *owners,
                    const struct exchange_step *wanted) {
    return strcmp(step->name, wanted->name) == 0 &&
           strcmp(step->task_name, wanted->task) == 0 &&
           strcmp(owners_name(owners, step->works_for), wanted->request) == 0;
}

int exchange_find(const struct trace *trace, const struct owners *owners,
                  const struct exchange_step *step) {
    int count = 0;
    for (int i = 0; i < trace->step_count; i++)
        if (is_like(&trace->steps[i], owners, step) && ++count == step->count)
            return i + 1;
    return 0;
}

static void look_for_later(struct exchange *exchange,
                           const struct scheduler *scheduler) {
    const struct trace *trace = scheduler->trace;
    for (; exchange->scanned < trace->step_count; exchange->scanned++)
        if (is_like(&trace->steps[exchange->scanned], scheduler->owners,
                    &exchange->later) &&
            ++exchange->counted == exchange->later.count)
            exchange->made = true;
}

static bool is_made(const struct exchange *exchange,
                    const struct journal_grant *grant) {
    // One of so many. NOLINTNEXTLINE(clang-analyzer-core.NullDereference)
    return grant->again || exchange->turns[grant->task] >= grant->turn;
}

// May this choice be made now? `hurried`: were it that time must pass, where it
// had not to.
static bool may_go(const struct exchange *exchange, struct scheduler *scheduler,
                   const struct journal_grant *grant, bool hurried) {
    if (grant->task >= scheduler->task_count)
        return false;
    const struct task *task = &scheduler->tasks[grant->task];
    if (!exchange->made && strcmp(task->name, exchange->held) == 0)
        return false;
    enum enabled rank = scheduler_enabled(scheduler, task);
    return rank == ENABLED_NOW || rank == ENABLED_LAST ||
           (rank == ENABLED_BY_TIME && (hurried || grant->by_time));
}

// The first choice of the journal that has not been made and can be; NULL:
// none.
static const struct journal_grant *
next_of(struct exchange *exchange, struct scheduler *scheduler, bool hurried) {
    const struct journal *journal = exchange->journal;
    while (exchange->next < journal->grant_count &&
           is_made(exchange, &journal->grants[exchange->next]))
        exchange->next++;
    for (int i = exchange->next; i < journal->grant_count; i++)
        if (!is_made(exchange, &journal->grants[i]) &&
            may_go(exchange, scheduler, &journal->grants[i], hurried))
            return &journal->grants[i];
    return NULL;
}

static int make(struct scheduler *scheduler,
                const struct journal_grant *grant) {
    scheduler->clock_stopped = grant->clock_stopped;
    return grant->task;
}

static int choose(struct strategy *strategy, struct scheduler *scheduler) {
    struct exchange *exchange = (struct exchange *)strategy;
    const struct journal_grant *grant = NULL;
    look_for_later(exchange, scheduler);
    if (exchange->next < exchange->prefix)
        grant = &exchange->journal->grants[exchange->next++];
    if (!grant)
        grant = next_of(exchange, scheduler, false);
    if (!grant)
        grant = next_of(exchange, scheduler, true);
    if (grant)
        return make(scheduler, grant);
    if (exchange->made)
        return replay_rest(scheduler);
    scheduler_end(scheduler, VERDICT_DIVERGED, 0, 0,
                  "the later step cannot be made before the first");
    return -1;
}

static void granted(struct strategy *strategy, struct scheduler *scheduler,
                    const struct task *task) {
    struct exchange *exchange = (struct exchange *)strategy;
    bool polls = task->op.kind == OP_POLL;
    (void)scheduler;
    if (!polls || !exchange->polls[task->id])
        exchange->turns[task->id]++;
    exchange->polls[task->id] = polls;
}

void exchange_init(struct exchange *exchange, const struct journal *journal,
                   int prefix, const char *held,
                   const struct exchange_step *later) {
    memset(exchange, 0, sizeof *exchange);
    exchange->strategy.choose = choose;
    exchange->strategy.granted = granted;
    exchange->journal = journal;
    exchange->prefix = prefix;
    exchange->held = held;
    exchange->later = *later;
}
