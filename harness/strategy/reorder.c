#include "reorder.h"

#include <string.h>

static const struct history_event *event_at(const struct reorder *reorder,
                                            int index) {
    return &reorder->history->events[reorder->at[index]];
}

static const struct history_event *last_of(const struct reorder *reorder) {
    return event_at(reorder, reorder->count - 1);
}

static void set_last_clock(struct reorder *reorder) {
    const struct history_event *last = last_of(reorder);
    memcpy(reorder->last_clock, last->before, sizeof last->before);
    for (int i = 0; i + 1 < reorder->count; i++) {
        const struct history_event *event = event_at(reorder, i);
        if (footprint_dependent(&event->footprint, &last->footprint))
            history_join(reorder->last_clock, event->clock);
    }
}

void reorder_make(struct reorder *reorder, const struct history *history,
                  int first, int later) {
    int until = later < history->count ? later : history->count;
    reorder->history = history;
    reorder->first = first;
    reorder->count = 0;
    for (int i = first + 1; i < until; i++)
        if (!history_before(&history->events[first], &history->events[i]))
            reorder->at[reorder->count++] = i;
    reorder->at[reorder->count++] = later;
    set_last_clock(reorder);
}

void reorder_make_one(struct reorder *reorder, const struct history *history,
                      int place) {
    reorder->history = history;
    reorder->first = history->count;
    reorder->count = 1;
    reorder->at[0] = place;
    set_last_clock(reorder);
}

void reorder_done(struct reorder *reorder) {
    sync_done(&reorder->locks);
}

// With which steps it may begin.

static bool comes_before(const struct reorder *reorder, int a, int b) {
    const struct history_event *first = event_at(reorder, a);
    if (b == reorder->count - 1)
        return reorder->last_clock[first->process] >= first->index;
    return history_before(first, event_at(reorder, b));
}

// The place of the first event of `process`, or -1.
static int first_of(const struct reorder *reorder, int process) {
    for (int i = 0; i < reorder->count; i++)
        if (event_at(reorder, i)->process == process)
            return i;
    return -1;
}

static bool is_initial(const struct reorder *reorder, int place) {
    for (int i = 0; i < place; i++)
        if (comes_before(reorder, i, place))
            return false;
    return true;
}

static bool independent_of_all(const struct reorder *reorder,
                               const struct footprint *footprint) {
    for (int i = 0; i < reorder->count; i++)
        if (footprint_dependent(&event_at(reorder, i)->footprint, footprint))
            return false;
    return true;
}

bool reorder_may_begin(const struct reorder *reorder, int process,
                       const struct footprint *footprint) {
    int place = first_of(reorder, process);
    return place >= 0 ? is_initial(reorder, place)
                      : independent_of_all(reorder, footprint);
}

bool reorder_take_out(struct reorder *reorder, int process) {
    int place = first_of(reorder, process);
    if (place < 0)
        return true;
    bool is_last = place == reorder->count - 1;
    reorder->count--;
    for (int i = place; i < reorder->count; i++)
        reorder->at[i] = reorder->at[i + 1];
    return !is_last;
}

// What it comes to.

typedef void visit_event(struct reorder *reorder,
                         const struct history_event *event, int *sum);

// All events but the last, in this order.
static int visit_all(struct reorder *reorder, visit_event *visit) {
    int sum = 0;
    for (int i = 0; i < reorder->first; i++)
        visit(reorder, &reorder->history->events[i], &sum);
    for (int i = 0; i + 1 < reorder->count; i++)
        visit(reorder, event_at(reorder, i), &sum);
    return sum;
}

// What an object was when it was made: its first event has seen it so.
static void make_object(struct reorder *reorder, uint64_t object) {
    const struct history *history = reorder->history;
    if (object == 0 || sync_known(&reorder->locks, object))
        return;
    for (int i = 0; i < history->count + history->pending; i++) {
        const struct history_event *event = &history->events[i];
        if (event->footprint.object != object)
            continue;
        sync_object_init(&reorder->locks, object, "object", event->value,
                         event->recursive, 0, 0);
        return;
    }
}

