// happens_test.c - what orders two accesses to the harness's own detector, and
// what does not: events, given by hand.
#include "happens.h"
#include "trace.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TASKS = 4, RACES = 1, ORDERED = 0 };

// "1 writes x" and so on, separated by commas. Task 0 has started the others
// before the first. Objects are letters; a condition variable goes by its
// mutex, for it is no object of its own here.
struct history {
    const char *sentence;
    int races;
    const char *events;
};

// clang-format off
static const struct history HISTORIES[] = {
    {"nothing at all: two writes race", RACES, "1 writes x, 2 writes x"},
    {"nothing at all: a write and a read race", RACES,
     "1 writes x, 2 reads x"},
    {"nothing at all: a read and a write race", RACES,
     "1 reads x, 2 writes x"},
    {"two reads never race", ORDERED, "1 reads x, 2 reads x"},
    {"accesses to two places never race", ORDERED, "1 writes x, 2 writes y"},
    {"a task is in order with itself", ORDERED,
     "1 writes x, 1 reads x, 1 writes x"},
    {"each of several reads counts", RACES,
     "1 reads x, 1 unlocks m, 3 reads x, 2 locks m, 2 writes x"},
    {"reads that are all ordered before a write do not race with it", ORDERED,
     "1 reads x, 1 posts s, 3 reads x, 3 posts s, 2 waits s, 2 writes x"},
    {"a read that another read comes after is ordered where that one is",
     ORDERED, "1 reads x, 1 posts s, 2 waits s, 2 reads x, 2 posts t, "
              "3 waits t, 3 writes x"},

    {"start: what its parent did before comes before the thread", ORDERED,
     "0 writes x, 0 starts 1, 1 reads x"},
    {"start: what its parent does after it does not", RACES,
     "0 starts 1, 0 writes x, 1 reads x"},
    {"start: the thread does not come before its parent", RACES,
     "0 starts 1, 1 writes x, 0 reads x"},
    {"start: one thread does not come before the next", RACES,
     "0 starts 1, 1 writes x, 0 starts 2, 2 reads x"},
    {"join: the thread comes before what its joiner does next", ORDERED,
     "1 writes x, 0 joins 1, 0 reads x"},
    {"join: and before whom that one starts", ORDERED,
     "1 writes x, 0 joins 1, 0 starts 2, 2 reads x"},
    {"join: of another thread orders nothing", RACES,
     "1 writes x, 0 joins 2, 0 reads x"},

    {"mutex: an unlock comes before the next lock", ORDERED,
     "1 locks m, 1 writes x, 1 unlocks m, 2 locks m, 2 reads x"},
    {"mutex: and before a later one of a third", ORDERED,
     "1 locks m, 1 writes x, 1 unlocks m, 2 locks m, 2 unlocks m, "
     "3 locks m, 3 reads x"},
    {"mutex: what comes after the unlock does not", RACES,
     "1 locks m, 1 unlocks m, 1 writes x, 2 locks m, 2 reads x"},
    {"mutex: what comes before the lock is not ordered behind it", RACES,
     "2 reads x, 1 locks m, 1 writes x, 1 unlocks m, 2 locks m"},
    {"mutex: another one orders nothing", RACES,
     "1 locks m, 1 writes x, 1 unlocks m, 2 locks n, 2 reads x"},
    {"mutex: one who only locks orders nothing", RACES,
     "1 locks m, 1 writes x, 2 locks n, 2 reads x"},
    {"mutex: one that is made anew orders nothing", RACES,
     "1 locks m, 1 writes x, 1 unlocks m, 0 makes m, 2 locks m, 2 reads x"},
    {"recursive mutex: the inner unlock orders nothing", RACES,
     "1 locks m, 1 locks m, 1 writes x, 1 unlocks m, 2 waits m, 2 reads x"},
    {"recursive mutex: the outer unlock does", ORDERED,
     "1 locks m, 1 locks m, 1 writes x, 1 unlocks m, 1 unlocks m, 2 locks m, "
     "2 reads x"},

    {"rwlock: a writer comes before a reader", ORDERED,
     "1 write-locks l, 1 writes x, 1 unlocks l, 2 read-locks l, 2 reads x"},
    {"rwlock: a writer comes before a writer", ORDERED,
     "1 write-locks l, 1 writes x, 1 unlocks l, 2 write-locks l, 2 writes x"},
    {"rwlock: a reader comes before a writer", ORDERED,
     "1 read-locks l, 1 reads x, 1 read-unlocks l, 2 write-locks l, "
     "2 writes x"},
    {"rwlock: each of two readers comes before a writer", ORDERED,
     "1 read-locks l, 1 reads x, 2 read-locks l, 2 reads x, 1 read-unlocks l, "
     "2 read-unlocks l, 3 write-locks l, 3 writes x"},
    {"rwlock: a reader does not come before a reader", RACES,
     "1 read-locks l, 1 reads x, 1 read-unlocks l, 2 read-locks l, "
     "2 read-unlocks l, 2 writes x"},
    {"rwlock: a reader comes before a reader with a writer between", ORDERED,
     "1 read-locks l, 1 reads x, 1 read-unlocks l, 3 write-locks l, "
     "3 unlocks l, 2 read-locks l, 2 read-unlocks l, 2 writes x"},

    {"cond: to wait is to unlock", ORDERED,
     "1 locks m, 1 writes x, 1 begins-wait m, 2 locks m, 2 reads x"},
    {"cond: to wake is to lock", ORDERED,
     "1 locks m, 1 begins-wait m, 2 locks m, 2 writes x, 2 unlocks m, "
     "1 wakes m, 1 reads x"},
    {"cond: a signal is no edge", RACES,
     "1 locks m, 1 begins-wait m, 2 writes x, 2 signals m, 1 wakes m, "
     "1 reads x"},

    {"semaphore: a post comes before the wait", ORDERED,
     "1 writes x, 1 posts s, 2 waits s, 2 reads x"},
    {"semaphore: all posts so far come before a wait", ORDERED,
     "1 writes x, 1 posts s, 3 posts s, 2 waits s, 2 reads x"},
    {"semaphore: what comes after the post does not", RACES,
     "1 posts s, 1 writes x, 2 waits s, 2 reads x"},
    {"semaphore: a wait does not come before a post", RACES,
     "1 writes x, 1 waits s, 2 posts s, 2 reads x"},

    {"barrier: who arrives comes before all who leave", ORDERED,
     "1 writes x, 1 arrives 7, 2 arrives 7, 2 leaves 7, 2 reads x"},
    {"barrier: and so does the last to arrive", ORDERED,
     "1 arrives 7, 2 writes x, 2 arrives 7, 1 leaves 7, 1 reads x"},
    {"barrier: to leave is no edge to who leaves later", RACES,
     "1 arrives 7, 2 arrives 7, 1 leaves 7, 1 writes x, 2 leaves 7, "
     "2 reads x"},
    {"barrier: another generation is another", RACES,
     "1 writes x, 1 arrives 7, 2 arrives 8, 2 leaves 8, 2 reads x"},

    {"once: its end comes before whoever comes later", ORDERED,
     "1 does-once o, 1 writes x, 1 releases o, 2 does-once o, 2 reads x"},
    {"once: who comes later comes before nobody", RACES,
     "1 does-once o, 1 releases o, 2 writes x, 2 does-once o, 3 does-once o, "
     "3 reads x"},

    {"atomic: a store comes before the load that sees it", ORDERED,
     "1 writes x, 1 stores a, 2 loads a, 2 reads x"},
    {"atomic: what comes after the store does not", RACES,
     "1 stores a, 1 writes x, 2 loads a, 2 reads x"},
    {"atomic: a load comes before nobody", RACES,
     "1 writes x, 1 loads a, 2 loads a, 2 reads x"},
    {"atomic: nor before a store", RACES,
     "1 writes x, 1 loads a, 2 stores a, 2 reads x"},
    {"atomic: a store is not ordered behind a store", RACES,
     "1 writes x, 1 stores a, 2 stores a, 2 reads x"},
    {"atomic: a store begins anew", RACES,
     "1 writes x, 1 stores a, 2 stores a, 3 loads a, 3 reads x"},
    {"atomic: and a load sees the last", ORDERED,
     "1 stores a, 2 writes x, 2 stores a, 3 loads a, 3 reads x"},
    {"atomic: an update sees the store", ORDERED,
     "1 writes x, 1 stores a, 2 updates a, 2 reads x"},
    {"atomic: and is seen by a load", ORDERED,
     "1 writes x, 1 updates a, 2 loads a, 2 reads x"},
    {"atomic: an update sees the update before it", ORDERED,
     "1 writes x, 1 updates a, 2 updates a, 2 reads x"},
    {"atomic: the store before an update is seen by who loads after it",
     ORDERED, "1 writes x, 1 stores a, 2 updates a, 3 loads a, 3 reads x"},
    {"atomic: so is each update of a chain", ORDERED,
     "1 writes x, 1 updates a, 2 updates a, 3 updates a, 3 reads x"},
    {"atomic: a store ends the chain", RACES,
     "1 writes x, 1 updates a, 2 stores a, 3 updates a, 3 reads x"},
    {"atomic: an update is not ordered before the one that it follows", RACES,
     "1 updates a, 2 writes x, 2 updates a, 1 reads x"},
    {"atomic: another object orders nothing", RACES,
     "1 writes x, 1 stores a, 2 loads b, 2 reads x"},
    {"atomic: two stores do not race", ORDERED, "1 stores x, 2 stores x"},
    {"atomic: a store and a load do not race", ORDERED,
     "1 stores x, 2 loads x, 1 stores x"},
    {"atomic: updates do not race", ORDERED,
     "1 updates x, 2 updates x, 3 loads x, 1 stores x"},
    {"atomic: a plain write races with a load", RACES,
     "1 writes x, 2 loads x"},
    {"atomic: a load with a plain write", RACES, "1 loads x, 2 writes x"},
    {"atomic: a plain write with a store", RACES, "1 writes x, 2 stores x"},
    {"atomic: a store with a plain write", RACES, "1 stores x, 2 writes x"},
    {"atomic: a store with a plain read", RACES, "1 stores x, 2 reads x"},
    {"atomic: a plain read with an update", RACES, "1 reads x, 2 updates x"},
    {"atomic: an update with a plain read", RACES, "1 updates x, 2 reads x"},
    {"atomic: a load and a plain read do not race", ORDERED,
     "1 loads x, 2 reads x, 1 reads x, 2 loads x"},
    {"atomic: a plain write before a store that is loaded is ordered", ORDERED,
     "1 writes x, 1 stores x, 2 loads x, 2 reads x"},
    {"atomic: an update itself is not, as ThreadSanitizer has it", RACES,
     "1 writes x, 1 updates x, 2 updates x"},

    {"atomic: a plain write is not forgotten for a store behind it", RACES,
     "1 writes x, 1 posts s, 2 waits s, 2 stores x, 3 stores x"},
    {"atomic: nor a plain read for a load behind it", RACES,
     "1 reads x, 1 posts s, 2 waits s, 2 loads x, 3 stores x"},
    {"atomic: nor a plain read for a store behind it", RACES,
     "1 reads x, 1 posts s, 2 waits s, 2 stores x, 3 stores x"},
    {"atomic: nor a load for a store beside it", RACES,
     "1 loads x, 2 stores x, 2 posts s, 3 waits s, 3 writes x"},
    {"atomic: nor a store for a store beside it", RACES,
     "1 stores x, 2 stores x, 2 posts s, 3 waits s, 3 writes x"},
    {"atomic: all of them ordered do not race", ORDERED,
     "1 loads x, 1 stores x, 1 posts s, 2 stores x, 2 posts s, 3 waits s, "
     "3 writes x, 3 reads x"},

    {"a try that fails, a plain point, a call, a send: no edge", RACES,
     "1 writes x, 1 tries m, 1 calls m, 1 sends m, 2 tries m, 2 calls m, "
     "2 polls m, 2 sleeps m, 2 reads x"},
};
// clang-format on

