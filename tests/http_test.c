// http_test.c - the server as a client sees it, over real sockets.
//
// Each test has an engine of its own, on any free port, in a thread; and after
// each there are as many open descriptors as before.
#include "server/context.h"
#include "server/engine.h"
#include "server/http.h"
#include "server/job.h"
#include "server/server.h"

#include <arpa/inet.h>
#include <check.h>
#include <dirent.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PIPELINE = 5000 };

static struct engine *engine;
static uv_thread_t thread;
static int descriptors;
static uv_sem_t held, let_go; // what /held says, and what it waits for

// --- handlers ---------------------------------------------------------------

static void test(struct context *c) {
    context_message(c, 200, "test success");
}

static void length(struct context *c) {
    context_json(
        c, 200,
        json_pack("{s:I}", "bytes", (json_int_t)c->request->body_bytes));
}

// Says whether a key was there, and sets it.
static void key(struct context *c) {
    int64_t value = 0;

    bool was_there = context_get(c, "key", &value);
    context_set(c, "key", 1);
    context_message(c, 200, was_there ? "there" : "missing");
}

static void param(struct context *c) {
    context_message(c, 200, context_param(c, "name"));
}

static void header(struct context *c) {
    ck_assert_int_eq(context_header(c, "X-Bad", "a\r\nSet-Cookie: b"),
                     UV_EINVAL);
    ck_assert_int_eq(context_header(c, "X-Good", "yes"), 0);
    context_message(c, 201, c->id);
}

static void sleep_a_little(uv_work_t *work) {
    (void)work;
    uv_sleep(30);
}

static void wait_until_let_go(uv_work_t *work) {
    (void)work;
    uv_sem_post(&held);
    uv_sem_wait(&let_go);
}

static void answer_late(uv_work_t *work, int status) {
    struct context *c = work->data;

    ck_assert_int_eq(status, 0);
    context_message(c, 200, "late");
    free(work);
    context_finish(c);
}

static void answer_after(struct context *c, uv_work_cb wait) {
    uv_work_t *work = malloc(sizeof *work);

    work->data = c;
    context_hold(c);
    uv_queue_work(&c->server->loop, work, wait, answer_late);
}

static void late(struct context *c) {
    answer_after(c, sleep_a_little);
}

static void hold(struct context *c) {
    answer_after(c, wait_until_let_go);
}

static void guard(struct context *c) {
    if (http_header(c->request, "X-Pass") != NULL) {
        context_next(c);
        context_header(c, "X-Guard", "after");
        return;
    }
    context_message(c, 403, "no pass");
    context_abort(c);
}

// --- the engine -------------------------------------------------------------

static int count_descriptors(void) {
    DIR *folder = opendir("/proc/self/fd");
    int count = 0;

    while (readdir(folder) != NULL)
        count++;
    closedir(folder);
    return count;
}

static void run_engine(void *argument) {
    engine_run(argument);
}

static void start(unsigned loops) {
    engine = engine_new(&(struct engine_options){
        .host = "localhost", .loops = loops, .is_quiet = true});
    struct router_group *root = engine_root(engine);
    router_handle(root, "GET", "/test", test);
    router_handle(root, "POST", "/length", length);
    router_handle(root, "GET", "/key", key);
    router_handle(root, "GET", "/late", late);
    router_handle(root, "GET", "/held", hold);
    router_handle(root, "GET", "/hello/:name", param);
    router_handle(root, "GET", "/header", header);
    struct router_group guarded = router_group(root, "/guarded");
    router_use(&guarded, guard);
    router_handle(&guarded, "GET", "/test", test);
    ck_assert_int_eq(engine_listen(engine), 0);
    ck_assert_int_eq(uv_thread_create(&thread, run_engine, engine), 0);
}

static void stop(void) {
    engine_stop(engine);
    uv_thread_join(&thread);
    engine_free(engine);
}

