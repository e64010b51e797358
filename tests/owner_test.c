// owner_test.c - whose a pooled object is: gets, puts and touches, given by
// hand, and what is found wrong with them.
#include "owner.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

// "0 gets x for A" and so on, separated by commas: task 0 gets x for A and
// works for it; what stands first is a task, which works for whom it got
// something for last, or for whom "1 works for A" says. Each event is a step.
// "end" is the end of the program. Objects are letters of SIZE bytes each;
// "x+8" is its ninth byte.
struct history {
    const char *sentence;
    const char *findings; // "foreign at 3, leak at 1"; "": none
    const char *events;
};

// clang-format off
static const struct history HISTORIES[] = {
    {"what is got is its owner's to touch", "",
     "0 gets x for A, 0 touches x, 0 touches x+8, 0 puts x, end"},
    {"and whoever works for the same request may", "",
     "0 gets x for A, 1 works for A, 1 touches x, 0 puts x, end"},
    {"and may put it", "", "0 gets x for A, 1 works for A, 1 puts x, end"},
    {"who works for nobody may not touch it", "foreign at 2",
     "0 gets x for A, 1 touches x, 0 puts x"},
    {"nor may who works for another", "foreign at 3",
     "0 gets x for A, 1 works for B, 1 touches x, 0 puts x"},
    {"an object is all of its bytes", "foreign at 3",
     "0 gets x for A, 1 works for B, 1 touches x+15"},
    {"and no more", "",
     "0 gets x for A, 1 works for B, 1 touches x+16, 0 puts x, end"},
    {"what is in the pool is nobody's, not even its last owner's",
     "foreign at 3", "0 gets x for A, 0 puts x, 0 touches x"},
    {"nor is it of one who works for nobody", "foreign at 3",
     "0 gets x for A, 0 puts x, 1 touches x"},
    {"what another has been given is his", "foreign at 5",
     "0 gets x for A, 1 works for A, 0 puts x, 2 gets x for B, 1 touches x, "
     "2 touches x, 2 puts x, end"},
    {"what comes back to the same request is its own again", "",
     "0 gets x for A, 0 puts x, 0 gets x for A, 0 touches x, 0 puts x, end"},
    {"what no pool has given is anybody's", "",
     "1 touches x, 0 gets y for A, 1 touches x, 0 puts y, end"},
    {"of two objects each has its owner", "foreign at 4",
     "0 gets x for A, 1 gets y for B, 0 touches x, 0 touches y, 0 puts x, "
     "1 puts y, end"},

    {"to put twice is a finding", "foreign put at 3",
     "0 gets x for A, 0 puts x, 0 puts x, end"},
    {"to put what is another's is one", "foreign put at 3",
     "0 gets x for A, 1 works for B, 1 puts x, end"},
    {"and it lies in the pool then", "foreign put at 3, foreign at 4",
     "0 gets x for A, 1 works for B, 1 puts x, 0 touches x, end"},
    {"so that its owner puts it twice", "foreign put at 3, foreign put at 4",
     "0 gets x for A, 1 works for B, 1 puts x, 0 puts x, end"},
    {"to put what was given to another meanwhile is one", "foreign put at 5",
     "0 gets x for A, 1 works for A, 0 puts x, 2 gets x for B, 1 puts x, end"},

    {"to be given what another has is a finding", "foreign get at 2",
     "0 gets x for A, 1 gets x for B, 1 touches x, 1 puts x, end"},
    {"even what the same request has", "foreign get at 2",
     "0 gets x for A, 1 gets x for A, 1 puts x, end"},
    {"and who had it has it no more", "foreign get at 2, foreign at 3",
     "0 gets x for A, 1 gets x for B, 0 touches x, 1 puts x, end"},

    {"what is never put is a leak, as of its get", "leak at 2",
     "0 gets x for A, 0 gets y for A, 0 puts x, end"},
    {"each of them", "leak at 1, leak at 2",
     "0 gets x for A, 1 gets y for B, end"},
    {"and before the end nobody knows", "", "0 gets x for A"},

    {"the same memory, of another size, is another object", "foreign at 5",
     "0 gets x for A, 0 puts x, 1 gets x/8 for B, 2 touches x+8, 2 touches x, "
     "1 puts x, end"},
    {"what overlaps the end of one that is known is another", "",
     "0 gets x for A, 0 puts x, 1 gets x+8 for B, 2 touches x, 1 touches x+8, "
     "1 puts x+8, end"},
    {"and what overlaps its beginning", "",
     "0 gets x+8 for A, 0 puts x+8, 1 gets x for B, 1 touches x+8, "
     "2 touches x+16, 1 puts x, end"},
    {"and what covers two of them", "foreign at 7",
     "0 gets x for A, 0 puts x, 0 gets x+32 for A, 0 puts x+32, "
     "1 gets x/64 for B, 1 touches x+40, 2 touches x+20, 1 puts x, end"},
    {"an owned one that is gone so has leaked", "leak at 1",
     "0 gets x+8 for A, 1 gets x for B, 1 puts x, end"},
    {"memory that is handed out anew, as large, tells of its last put",
     "foreign at 4",
     "0 gets x for A, 0 puts x, 1 gets x for B, 2 touches x, 1 puts x, end"},

    {"of one task, object and owner the first touch is kept", "foreign at 2",
     "0 gets x for A, 1 touches x, 1 touches x+8, 1 touches x, 0 puts x, end"},
    {"that of another task as well", "foreign at 2, foreign at 3",
     "0 gets x for A, 1 touches x, 2 touches x, 0 puts x, end"},
    {"that of another object as well", "foreign at 3, foreign at 4",
     "0 gets x for A, 0 gets y for A, 1 touches x, 1 touches y, 0 puts x, "
     "0 puts y, end"},
    {"and that of a later owner", "foreign at 2, foreign at 4, foreign at 6",
     "0 gets x for A, 1 touches x, 0 puts x, 1 touches x, 2 gets x for B, "
     "1 touches x, 2 puts x, end"},
};
// clang-format on