static const struct {
    const char *verb;
    enum op_kind kind;
    enum op_access access;
} VERBS[] = {
    {"writes", OP_POINT, ACCESS_WRITE},
    {"reads", OP_POINT, ACCESS_READ},
    {"loads", OP_POINT, ACCESS_LOAD},
    {"stores", OP_POINT, ACCESS_STORE},
    {"updates", OP_POINT, ACCESS_UPDATE},
    {"locks", OP_LOCK, ACCESS_NONE},
    {"unlocks", OP_UNLOCK, ACCESS_NONE},
    {"read-locks", OP_READ_LOCK, ACCESS_NONE},
    {"read-unlocks", OP_READ_UNLOCK, ACCESS_NONE},
    {"write-locks", OP_WRITE_LOCK, ACCESS_NONE},
    {"begins-wait", OP_COND_WAIT, ACCESS_NONE},
    {"wakes", OP_COND_WAKE, ACCESS_NONE},
    {"signals", OP_SIGNAL, ACCESS_NONE},
    {"posts", OP_POST, ACCESS_NONE},
    {"waits", OP_SEM_WAIT, ACCESS_NONE},
    {"leaves", OP_BARRIER_LEAVE, ACCESS_NONE},
    {"does-once", OP_ONCE, ACCESS_NONE},
    {"joins", OP_JOIN, ACCESS_NONE},
    {"tries", OP_TRY, ACCESS_NONE},
    {"calls", OP_CALL, ACCESS_NONE},
    {"sends", OP_SEND, ACCESS_NONE},
    {"polls", OP_POLL, ACCESS_NONE},
    {"sleeps", OP_SLEEP, ACCESS_NONE},
};