static void set_up(void) {
    uv_loop_t loop;

    // The first loop of a process opens descriptors that stay.
    uv_loop_init(&loop);
    uv_loop_close(&loop);
    descriptors = count_descriptors();
    start(1);
}

static void tear_down(void) {
    stop();
    ck_assert_int_eq(count_descriptors(), descriptors);
}

// --- a client ---------------------------------------------------------------

static int dial(void) {
    struct timeval patience = {.tv_sec = 10};
    struct sockaddr_in address = {.sin_family = AF_INET};
    int client = socket(AF_INET, SOCK_STREAM, 0);
    int on = 1;

    setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    address.sin_port = htons((uint16_t)engine_port(engine));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    ck_assert_int_eq(
        connect(client, (struct sockaddr *)&address, sizeof address), 0);
    return client;
}

// Sends as much as the other side takes.
static void push(int client, const char *bytes, size_t count) {
    while (count > 0) {
        ssize_t sent = send(client, bytes, count, MSG_NOSIGNAL);
        if (sent <= 0)
            return;
        bytes += sent;
        count -= (size_t)sent;
    }
}

static void say(int client, const char *text) {
    push(client, text, strlen(text));
}

// Reads one answer, head and then body if it `has_body`. False at the end.
static bool hear(int client, bool has_body, char *answer, size_t bytes) {
    size_t used = 0;

    while (used + 1 < bytes && recv(client, answer + used, 1, 0) == 1) {
        answer[++used] = '\0';
        if (used < 4 || strcmp(answer + used - 4, "\r\n\r\n") != 0)
            continue;
        size_t body = strtoul(strstr(answer, "Length: ") + 8, NULL, 10);
        ck_assert_uint_lt(used + body, bytes);
        if (has_body && body > 0)
            ck_assert_int_eq(recv(client, answer + used, body, MSG_WAITALL),
                             (ssize_t)body);
        answer[used + (has_body ? body : 0)] = '\0';
        return true;
    }
    ck_assert_uint_eq(used, 0); // else it was cut off
    return false;
}

// The next answer begins with that status and holds that text.
static void expect(int client, int status, const char *text) {
    char answer[2048];
    char line[32];

    ck_assert(hear(client, true, answer, sizeof answer));
    snprintf(line, sizeof line, "HTTP/1.1 %d ", status);
    ck_assert_msg(strncmp(answer, line, strlen(line)) == 0, "%d: %s", status,
                  answer);
    ck_assert_msg(strstr(answer, text) != NULL, "%s: %s", text, answer);
}

static void expect_end(int client) {
    char answer[2048];

    ck_assert(!hear(client, true, answer, sizeof answer));
    close(client);
}

// One request on a connection of its own, which the server then closes.
static void refused(const char *request, int status) {
    int client = dial();

    say(client, request);
    expect(client, status, "Connection: close\r\n");
    expect_end(client);
}

static void still_serves(void) {
    int client = dial();

    say(client, "GET /test HTTP/1.1\r\n\r\n");
    expect(client, 200, "{\"message\":\"test success\"}");
    close(client);
}

// --- reading requests -------------------------------------------------------

static const char whole[] = "POST /length?a=%20b HTTP/1.1\r\n"
                            "Host: localhost\r\n"
                            "X-Empty:\r\n"
                            "X-Request-Id:  A \r\n"
                            "Transfer-Encoding: chunked\r\n"
                            "\r\n"
                            "5;x=y\r\nhello\r\n"
                            "1\r\n!\r\n"
                            "0\r\nX-Trailer: t\r\n\r\n";

static void check_whole(const struct http_request *request) {
    ck_assert_str_eq(request->method, "POST");
    ck_assert_str_eq(request->path, "/length");
    ck_assert_str_eq(request->query, "a=%20b");
    ck_assert_str_eq(http_header(request, "host"), "localhost");
    ck_assert_str_eq(http_header(request, "x-empty"), "");
    ck_assert_str_eq(http_header(request, "x-request-id"), "A");
    ck_assert_ptr_null(http_header(request, "x-trailer"));
    ck_assert_uint_eq(request->header_count, 4);
    ck_assert_uint_eq(request->body_bytes, 6);
    ck_assert_mem_eq(request->body, "hello!", 6);
    ck_assert(request->keep_alive);
}