enum { SIZE = 16, TASKS = 3 };

static struct findings findings;
static struct owners owners;
static int step, works_for[TASKS];

static void begin(void) {
    owners_clear(&owners, &findings, NULL);
    step = 0;
    memset(works_for, 0, sizeof works_for);
}

// "x", "x+8", "x/64": a letter, how far in it, how large.
static uintptr_t object_of(const char *text, uintptr_t *bytes) {
    unsigned offset = 0, size = SIZE;
    sscanf(text + 1, "+%u", &offset);
    sscanf(text + 1, "/%u", &size);
    *bytes = size;
    return (uintptr_t)text[0] * 4096 + offset;
}

static void do_verb(int task, const char *verb, const char *what,
                    const char *request) {
    uintptr_t bytes;
    uintptr_t base = object_of(what, &bytes);
    if (strcmp(verb, "gets") == 0) {
        works_for[task] = owners_request(&owners, request);
        ck_assert(owners_get(&owners, base, bytes, works_for[task], task, step,
                             "test.get"));
    } else if (strcmp(verb, "puts") == 0) {
        ck_assert(
            owners_put(&owners, base, works_for[task], task, step, "test.put"));
    } else if (strcmp(verb, "touches") == 0) {
        const struct op op = {.kind = OP_POINT,
                              .access = ACCESS_READ,
                              .name = "test.touch",
                              .object = base};
        owners_touch(&owners, &op, works_for[task], task, step);
    } else {
        ck_assert_str_eq(verb, "works");
        works_for[task] = owners_request(&owners, request);
    }
}

static void do_event(const char *event) {
    int task;
    char verb[16], what[16], request[LIMIT_NAME] = "";
    step++;
    if (strncmp(event, "end", 3) == 0) {
        owners_end(&owners);
        return;
    }
    int count = sscanf(event, "%d %15s %15[^ ,] for %15[^ ,]", &task, verb,
                       what, request);
    if (count == 3)
        sscanf(event, "%*d works for %15[^ ,]", request);
    ck_assert_msg(count >= 3 && task < TASKS, "no event: %s", event);
    do_verb(task, verb, what, request);
}

static void do_all(const char *events) {
    for (const char *at = events; at; at = strstr(at, ", ")) {
        at += at == events ? 0 : 2;
        do_event(at);
    }
}

static const char *const KINDS[FINDING_KINDS] = {
    "foreign",      "foreign put", "foreign get", "leak",
    "blocked loop", "memory",      "unanswered"};

static void print_findings(char *text, size_t room) {
    size_t used = 0;
    text[0] = '\0';
    for (int i = 0; i < findings.count; i++)
        used += (size_t)snprintf(text + used, room - used, "%s%s at %d",
                                 i ? ", " : "", KINDS[findings.list[i].kind],
                                 findings.list[i].step);
}