static struct happens happens;
static int steps;

static void set_up(void) {
    ck_assert_int_eq(happens_init(&happens), 0);
}

static void take_down(void) {
    happens_done(&happens);
}

static void begin(void) {
    happens_clear(&happens);
    steps = 0;
    happens_start(&happens, -1, 0);
    for (int task = 1; task < TASKS; task++)
        happens_start(&happens, 0, task);
}

static void do_op(int task, const char *verb, char object) {
    size_t i = 0;
    while (strcmp(VERBS[i].verb, verb) != 0)
        ck_assert_msg(++i < sizeof VERBS / sizeof *VERBS, "no verb %s", verb);
    const struct op op = {.kind = VERBS[i].kind,
                          .name = VERBS[i].verb,
                          .object = (uintptr_t)object,
                          .mutex = (uintptr_t)object,
                          .access = VERBS[i].access,
                          .target = object - '0',
                          .generation = (unsigned)object};
    if (op.access == ACCESS_NONE)
        happens_order(&happens, task, &op);
    else
        happens_access(&happens, task, &op, NULL, ++steps);
}

static void do_event(const char *event) {
    int task;
    char verb[16], object;
    ck_assert_msg(sscanf(event, " %d %15s %c", &task, verb, &object) == 3,
                  "no event: %s", event);
    if (strcmp(verb, "starts") == 0)
        happens_start(&happens, task, object - '0');
    else if (strcmp(verb, "arrives") == 0 || strcmp(verb, "releases") == 0)
        happens_release(&happens, task, (uintptr_t)object);
    else if (strcmp(verb, "makes") == 0)
        happens_forget(&happens, (uintptr_t)object);
    else
        do_op(task, verb, object);
}

