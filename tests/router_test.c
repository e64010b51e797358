// router_test.c - which route takes a request, and what it makes of the path.
#include "server/router.h"

#include <check.h>
#include <stdlib.h>
#include <uv.h>

static struct router router;
static struct router_group root;

// Handlers are only compared here, never run.
static void first(struct context *c) {
    (void)c;
}

static void second(struct context *c) {
    (void)c;
}

static void third(struct context *c) {
    (void)c;
}

static void set_up(void) {
    router_init(&router);
    root = router_root(&router);
}

static void tear_down(void) {
    router_done(&router);
}

static int add(const char *method, const char *path) {
    return router_handle(&root, method, path, first);
}

static const char *found(const char *method, const char *path) {
    struct router_match match = router_find(&router, method, path);

    return match.route != NULL ? match.route->pattern : "none";
}

START_TEST(text_matches_itself_and_nothing_else) {
    add("GET", "/users/me");
    ck_assert_str_eq(found("GET", "/users/me"), "/users/me");
    ck_assert_str_eq(found("GET", "/users"), "none");
    ck_assert_str_eq(found("GET", "/users/me/"), "none");
    ck_assert_str_eq(found("GET", "/users/me2"), "none");
    ck_assert_str_eq(found("GET", "/users/m"), "none");
    ck_assert_str_eq(found("GET", "*"), "none");
    ck_assert_str_eq(found("GET", ""), "none");
}
END_TEST

START_TEST(a_param_takes_one_segment_that_is_not_empty) {
    add("GET", "/users/:id/posts");
    ck_assert_str_eq(found("GET", "/users/7/posts"), "/users/:id/posts");
    ck_assert_str_eq(found("GET", "/users//posts"), "none");
    ck_assert_str_eq(found("GET", "/users/7/8/posts"), "none");
}
END_TEST

START_TEST(a_wildcard_takes_the_rest_even_when_empty) {
    add("GET", "/files/*path");
    ck_assert_str_eq(found("GET", "/files/a/b"), "/files/*path");
    ck_assert_str_eq(found("GET", "/files/"), "/files/*path");
    ck_assert_str_eq(found("GET", "/files"), "none");
}
END_TEST

START_TEST(the_most_exact_route_wins_in_whatever_order_they_came) {
    add("GET", "/*all");
    add("GET", "/users/:id");
    add("GET", "/users/me");
    add("GET", "/:kind/me");
    ck_assert_str_eq(found("GET", "/users/me"), "/users/me");
    ck_assert_str_eq(found("GET", "/users/7"), "/users/:id");
    ck_assert_str_eq(found("GET", "/groups/me"), "/:kind/me");
    ck_assert_str_eq(found("GET", "/groups/7"), "/*all");
}
END_TEST

START_TEST(a_path_that_dead_ends_in_text_still_finds_a_param) {
    add("GET", "/users/me/keys");
    add("GET", "/users/:id/posts");
    ck_assert_str_eq(found("GET", "/users/me/posts"), "/users/:id/posts");
}
END_TEST

START_TEST(params_are_cut_out_of_the_path) {
    struct router_params params;
    const char *path = "/u/ann/files/a/b";

    add("GET", "/u/:name/files/*path");
    struct router_match match = router_find(&router, "GET", path);
    router_params(match.route, path, &params);
    ck_assert_uint_eq(params.count, 2);
    ck_assert_str_eq(params.entries[0].name, "name");
    ck_assert_str_eq(params.text + params.entries[0].value, "ann");
    ck_assert_str_eq(params.entries[1].name, "path");
    ck_assert_str_eq(params.text + params.entries[1].value, "/a/b");
}
END_TEST

START_TEST(an_unknown_path_is_404) {
    add("GET", "/test");
    struct router_match match = router_find(&router, "GET", "/nowhere");
    ck_assert_ptr_null(match.route);
    ck_assert_int_eq(match.status, 404);
    ck_assert_str_eq(match.allow, "");
}
END_TEST

START_TEST(a_known_path_with_another_method_is_405_and_says_which) {
    add("GET", "/items/:id");
    add("DELETE", "/items/:id");
    add("PUT", "/items/7");
    struct router_match match = router_find(&router, "POST", "/items/7");
    ck_assert_ptr_null(match.route);
    ck_assert_int_eq(match.status, 405);
    ck_assert_str_eq(match.allow, "GET, HEAD, DELETE, PUT");
}
END_TEST

START_TEST(a_head_is_a_get_unless_it_has_a_route_of_its_own) {
    add("GET", "/a");
    add("GET", "/b");
    router_handle(&root, "HEAD", "/b", second);
    ck_assert_str_eq(found("HEAD", "/a"), "/a");
    struct router_match match = router_find(&router, "HEAD", "/b");
    ck_assert(match.route->chain.handlers[0] == second);
}
END_TEST