START_TEST(a_request_is_the_same_wherever_it_is_cut) {
    struct http_parser *parser = calloc(1, sizeof *parser);
    size_t used, last = sizeof whole - 2;

    http_init(parser);
    for (size_t cut = 1; cut <= last; cut++) {
        ck_assert_int_eq(http_feed(parser, whole, cut, &used), HTTP_MORE);
        ck_assert_int_eq(http_feed(parser, whole + cut, last + 1 - cut, &used),
                         HTTP_COMPLETE);
        ck_assert_uint_eq(used, last + 1 - cut);
        check_whole(&parser->request);
        http_next(parser);
    }
    for (size_t i = 0; i < last; i++)
        ck_assert_int_eq(http_feed(parser, whole + i, 1, &used), HTTP_MORE);
    ck_assert_int_eq(http_feed(parser, whole + last, 1, &used), HTTP_COMPLETE);
    check_whole(&parser->request);
    http_done(parser);
    free(parser);
}
END_TEST

// Each makes the parser's text move, sooner or later.
START_TEST(headers_stay_what_they_are_while_others_come) {
    enum { COUNT = 60 };
    struct http_parser *parser = calloc(1, sizeof *parser);
    const char *line = "GET /a HTTP/1.1\r\n", *end = "\r\n";
    char header[160];
    size_t used;

    http_init(parser);
    ck_assert_int_eq(http_feed(parser, line, strlen(line), &used), HTTP_MORE);
    for (int i = 0; i < COUNT; i++) {
        snprintf(header, sizeof header, "X-%02d: %0100d\r\n", i, i);
        ck_assert_int_eq(http_feed(parser, header, strlen(header), &used),
                         HTTP_MORE);
    }
    ck_assert_int_eq(http_feed(parser, end, strlen(end), &used), HTTP_COMPLETE);
    ck_assert_str_eq(parser->request.path, "/a");
    ck_assert_uint_eq(parser->request.header_count, COUNT);
    for (int i = 0; i < COUNT; i++) {
        snprintf(header, sizeof header, "X-%02d", i);
        ck_assert_int_eq(atoi(http_header(&parser->request, header)), i);
    }
    http_done(parser);
    free(parser);
}
END_TEST

START_TEST(a_request_that_comes_in_pieces_is_answered) {
    int client = dial();

    for (size_t cut = 1; cut < sizeof whole - 1; cut++) {
        push(client, whole, cut);
        uv_sleep(1);
        push(client, whole + cut, sizeof whole - 1 - cut);
        expect(client, 200, "{\"bytes\":6}");
    }
    close(client);
}
END_TEST

START_TEST(paths_are_decoded) {
    int client = dial();

    say(client, "GET /h%65llo/a%20%E4%B8%AD HTTP/1.1\r\n\r\n"
                "GET http://localhost/hello/b?c HTTP/1.1\r\n\r\n"
                "GET http://localhost HTTP/1.1\r\n\r\n");
    expect(client, 200, "{\"message\":\"a 中\"}");
    expect(client, 200, "{\"message\":\"b\"}");
    expect(client, 404, "not found");
    close(client);
    refused("GET /hello/%00 HTTP/1.1\r\n\r\n", 400);
    refused("GET /hello/%zz HTTP/1.1\r\n\r\n", 400);
    refused("GET /hello/% HTTP/1.1\r\n\r\n", 400);
}
END_TEST

// The answer's body is of as many bytes, and 14 more.
START_TEST(an_answer_is_whole_however_long) {
    static const int lengths[] = {1, 241, 242, 243, 1000, 1800};
    char request[2100], body[2100];
    int client = dial();

    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        sprintf(request, "GET /hello/%0*d HTTP/1.1\r\n\r\n", lengths[i], 7);
        sprintf(body, "{\"message\":\"%0*d\"}", lengths[i], 7);
        say(client, request);
        expect(client, 200, body);
    }
    close(client);
}
END_TEST