static void do_all(const char *events) {
    for (const char *at = events; at; at = strchr(at, ',')) {
        at += *at == ',';
        do_event(at);
    }
}

START_TEST(what_is_an_edge_orders_and_what_is_none_does_not) {
    const struct history *history = &HISTORIES[_i];
    begin();
    do_all(history->events);
    ck_assert_msg(happens.race_count == history->races, "%s: %d races",
                  history->sentence, happens.race_count);
}
END_TEST

START_TEST(a_race_names_both_accesses_the_earlier_one_first) {
    begin();
    do_all("1 reads y, 1 reads x, 2 writes x");
    ck_assert_int_eq(happens.race_count, 1);
    const struct happens_access *accesses = happens.races[0].accesses;
    ck_assert_str_eq(happens.races[0].object, "memory without a name");
    ck_assert(accesses[0].task == 1 && accesses[1].task == 2);
    ck_assert(!accesses[0].write && accesses[1].write);
    ck_assert(accesses[0].step == 2 && accesses[1].step == 3);
    ck_assert_str_eq(accesses[0].point, "reads");
    ck_assert_str_eq(accesses[1].point, "writes");
}
END_TEST

START_TEST(of_one_piece_of_memory_the_first_race_stands) {
    begin();
    do_all("1 writes x, 2 reads x, 3 writes x, 1 writes y, 3 reads y");
    ck_assert_int_eq(happens.race_count, 2);
    ck_assert_int_eq(happens.races[0].accesses[1].task, 2);
    ck_assert_int_eq(happens.races[1].accesses[0].task, 1);
}
END_TEST

START_TEST(an_execution_knows_nothing_of_the_one_before) {
    begin();
    do_all("1 writes x, 1 locks m, 1 writes y, 1 unlocks m");
    begin();
    do_all("2 writes x, 1 writes z, 2 locks m, 2 reads y");
    ck_assert_int_eq(happens.race_count, 0);
    begin();
    do_all("1 writes x, 2 locks m, 2 reads x");
    ck_assert_int_eq(happens.race_count, 1);
}
END_TEST

static void access_named(int task, const struct name *name, uintptr_t offset) {
    const struct op op = {.kind = OP_POINT,
                          .name = "named.write",
                          .object = name->base + offset,
                          .access = ACCESS_WRITE};
    happens_access(&happens, task, &op, name, ++steps);
}