START_TEST(what_is_not_ones_own_is_found_and_what_is_is_not) {
    const struct history *history = &HISTORIES[_i];
    char text[1000];
    begin();
    do_all(history->events);
    print_findings(text, sizeof text);
    ck_assert_msg(strcmp(text, history->findings) == 0, "%s: %s; found: %s",
                  history->sentence, history->events, text);
}
END_TEST

START_TEST(a_finding_says_who_and_whose) {
    begin();
    do_all("0 gets x for A, 1 works for A, 0 puts x, 0 gets x for B, "
           "1 touches x+8");
    const struct finding *finding = &findings.list[0];
    ck_assert_int_eq(findings.count, 1);
    ck_assert_int_eq(finding->task, 1);
    ck_assert_str_eq(owners_name(&owners, finding->works_for), "A");
    ck_assert_str_eq(owners_name(&owners, finding->owner), "B");
    ck_assert_int_eq(finding->got_step, 4);
    ck_assert_int_eq(finding->put_step, 3);
    ck_assert_str_eq(finding->name, "test.touch");
    ck_assert_int_eq(finding->access, ACCESS_READ);
    ck_assert_uint_eq(finding->object - finding->pooled, 8);
    ck_assert(findings.of_kind[FINDING_FOREIGN]);
    ck_assert(!findings.of_kind[FINDING_LEAK]);
}
END_TEST

START_TEST(what_lies_in_the_pool_is_nobodys_since_no_step) {
    begin();
    do_all("0 gets x for A, 0 puts x, 1 touches x");
    ck_assert_int_eq(findings.list[0].owner, OWNER_NOBODY);
    ck_assert_int_eq(findings.list[0].got_step, 0);
    ck_assert_int_eq(findings.list[0].put_step, 2);
}
END_TEST

// Another size, so another object: it has never been put.
START_TEST(new_memory_has_no_past) {
    begin();
    do_all("0 gets x for A, 0 puts x, 0 gets x/8 for B, 1 touches x");
    ck_assert_int_eq(findings.list[0].put_step, 0);
    begin();
    do_all("0 gets x for A, 0 puts x, 0 gets x for B, 1 touches x");
    ck_assert_int_eq(findings.list[0].put_step, 2);
}
END_TEST

START_TEST(findings_are_called_by_the_names_of_the_memory) {
    static struct names names;
    names_clear(&names);
    uintptr_t bytes, x = object_of("x", &bytes);
    names_add(&names, x, SIZE, "context");
    names_add(&names, x + 8, 8, "context.keys");
    begin();
    owners.names = &names;
    do_all("0 gets x for A, 1 touches x+8, 0 gets y for A, 1 touches y");
    ck_assert_str_eq(findings.list[0].object_name, "context#1.keys");
    ck_assert_str_eq(findings.list[0].pooled_name, "context#1");
    ck_assert_str_eq(findings.list[1].object_name, "memory without a name");
}
END_TEST

START_TEST(what_no_pool_has_given_cannot_be_put) {
    begin();
    ck_assert(!owners_put(&owners, 4096, OWNER_NOBODY, 0, 1, "test.put"));
    do_all("0 gets x for A");
    ck_assert(!owners_put(&owners, 4096, works_for[0], 0, 2, "test.put"));
    ck_assert_int_eq(findings.count, 0);
}
END_TEST

START_TEST(a_request_has_what_it_has_not_put) {
    begin();
    do_all("0 gets x for A, 0 gets y for A, 1 gets z for B");
    int a = owners_request(&owners, "A");
    ck_assert(owners_has(&owners, a));
    do_all("0 puts x");
    ck_assert(owners_has(&owners, a));
    do_all("0 puts y");
    ck_assert(!owners_has(&owners, a));
    ck_assert(owners_has(&owners, owners_request(&owners, "B")));
    ck_assert(!owners_has(&owners, OWNER_NOBODY));
}
END_TEST