START_TEST(a_group_brings_its_prefix_and_its_chain) {
    router_use(&root, first);
    struct router_group api = router_group(&root, "/api");
    router_use(&api, second);
    router_handle(&api, "GET", "/x", third);
    router_handle(&root, "GET", "/y", third);

    struct router_match match = router_find(&router, "GET", "/api/x");
    ck_assert_uint_eq(match.route->chain.count, 3);
    ck_assert(match.route->chain.handlers[0] == first);
    ck_assert(match.route->chain.handlers[1] == second);
    ck_assert(match.route->chain.handlers[2] == third);
    match = router_find(&router, "GET", "/y");
    ck_assert_uint_eq(match.route->chain.count, 2);
}
END_TEST

START_TEST(two_routes_for_the_same_requests_are_refused) {
    ck_assert_int_eq(add("GET", "/users/:id"), 0);
    ck_assert_int_eq(add("GET", "/users/:name"), UV_EEXIST);
    ck_assert_int_eq(add("POST", "/users/:name"), 0);
    ck_assert_int_eq(add("GET", "/users/*rest"), 0);
}
END_TEST

START_TEST(a_bad_pattern_is_refused) {
    static const char *const bad[] = {"",     "test",  "/:", "/a/:/b",
                                      "/a/*", "/*x/y", "/*/"};

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_int_eq(add("GET", bad[i]), UV_EINVAL);
    ck_assert_uint_eq(router.count, 0);
}
END_TEST

START_TEST(what_is_over_a_limit_is_refused) {
    char path[PATTERN_BYTES_MAX + 2] = "/";

    ck_assert_int_eq(add("GET", "/:a/:b/:c/:d/:e/:f/:g/:h/:i"), UV_ENOSPC);
    for (size_t i = 1; i <= PATTERN_BYTES_MAX; i++)
        path[i] = 'x';
    ck_assert_int_eq(add("GET", path), UV_ENOSPC);
    for (size_t i = 0; i <= SEGMENTS_MAX; i++)
        path[2 * i] = '/';
    path[2 * SEGMENTS_MAX + 2] = '\0';
    ck_assert_int_eq(add("GET", path), UV_ENOSPC);

    for (unsigned i = 0; i < CHAIN_MAX; i++)
        ck_assert_int_eq(router_use(&root, first), 0);
    ck_assert_int_eq(router_use(&root, first), UV_ENOSPC);
    ck_assert_int_eq(add("GET", "/x"), UV_ENOSPC);
}
END_TEST

START_TEST(a_prefix_that_is_too_long_does_not_become_another_route) {
    char prefix[PATTERN_BYTES_MAX + 100];

    for (size_t i = 0; i < sizeof prefix; i++)
        prefix[i] = i % 8 == 0 ? '/' : 'x';
    prefix[sizeof prefix - 1] = '\0';
    struct router_group group = router_group(&root, prefix);
    ck_assert_int_eq(router_handle(&group, "GET", "/x", first), UV_ENOSPC);
}
END_TEST

START_TEST(the_router_takes_routes_max_routes) {
    char path[8];

    for (int i = 0; i < ROUTES_MAX; i++) {
        snprintf(path, sizeof path, "/%d", i);
        ck_assert_int_eq(add("GET", path), 0);
    }
    ck_assert_int_eq(add("GET", "/more"), UV_ENOSPC);
}
END_TEST

Suite *router_suite(void);

Suite *router_suite(void) {
    Suite *suite = suite_create("router");
    TCase *tests = tcase_create("router");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, text_matches_itself_and_nothing_else);
    tcase_add_test(tests, a_param_takes_one_segment_that_is_not_empty);
    tcase_add_test(tests, a_wildcard_takes_the_rest_even_when_empty);
    tcase_add_test(tests,
                   the_most_exact_route_wins_in_whatever_order_they_came);
    tcase_add_test(tests, a_path_that_dead_ends_in_text_still_finds_a_param);
    tcase_add_test(tests, params_are_cut_out_of_the_path);
    tcase_add_test(tests, an_unknown_path_is_404);
    tcase_add_test(tests,
                   a_known_path_with_another_method_is_405_and_says_which);
    tcase_add_test(tests, a_head_is_a_get_unless_it_has_a_route_of_its_own);
    tcase_add_test(tests, a_group_brings_its_prefix_and_its_chain);
    tcase_add_test(tests, two_routes_for_the_same_requests_are_refused);
    tcase_add_test(tests, a_bad_pattern_is_refused);
    tcase_add_test(tests, what_is_over_a_limit_is_refused);
    tcase_add_test(tests,
                   a_prefix_that_is_too_long_does_not_become_another_route);
    tcase_add_test(tests, the_router_takes_routes_max_routes);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void) {
    SRunner *runner = srunner_create(router_suite());

    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed > 0;
}