START_TEST(memory_is_called_by_its_name) {
    const struct name name = {.base = 64, .bytes = 8, .text = "context.keys"};
    begin();
    access_named(1, &name, 0);
    access_named(2, &name, 0);
    ck_assert_int_eq(happens.race_count, 1);
    ck_assert_str_eq(happens.races[0].object, "context.keys");
}
END_TEST

START_TEST(two_places_in_one_named_piece_are_two) {
    const struct name name = {.base = 64, .bytes = 8, .text = "cells"};
    begin();
    access_named(1, &name, 0);
    access_named(2, &name, 4);
    ck_assert_int_eq(happens.race_count, 0);
}
END_TEST

START_TEST(memory_that_is_named_anew_is_new) {
    const struct name first = {.base = 64, .bytes = 8, .birth = 1};
    const struct name again = {.base = 64, .bytes = 8, .birth = 2};
    begin();
    access_named(1, &first, 0);
    access_named(2, &again, 0);
    ck_assert_int_eq(happens.race_count, 0);
    access_named(3, &again, 0);
    ck_assert_int_eq(happens.race_count, 1);
    ck_assert_int_eq(happens.races[0].accesses[0].task, 2);
}
END_TEST

// More than it had room for, so that it grows in the middle.
START_TEST(many_objects_are_all_kept_apart) {
    enum { MANY = 1000 };
    begin();
    for (uintptr_t i = 1; i <= MANY; i++) {
        const struct op write = {.kind = OP_POINT,
                                 .name = "many.write",
                                 .object = i * 8,
                                 .access = ACCESS_WRITE};
        happens_access(&happens, 1, &write, NULL, 1);
        happens_release(&happens, 1, i * 8 + 1);
    }
    for (uintptr_t i = 1; i <= MANY; i++) {
        const struct op read = {.kind = OP_POINT,
                                .name = "many.read",
                                .object = i * 8,
                                .access = ACCESS_READ};
        happens_acquire(&happens, 2, i * 8 + 1);
        happens_access(&happens, 2, &read, NULL, 1);
    }
    ck_assert_int_eq(happens.race_count, 0);
}
END_TEST

START_TEST(races_beyond_the_limit_are_not_kept) {
    begin();
    for (uintptr_t i = 1; i <= LIMIT_RACES + 10; i++) {
        const struct op write = {.kind = OP_POINT,
                                 .name = "many.write",
                                 .object = i,
                                 .access = ACCESS_WRITE};
        happens_access(&happens, 1, &write, NULL, 1);
        happens_access(&happens, 2, &write, NULL, 2);
    }
    ck_assert_int_eq(happens.race_count, LIMIT_RACES);
}
END_TEST

START_TEST(the_last_of_all_tasks_is_as_good_as_any) {
    begin();
    happens_start(&happens, 1, LIMIT_TASKS - 1);
    do_all("1 writes x");
    const struct op op = {.kind = OP_POINT,
                          .name = "last.read",
                          .object = 'x',
                          .access = ACCESS_READ};
    happens_access(&happens, LIMIT_TASKS - 1, &op, NULL, ++steps);
    ck_assert_int_eq(happens.race_count, 1);
}
END_TEST

// Edges between steps, of which this is the trace: a task a letter. Each event
// of `do_all` in it is the next step of its task.
static struct trace trace;
static struct step trace_steps[20];

static void begin_edges(void) {
    ck_assert_int_eq(happens_keep_edges(&happens), 0);
    trace.steps = trace_steps;
    trace.step_count = 0;
    begin();
}

static void do_steps(const char *events) {
    for (const char *at = events; at; at = strchr(at, ',')) {
        at += *at == ',';
        int task = atoi(at);
        trace_steps[trace.step_count++].task = task;
        happens_step(&happens, task, trace.step_count);
        do_event(at);
    }
}

// "1-2": all pairs of steps of different tasks of which one happens before the
// other.
static void print_pairs(char *text, size_t room) {
    size_t used = 0;
    text[0] = '\0';
    for (int from = 1; from <= trace.step_count; from++)
        for (int to = 1; to <= trace.step_count; to++)
            if (trace_steps[from - 1].task != trace_steps[to - 1].task &&
                happens_before(&happens, &trace, from, to))
                used += (size_t)snprintf(text + used, room - used, "%s%d-%d",
                                         used ? " " : "", from, to);
}