START_TEST(what_is_malformed_is_400) {
    static const char *const bad[] = {
        "\x16\x03\x01\x02",
        "GET\r\n\r\n",
        "FETCH / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nno colon\r\n\r\n",
        "GET / HTTP/1.1\r\nA: b\x01\r\n\r\n",
        "GET / HTTP/1.1\r\n : b\r\n\r\n",
        "GET /\x01 HTTP/1.1\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
        ("POST / HTTP/1.1\r\nContent-Length: 1\r\n"
         "Transfer-Encoding: chunked\r\n\r\n"),
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nz\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n",
    };

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        refused(bad[i], 400);
    still_serves();
}
END_TEST

START_TEST(other_versions_are_505) {
    refused("GET / HTTP/2.0\r\n\r\n", 505);
    refused("GET / HTTP/0.9\r\n\r\n", 505);
    refused("GET / HTTP/7.7\r\n\r\n", 505);
}
END_TEST

START_TEST(a_tunnel_is_refused_and_an_upgrade_is_not_taken) {
    int client = dial();

    refused("CONNECT localhost:80 HTTP/1.1\r\n\r\n", 501);
    say(client, "GET /test HTTP/1.1\r\nConnection: Upgrade\r\n"
                "Upgrade: websocket\r\n\r\n"
                "GET /test HTTP/1.1\r\n\r\n");
    expect(client, 200, "test success");
    expect(client, 200, "test success");
    close(client);
}
END_TEST

// --- limits -----------------------------------------------------------------

// Sends `before`, then `count` times `unit`, then `after`.
static void refused_after(const char *before, size_t count, const char *unit,
                          const char *after, int status) {
    int client = dial();

    say(client, before);
    for (size_t i = 0; i < count; i++)
        say(client, unit);
    say(client, after);
    expect(client, status, "Connection: close\r\n");
    shutdown(client, SHUT_WR);
    expect_end(client);
}

START_TEST(an_url_that_is_too_long_is_414) {
    refused_after("GET /", 100, "0123456789012345678901234567890123456789012",
                  " HTTP/1.1\r\n\r\n", 414);
    still_serves();
}
END_TEST

START_TEST(headers_that_are_too_many_or_too_long_are_431) {
    const char *get = "GET /test HTTP/1.1\r\n";

    refused_after(get, HEADERS_MAX + 1, "A: b\r\n", "\r\n", 431);
    refused_after(get, 30,
                  "X-Header: 0123456789012345678901234567890123456789"
                  "01234567890123456789012345678901234567890123456789012345678"
                  "01234567890123456789012345678901234567890123456789012345678"
                  "01234567890123456789012345678901234567890123456789012345678"
                  "01234567890123456789012345678901234567890123456789012345678"
                  "\r\n",
                  "\r\n", 431);
    still_serves();
}
END_TEST

START_TEST(a_body_that_is_too_long_is_413_and_the_client_is_told) {
    static char kilobyte[1025];

    memset(kilobyte, 'x', 1024);
    refused_after("POST /length HTTP/1.1\r\nContent-Length: 2097152\r\n\r\n",
                  2048, kilobyte, "", 413);
    still_serves();
}
END_TEST

START_TEST(a_chunked_body_that_is_too_long_is_413) {
    static char chunk[1100];

    memset(chunk, 'x', 1029);
    memcpy(chunk, "400\r\n", 5);
    strcpy(chunk + 1029, "\r\n");
    refused_after("POST /length HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
                  2048, chunk, "", 413);
    still_serves();
}
END_TEST