static void apply(struct reorder *reorder, const struct history_event *event,
                  int *sum) {
    const struct footprint *footprint = &event->footprint;
    const struct op op = {.kind = footprint->effect,
                          .object = footprint->object,
                          .mutex = footprint->mutex};
    struct sync *locks = &reorder->locks;
    (void)sum;
    if (!footprint_shares(footprint, &last_of(reorder)->footprint))
        return;
    make_object(reorder, footprint->object);
    make_object(reorder, footprint->mutex);
    switch (footprint->effect) {
    case OP_UNLOCK:
        sync_unlock(locks, event->process, op.object);
        break;
    case OP_READ_UNLOCK:
        sync_read_unlock(locks, event->process, op.object);
        break;
    case OP_SIGNAL:
        sync_signal(locks, op.object);
        break;
    case OP_BROADCAST:
        sync_broadcast(locks, op.object);
        break;
    case OP_POST:
        sync_post(locks, op.object);
        break;
    case OP_ONCE_END:
        sync_once_finished(locks, op.object);
        break;
    default:
        sync_apply(locks, event->process, &op);
    }
}

static bool locks_allow(struct reorder *reorder,
                        const struct history_event *event) {
    const struct footprint *footprint = &event->footprint;
    const struct op op = {.kind = footprint->kind,
                          .object = footprint->object,
                          .mutex = footprint->mutex};
    const struct op mutex = {.kind = OP_LOCK, .object = footprint->mutex};
    sync_reset(&reorder->locks);
    visit_all(reorder, apply);
    make_object(reorder, footprint->object);
    make_object(reorder, footprint->mutex);
    return sync_enabled(&reorder->locks, event->process, &op) ||
           (footprint->timed &&
            sync_enabled(&reorder->locks, event->process, &mutex));
}

static void count_busy(struct reorder *reorder,
                       const struct history_event *event, int *busy) {
    (void)reorder;
    *busy += event->footprint.kind == OP_TAKE_WORK;
    *busy -= event->footprint.kind == OP_WORK_DONE;
}

static void count_loop(struct reorder *reorder,
                       const struct history_event *event, int *steps) {
    int loop = last_of(reorder)->loop;
    *steps += event->process == loop || event->loop == loop;
}

// The loop must have come to its wait: its next step in what has happened is
// one with which it takes something.
static bool loop_allows(struct reorder *reorder) {
    const struct history *history = reorder->history;
    int loop = last_of(reorder)->loop;
    unsigned next = (unsigned)visit_all(reorder, count_loop) + 1;
    for (int i = 0; i < history->count; i++)
        if (history->events[i].loop == loop &&
            history->events[i].loop_index == next)
            return true;
    return false;
}

// Which timers a loop has is its own doing: where they could be taken, they
// have been offered.
static bool is_timer(const struct footprint *footprint) {
    return footprint->effect == OP_FIRE && footprint->mutex == 0;
}

bool reorder_allows(struct reorder *reorder) {
    const struct history_event *event = last_of(reorder);
    switch (event->footprint.kind) {
    case OP_LOCK:
    case OP_READ_LOCK:
    case OP_WRITE_LOCK:
    case OP_COND_WAKE:
    case OP_SEM_WAIT:
    case OP_ONCE:
        return locks_allow(reorder, event);
    case OP_TAKE_WORK:
        return visit_all(reorder, count_busy) < (int)event->value;
    case OP_SEND:
    case OP_FIRE:
        return !is_timer(&event->footprint) && loop_allows(reorder);
    default:
        return true;
    }
}

// By process, from which of its events on it is left out; 0: it is not.
struct left_out {
    unsigned since[HISTORY_PROCESSES];
};

static bool follows(const struct left_out *out,
                    const struct history_event *event) {
    for (int p = 0; p < HISTORY_PROCESSES; p++)
        if (out->since[p] > 0 && event->clock[p] >= out->since[p])
            return true;
    return false;
}

void reorder_leave_takers_out(struct reorder *reorder) {
    const struct history_event *last = last_of(reorder);
    struct left_out out = {{0}};
    int kept = 0, end = reorder->count - 1;
    for (int i = 0; i < end; i++) {
        const struct history_event *event = event_at(reorder, i);
        bool needed = last->before[event->process] >= event->index;
        bool takes = footprint_dependent(&event->footprint, &last->footprint);
        if ((!needed && takes) || follows(&out, event)) {
            if (out.since[event->process] == 0)
                out.since[event->process] = event->index;
        } else {
            reorder->at[kept++] = reorder->at[i];
        }
    }
    reorder->at[kept++] = reorder->at[end];
    reorder->count = kept;
    set_last_clock(reorder);
}