START_TEST(requests_of_one_name_are_one) {
    char longer[2 * LIMIT_NAME];
    begin();
    int a = owners_request(&owners, "A"), b = owners_request(&owners, "B");
    ck_assert_int_ne(a, b);
    ck_assert_int_ne(a, OWNER_NOBODY);
    ck_assert_int_eq(owners_request(&owners, "A"), a);
    ck_assert_str_eq(owners_name(&owners, b), "B");
    ck_assert_str_eq(owners_name(&owners, OWNER_NOBODY), "");
    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    int cut = owners_request(&owners, longer);
    ck_assert_int_eq(owners_request(&owners, longer), cut);
    ck_assert_uint_eq(strlen(owners_name(&owners, cut)), LIMIT_NAME - 1);
}
END_TEST

START_TEST(an_execution_knows_nothing_of_the_one_before) {
    begin();
    do_all("0 gets x for A, 1 touches x, end");
    ck_assert_int_eq(findings.count, 2);
    begin();
    do_all("1 touches x, end");
    ck_assert_int_eq(findings.count, 0);
    ck_assert(!findings.of_kind[FINDING_FOREIGN]);
    ck_assert(!findings.of_kind[FINDING_LEAK]);
    ck_assert_int_eq(owners.request_count, 0);
}
END_TEST

START_TEST(requests_end_at_their_limit) {
    begin();
    for (int i = 0; i < LIMIT_TASKS; i++) {
        char name[LIMIT_NAME];
        names_number(name, "R", i);
        ck_assert_int_eq(owners_request(&owners, name), i + 1);
    }
    ck_assert_int_eq(owners_request(&owners, "one more"), OWNER_NOBODY);
    ck_assert_int_eq(owners_request(&owners, "R7"), 8);
}
END_TEST

static bool get(uintptr_t base, uintptr_t bytes) {
    return owners_get(&owners, base, bytes, owners_request(&owners, "A"), 0, 1,
                      "test.get");
}

START_TEST(objects_end_at_their_limit) {
    begin();
    for (uintptr_t i = 0; i < LIMIT_POOLED; i++)
        ck_assert(get((i + 1) * SIZE, SIZE));
    ck_assert(!get((uintptr_t)(LIMIT_POOLED + 1) * SIZE, SIZE));
    ck_assert(owners_put(&owners, SIZE, 1, 0, 2, "test.put"));
    ck_assert(get(SIZE, SIZE));     // one that is known
    ck_assert(get(SIZE + 8, SIZE)); // one in the place of two
    ck_assert(get(8, 8));           // and there is room
    ck_assert(!get(1 << 20, SIZE)); // but for no more
}
END_TEST

START_TEST(findings_beyond_the_limit_are_not_kept_but_their_kind_is_known) {
    begin();
    for (uintptr_t i = 1; i <= LIMIT_FINDINGS; i++) {
        ck_assert(get(i * SIZE, SIZE));
        const struct op op = {.kind = OP_POINT,
                              .access = ACCESS_WRITE,
                              .name = "test.touch",
                              .object = i * SIZE};
        owners_touch(&owners, &op, OWNER_NOBODY, 1, 2);
    }
    ck_assert_int_eq(findings.count, LIMIT_FINDINGS);
    ck_assert(!findings.of_kind[FINDING_LEAK]);
    owners_end(&owners);
    ck_assert_int_eq(findings.count, LIMIT_FINDINGS);
    ck_assert(findings.of_kind[FINDING_LEAK]);
}
END_TEST

static Suite *owner_suite(void) {
    Suite *suite = suite_create("owner");
    TCase *tests = tcase_create("owner");
    tcase_add_loop_test(tests, what_is_not_ones_own_is_found_and_what_is_is_not,
                        0, (int)(sizeof HISTORIES / sizeof *HISTORIES));
    tcase_add_test(tests, a_finding_says_who_and_whose);
    tcase_add_test(tests, what_lies_in_the_pool_is_nobodys_since_no_step);
    tcase_add_test(tests, new_memory_has_no_past);
    tcase_add_test(tests, findings_are_called_by_the_names_of_the_memory);
    tcase_add_test(tests, what_no_pool_has_given_cannot_be_put);
    tcase_add_test(tests, a_request_has_what_it_has_not_put);
    tcase_add_test(tests, requests_of_one_name_are_one);
    tcase_add_test(tests, an_execution_knows_nothing_of_the_one_before);
    tcase_add_test(tests, requests_end_at_their_limit);
    tcase_add_test(tests, objects_end_at_their_limit);
    tcase_add_test(
        tests, findings_beyond_the_limit_are_not_kept_but_their_kind_is_known);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void) {
    SRunner *runner = srunner_create(owner_suite());
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed > 0;
}