START_TEST(a_body_of_the_greatest_length_is_taken) {
    char *body = malloc(BODY_BYTES_MAX);
    int client = dial();

    memset(body, 'x', BODY_BYTES_MAX);
    say(client, "POST /length HTTP/1.1\r\nContent-Length: 1048576\r\n\r\n");
    push(client, body, BODY_BYTES_MAX);
    expect(client, 200, "{\"bytes\":1048576}");
    close(client);
    free(body);
}
END_TEST

START_TEST(a_client_that_waits_before_its_body_is_told_to_go_on) {
    static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
    char heard[sizeof go_on] = "";
    int client = dial();

    say(client, "POST /length HTTP/1.1\r\nContent-Length: 5\r\n"
                "Expect: 100-continue\r\n\r\n");
    recv(client, heard, sizeof go_on - 1, MSG_WAITALL);
    ck_assert_str_eq(heard, go_on);
    say(client, "hello");
    expect(client, 200, "{\"bytes\":5}");
    say(client, "POST /length HTTP/1.1\r\nContent-Length: 5\r\n"
                "Expect: 100-continue\r\n\r\nhello");
    expect(client, 200, "{\"bytes\":5}");
    close(client);
}
END_TEST

// --- connections ------------------------------------------------------------

START_TEST(a_connection_is_kept_until_the_client_says_otherwise) {
    int client = dial();

    for (int i = 0; i < 10; i++) {
        say(client, "GET /test HTTP/1.1\r\n\r\n");
        expect(client, 200, "test success");
    }
    say(client, "GET /test HTTP/1.1\r\nConnection: close\r\n\r\n"
                "GET /test HTTP/1.1\r\n\r\n");
    expect(client, 200, "Connection: close\r\n");
    expect_end(client);
}
END_TEST