static const struct {
    const char *sentence, *events, *pairs;
} EDGES[] = {
    {"nothing", "1 writes x, 2 writes x, 1 reads x", ""},
    {"an unlock and the next lock", "1 locks m, 1 unlocks m, 2 locks m",
     "1-3 2-3"},
    {"and what stands before and behind them",
     "1 writes x, 1 unlocks m, 1 writes x, 2 reads x, 2 locks m, 2 reads x",
     "1-5 1-6 2-5 2-6"},
    {"by way of a third", "1 posts s, 3 waits s, 3 posts t, 2 waits t",
     "1-2 1-3 1-4 2-4 3-4"},
    {"a start", "0 writes x, 0 starts 3, 0 writes x, 3 reads x, 3 reads x",
     "1-4 1-5 2-4 2-5"},
    {"a join, from the last that it did", "1 writes x, 2 writes x, 0 joins 1",
     "1-3"},
    {"and not from what it had released alone",
     "1 posts s, 1 writes x, 0 joins 1", "1-3 2-3"},
    {"a store and the load that sees it",
     "1 stores a, 2 loads a, 3 stores a, "
     "1 loads a",
     "1-2 3-4"},
};

START_TEST(steps_happen_before_one_another_by_edges_alone) {
    char text[1000];
    begin_edges();
    do_steps(EDGES[_i].events);
    print_pairs(text, sizeof text);
    ck_assert_msg(strcmp(text, EDGES[_i].pairs) == 0, "%s: %s",
                  EDGES[_i].sentence, text);
}
END_TEST

START_TEST(a_task_is_in_order_with_itself_and_a_step_with_itself) {
    begin_edges();
    do_steps("1 writes x, 2 writes x, 1 reads x");
    ck_assert(happens_before(&happens, &trace, 1, 3));
    ck_assert(!happens_before(&happens, &trace, 3, 1));
    ck_assert(happens_before(&happens, &trace, 2, 2));
}
END_TEST

// Whom it starts makes no step, or makes it later.
START_TEST(a_start_is_an_edge_to_the_first_step_whenever_that_comes) {
    begin_edges();
    do_steps("0 starts 3");
    ck_assert_int_eq(happens.edge_count, 1);
    ck_assert_int_eq(happens.edges[0].to, 0);
    ck_assert_int_eq(happens.edges[0].task, 3);
    do_steps("0 writes x, 3 reads x");
    ck_assert_int_eq(happens.edges[0].from, 1);
    ck_assert_int_eq(happens.edges[0].to, 3);
}
END_TEST

START_TEST(edges_are_of_one_execution_and_kept_where_they_are_asked_for) {
    begin();
    do_all("1 unlocks m, 2 locks m");
    ck_assert_int_eq(happens.edge_count, 0);
    begin_edges();
    do_steps("1 unlocks m, 2 locks m");
    ck_assert_int_eq(happens.edge_count, 1);
    begin();
    ck_assert_int_eq(happens.edge_count, 0);
}
END_TEST

static Suite *happens_suite(void) {
    Suite *suite = suite_create("happens");
    TCase *tests = tcase_create("happens");
    tcase_add_checked_fixture(tests, set_up, take_down);
    tcase_add_loop_test(tests, what_is_an_edge_orders_and_what_is_none_does_not,
                        0, (int)(sizeof HISTORIES / sizeof *HISTORIES));
    tcase_add_test(tests, a_race_names_both_accesses_the_earlier_one_first);
    tcase_add_test(tests, of_one_piece_of_memory_the_first_race_stands);
    tcase_add_test(tests, an_execution_knows_nothing_of_the_one_before);
    tcase_add_test(tests, memory_is_called_by_its_name);
    tcase_add_test(tests, two_places_in_one_named_piece_are_two);
    tcase_add_test(tests, memory_that_is_named_anew_is_new);
    tcase_add_test(tests, many_objects_are_all_kept_apart);
    tcase_add_test(tests, races_beyond_the_limit_are_not_kept);
    tcase_add_test(tests, the_last_of_all_tasks_is_as_good_as_any);
    tcase_add_loop_test(tests, steps_happen_before_one_another_by_edges_alone,
                        0, (int)(sizeof EDGES / sizeof *EDGES));
    tcase_add_test(tests,
                   a_task_is_in_order_with_itself_and_a_step_with_itself);
    tcase_add_test(tests,
                   a_start_is_an_edge_to_the_first_step_whenever_that_comes);
    tcase_add_test(
        tests, edges_are_of_one_execution_and_kept_where_they_are_asked_for);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void) {
    SRunner *runner = srunner_create(happens_suite());
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed > 0;
}