START_TEST(http_1_0_is_closed_unless_it_asks_to_be_kept) {
    int client = dial();

    say(client, "GET /test HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    expect(client, 200, "Connection: keep-alive\r\n");
    say(client, "GET /test HTTP/1.0\r\n\r\n");
    expect(client, 200, "Connection: close\r\n");
    expect_end(client);
}
END_TEST

START_TEST(a_head_has_the_length_and_no_body) {
    char answer[1024];
    int client = dial();

    say(client, "HEAD /test HTTP/1.1\r\n\r\nGET /test HTTP/1.1\r\n\r\n");
    ck_assert(hear(client, false, answer, sizeof answer));
    ck_assert_ptr_nonnull(strstr(answer, "Content-Length: 26\r\n"));
    expect(client, 200, "test success");
    close(client);
}
END_TEST

static void send_pipeline(void *argument) {
    const int *client = argument;

    for (int i = 0; i < PIPELINE / 2; i++)
        say(*client, "GET /hello/a HTTP/1.1\r\n\r\n"
                     "GET /hello/b HTTP/1.1\r\n\r\n");
}

START_TEST(a_hundred_requests_in_one_write_are_answered_in_order) {
    char requests[100 * 32] = "";
    char body[32];
    int client = dial();

    for (int i = 0; i < 100; i++)
        sprintf(requests + strlen(requests), "GET /hello/%d HTTP/1.1\r\n\r\n",
                i);
    say(client, requests);
    for (int i = 0; i < 100; i++) {
        sprintf(body, "{\"message\":\"%d\"}", i);
        expect(client, 200, body);
    }
    close(client);
}
END_TEST

START_TEST(a_client_that_is_slow_to_read_loses_nothing) {
    uv_thread_t sender;
    int client = dial();

    uv_thread_create(&sender, send_pipeline, &client);
    uv_sleep(100); // the server has more answers than it may owe
    for (int i = 0; i < PIPELINE; i++)
        expect(client, 200, i % 2 == 0 ? ":\"a\"}" : ":\"b\"}");
    uv_thread_join(&sender);
    close(client);
}
END_TEST

START_TEST(an_answer_that_is_late_holds_back_those_behind_it) {
    int client = dial();

    say(client, "GET /late HTTP/1.1\r\n\r\nGET /test HTTP/1.1\r\n\r\n"
                "GET /late HTTP/1.1\r\n\r\nGET /test HTTP/1.1\r\n\r\n");
    for (int i = 0; i < 2; i++) {
        expect(client, 200, "late");
        expect(client, 200, "test success");
    }
    close(client);
}
END_TEST

START_TEST(a_late_answer_does_not_keep_others_waiting) {
    int slow = dial();

    say(slow, "GET /held HTTP/1.1\r\n\r\n");
    uv_sem_wait(&held);
    still_serves();
    uv_sem_post(&let_go);
    expect(slow, 200, "late");
    close(slow);
}
END_TEST

START_TEST(a_client_that_has_said_all_is_still_answered) {
    int client = dial();

    say(client, "GET /late HTTP/1.1\r\n\r\nGET /test HTTP/1.1\r\n\r\n");
    shutdown(client, SHUT_WR);
    expect(client, 200, "late");
    expect(client, 200, "test success");
    expect_end(client);
}
END_TEST

START_TEST(a_client_may_leave_at_any_byte) {
    struct linger now = {.l_onoff = 1};

    for (size_t cut = 0; cut < sizeof whole; cut++) {
        int client = dial();
        push(client, whole, cut);
        if (cut % 2 == 0) // by a reset
            setsockopt(client, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        close(client);
    }
    still_serves();
}
END_TEST

START_TEST(a_client_may_leave_while_its_handler_is_at_work) {
    struct linger now = {.l_onoff = 1};

    for (int i = 0; i < 20; i++) {
        int client = dial();
        say(client, "GET /late HTTP/1.1\r\n\r\nGET /test HTTP/1.1\r\n\r\n");
        if (i % 2 == 0)
            setsockopt(client, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        uv_sleep(2);
        close(client);
    }
    still_serves();
}
END_TEST

START_TEST(random_bytes_do_no_harm) {
    unsigned seed = 2025;
    char bytes[600];

    for (int round = 0; round < 500; round++) {
        size_t count = 1 + (size_t)rand_r(&seed) % sizeof bytes;
        // Half of them begin well and go wrong somewhere.
        size_t good = round % 2 == 0 ? 0 : (size_t)rand_r(&seed) % 100;
        for (size_t i = 0; i < count; i++)
            bytes[i] = i < good ? whole[i] : (char)rand_r(&seed);
        int client = dial();
        push(client, bytes, count);
        close(client);
    }
    still_serves();
}
END_TEST

// --- handlers ---------------------------------------------------------------

START_TEST(an_unknown_path_is_404_and_another_method_405) {
    int client = dial();

    say(client, "GET /nowhere HTTP/1.1\r\n\r\n"
                "POST /test HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc"
                "OPTIONS * HTTP/1.1\r\n\r\n");
    expect(client, 404, "{\"message\":\"not found\"}");
    expect(client, 405, "Allow: GET, HEAD\r\n");
    expect(client, 404, "not found");
    close(client);
}
END_TEST

START_TEST(a_context_is_cleared_before_its_next_request) {
    int client = dial();

    for (int i = 0; i < 3; i++) {
        say(client, "GET /key HTTP/1.1\r\n\r\n");
        expect(client, 200, "missing");
    }
    close(client);
}
END_TEST

START_TEST(a_middleware_may_stop_the_chain) {
    int client = dial();

    say(client, "GET /guarded/test HTTP/1.1\r\n\r\n"
                "GET /guarded/test HTTP/1.1\r\nX-Pass: 1\r\n\r\n");
    expect(client, 403, "no pass");
    expect(client, 200, "X-Guard: after\r\n");
    close(client);
}
END_TEST

START_TEST(a_request_is_called_what_the_client_calls_it_or_by_number) {
    int client = dial();

    say(client, "GET /header HTTP/1.1\r\n\r\n"
                "GET /header HTTP/1.1\r\nX-Request-Id: A b\r\n\r\n"
                "GET /header HTTP/1.1\r\n\r\n");
    expect(client, 201, "{\"message\":\"1\"}");
    expect(client, 201, "{\"message\":\"A_b\"}");
    expect(client, 201, "X-Good: yes\r\n");
    close(client);
}
END_TEST

START_TEST(keys_have_limits_and_a_copy_has_a_life_of_its_own) {
    struct server server = {.engine = engine};
    struct context *c = context_new(&server);
    int64_t value = 0;
    char name[8];

    for (int i = 0; i < KEYS_MAX; i++) {
        sprintf(name, "key%d", i);
        ck_assert_int_eq(context_set(c, name, i), 0);
    }
    ck_assert_int_eq(context_set(c, "more", 1), UV_ENOSPC);
    ck_assert_int_eq(context_set(c, "key3", 33), 0);
    ck_assert_int_eq(context_set(c, "a name of more than thirty-one bytes", 1),
                     UV_ENAMETOOLONG);

    struct context *copy = context_copy(c);
    context_reset(c);
    ck_assert(!context_get(c, "key3", &value));
    ck_assert(context_get(copy, "key3", &value));
    ck_assert_int_eq(value, 33);
    context_free(copy);
    context_free(c);
}
END_TEST

// --- engines ----------------------------------------------------------------

START_TEST(a_stop_closes_who_is_idle_and_answers_who_waits) {
    int idle = dial(), half = dial(), busy = dial();

    say(idle, "GET /test HTTP/1.1\r\n\r\n");
    expect(idle, 200, "test success");
    say(half, "GET /te");
    say(busy, "GET /held HTTP/1.1\r\n\r\nGET /test HTTP/1.1\r\n\r\n");
    uv_sem_wait(&held);
    engine_stop(engine);
    engine_stop(engine); // twice is once
    expect_end(idle);
    expect_end(half);
    uv_sem_post(&let_go); // only now: an answer before the stop says no close
    expect(busy, 200, "Connection: close\r\n");
    expect_end(busy);
}
END_TEST

START_TEST(a_second_engine_is_like_the_first) {
    stop();
    for (int i = 0; i < 3; i++) {
        start(1);
        int client = dial();
        say(client, "GET /header HTTP/1.1\r\n\r\n");
        expect(client, 201, "{\"message\":\"1\"}");
        close(client);
        stop();
    }
    start(1);
}
END_TEST

START_TEST(several_loops_share_a_port) {
    stop();
    start(4);
    for (int i = 0; i < 50; i++)
        still_serves();
}
END_TEST

START_TEST(a_port_that_is_taken_is_an_error_with_any_number_of_loops) {
    for (unsigned first = 1; first <= 2; first++) {
        stop();
        start(first);
        for (unsigned loops = 1; loops <= 2; loops++) {
            struct engine *other =
                engine_new(&(struct engine_options){.host = "127.0.0.1",
                                                    .port = engine_port(engine),
                                                    .loops = loops});
            ck_assert_int_eq(engine_listen(other), UV_EADDRINUSE);
            engine_free(other);
        }
    }
}
END_TEST

static void wait_for(void *semaphore) {
    uv_sem_wait(semaphore);
}

START_TEST(jobs_have_a_limit_and_those_that_ended_make_room) {
    struct job_table table;
    uv_sem_t semaphore;

    uv_sem_init(&semaphore, 0);
    job_table_init(&table);
    for (int i = 0; i < JOBS_MAX; i++)
        ck_assert_int_eq(job_start(&table, wait_for, &semaphore), 0);
    ck_assert_uint_eq(job_pending(&table), JOBS_MAX);
    ck_assert_int_eq(job_start(&table, wait_for, &semaphore), UV_EAGAIN);
    for (int i = 0; i < JOBS_MAX + 1; i++)
        uv_sem_post(&semaphore);
    while (job_pending(&table) > 0)
        uv_sleep(1);
    ck_assert_int_eq(job_start(&table, wait_for, &semaphore), 0);
    ck_assert_uint_eq(table.count, 1);
    job_table_done(&table);
    uv_sem_destroy(&semaphore);
}
END_TEST

static TCase *requests(void) {
    TCase *tests = tcase_create("requests");

    tcase_add_test(tests, a_request_is_the_same_wherever_it_is_cut);
    tcase_add_test(tests, headers_stay_what_they_are_while_others_come);
    tcase_add_test(tests, a_request_that_comes_in_pieces_is_answered);
    tcase_add_test(tests, paths_are_decoded);
    tcase_add_test(tests, an_answer_is_whole_however_long);
    tcase_add_test(tests, what_is_malformed_is_400);
    tcase_add_test(tests, other_versions_are_505);
    tcase_add_test(tests, a_tunnel_is_refused_and_an_upgrade_is_not_taken);
    tcase_add_test(tests, an_url_that_is_too_long_is_414);
    tcase_add_test(tests, headers_that_are_too_many_or_too_long_are_431);
    tcase_add_test(tests,
                   a_body_that_is_too_long_is_413_and_the_client_is_told);
    tcase_add_test(tests, a_chunked_body_that_is_too_long_is_413);
    tcase_add_test(tests, a_body_of_the_greatest_length_is_taken);
    tcase_add_test(tests, a_client_that_waits_before_its_body_is_told_to_go_on);
    return tests;
}

static TCase *connections(void) {
    TCase *tests = tcase_create("connections");

    tcase_add_test(tests, a_connection_is_kept_until_the_client_says_otherwise);
    tcase_add_test(tests, http_1_0_is_closed_unless_it_asks_to_be_kept);
    tcase_add_test(tests, a_head_has_the_length_and_no_body);
    tcase_add_test(tests,
                   a_hundred_requests_in_one_write_are_answered_in_order);
    tcase_add_test(tests, a_client_that_is_slow_to_read_loses_nothing);
    tcase_add_test(tests, an_answer_that_is_late_holds_back_those_behind_it);
    tcase_add_test(tests, a_late_answer_does_not_keep_others_waiting);
    tcase_add_test(tests, a_client_that_has_said_all_is_still_answered);
    tcase_add_test(tests, a_client_may_leave_at_any_byte);
    tcase_add_test(tests, a_client_may_leave_while_its_handler_is_at_work);
    tcase_add_test(tests, random_bytes_do_no_harm);
    return tests;
}

static TCase *handlers(void) {
    TCase *tests = tcase_create("handlers");

    tcase_add_test(tests, an_unknown_path_is_404_and_another_method_405);
    tcase_add_test(tests, a_context_is_cleared_before_its_next_request);
    tcase_add_test(tests, a_middleware_may_stop_the_chain);
    tcase_add_test(tests,
                   a_request_is_called_what_the_client_calls_it_or_by_number);
    tcase_add_test(tests, keys_have_limits_and_a_copy_has_a_life_of_its_own);
    return tests;
}

static TCase *engines(void) {
    TCase *tests = tcase_create("engines");

    tcase_add_test(tests, a_stop_closes_who_is_idle_and_answers_who_waits);
    tcase_add_test(tests, a_second_engine_is_like_the_first);
    tcase_add_test(tests, several_loops_share_a_port);
    tcase_add_test(tests,
                   a_port_that_is_taken_is_an_error_with_any_number_of_loops);
    tcase_add_test(tests, jobs_have_a_limit_and_those_that_ended_make_room);
    return tests;
}

Suite *http_suite(void);

Suite *http_suite(void) {
    Suite *suite = suite_create("http");
    TCase *all[] = {requests(), connections(), handlers(), engines()};

    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        tcase_add_checked_fixture(all[i], set_up, tear_down);
        tcase_set_timeout(all[i], 60);
        suite_add_tcase(suite, all[i]);
    }
    return suite;
}

int main(void) {
    SRunner *runner = srunner_create(http_suite());

    uv_sem_init(&held, 0);
    uv_sem_init(&let_go, 0);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    uv_sem_destroy(&held);
    uv_sem_destroy(&let_go);
    return failed > 0;
}
