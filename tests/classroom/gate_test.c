// gate_test.c - what a submission may be made of, and what the student is told
// when it is made of something else.
#include "classroom/gate.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct gate_refusal refusal;

// "taken", or why it was not.
static const char *verdict_of(const char *source, size_t bytes) {
    memset(&refusal, 0, sizeof refusal);
    return gate_source(source, bytes, &refusal) ? "taken" : refusal.why;
}

static const char *verdict(const char *source) {
    return verdict_of(source, strlen(source));
}

// Refused for `why` at `line`, with `word` in both texts.
static void refused(const char *source, const char *why, int line,
                    const char *word) {
    ck_assert_str_eq(verdict(source), why);
    ck_assert_int_eq(refusal.line, line);
    ck_assert_msg(strstr(refusal.en, word) != NULL, "%s: %s", word, refusal.en);
    ck_assert_msg(strstr(refusal.zh, word) != NULL, "%s: %s", word, refusal.zh);
}

// Bytes.

START_TEST(a_source_is_text) {
    ck_assert_str_eq(verdict("int x; // 时间戳相同, naïve, 🙂\n"),
                     "taken");
    ck_assert_str_eq(verdict("int x;\r\nint y;\r\n"), "taken");
    ck_assert_str_eq(verdict_of("int\0 x;", 7), "text");
    ck_assert_str_eq(verdict("int \x1b[2J x;"), "text");
    ck_assert_str_eq(verdict("int x;\rint y;"), "text");
    ck_assert_str_eq(verdict("\x7f"
                             "ELF\x02\x01\x01"),
                     "text");
    refused("int x;\n// \xff", "text", 2, "UTF-8");
}
END_TEST

START_TEST(only_utf8_is_text) {
    static const char *const bad[] = {
        "\x80",         "\xc0\xaf",         "\xc3",
        "\xc3(",        "\xe0\x80\x80",     "\xed\xa0\x80",
        "\xe4\xb8",     "\xf0\x80\x80\x80", "\xf4\x90\x80\x80",
        "\xf5\x80\x80", "\xf0\x9f\x98",     NULL};
    char source[32];

    for (const char *const *at = bad; *at != NULL; at++) {
        snprintf(source, sizeof source, "// %s", *at);
        ck_assert_str_eq(verdict(source), "text");
    }
}
END_TEST

START_TEST(a_source_is_no_longer_than_a_handler_can_be) {
    static char source[GATE_SOURCE_BYTES_MAX + 2];

    memset(source, ' ', sizeof source);
    memcpy(source, "int x;", 6);
    ck_assert_str_eq(verdict_of(source, GATE_SOURCE_BYTES_MAX), "taken");
    ck_assert_str_eq(verdict_of(source, GATE_SOURCE_BYTES_MAX + 1), "size");
    ck_assert_int_eq(refusal.line, 0);
}
END_TEST

START_TEST(a_source_without_a_token_is_empty) {
    ck_assert_str_eq(verdict(""), "empty");
    ck_assert_str_eq(verdict(" \n\t// only\n/* words */"), "empty");
}
END_TEST

START_TEST(a_line_does_not_go_on_behind_a_backslash) {
    refused("int\n x \\\n;", "continued", 2, "");
    refused("// hidden \\ \t\r\n#pragma", "continued", 1, "");
    refused("int x;\\", "continued", 1, "");
    ck_assert_str_eq(verdict("char c = '\\\\';\nchar n = '\\n';"), "taken");
}
END_TEST

START_TEST(signs_are_written_as_themselves) {
    refused("int x;\n?\?=define y\n", "spelling", 2, "?\?=");
    refused("// ?\?/\nint x;", "spelling", 1, "?\?/");
    refused("%:define y", "spelling", 1, "%:");
    refused("int a<:1:>;", "spelling", 1, "<:");
    refused("int f(void) <% return 0; %>", "spelling", 1, "<%");
    ck_assert_str_eq(verdict("int f(int a) { return a ? a : 5 % 3; }"),
                     "taken");
}
END_TEST

START_TEST(another_alphabet_is_for_strings_and_comments) {
    refused("int x；", "character", 1, "U+FF1B");
    refused("int \xd0\xb0;", "character", 1, "U+0430");
    refused("int \xf0\x9f\x99\x82;", "character", 1, "U+1F642");
    refused("int $x;", "character", 1, "$");
    ck_assert_str_eq(verdict("char *s = \"；\"; // ；"), "taken");
}
END_TEST

START_TEST(comments_and_strings_end) {
    refused("int x;\n/* for ever\n\n", "comment", 2, "");
    refused("int x;\nchar *s = \"for ever\n;", "string", 2, "");
    refused("char c = '", "string", 1, "");
    refused("char *s = \"\\\"", "string", 1, "");
    ck_assert_str_eq(verdict("char *s = \"/* // \\\" '\"; /* \" ' */"),
                     "taken");
}
END_TEST

// Tokens.

START_TEST(of_directives_there_is_include_alone) {
    static const char *const bad[] = {
        "define", "undef",        "if",     "ifdef", "pragma", "line",
        "error",  "include_next", "import", "embed", "",       NULL};
    char source[64], word[32];

    for (const char *const *at = bad; *at != NULL; at++) {
        snprintf(source, sizeof source, "int x;\n # %s <stdio.h>", *at);
        snprintf(word, sizeof word, "#%s", *at);
        refused(source, "directive", 2, word);
    }
    refused("int x; #include <stdio.h>", "directive", 1, "#include");
    refused("/*\n*/ # /* */ include <stdio.h>", "directive", 2, "#");
    ck_assert_str_eq(verdict("/* \n */ # include <stdio.h> // yes\n"), "taken");
    ck_assert_str_eq(verdict("int x;\n#include <stdio.h>\n"), "taken");
}
END_TEST

START_TEST(headers_are_those_of_the_lab_and_of_c) {
    static const char *const good[] = {"<uv.h>",
                                       "<string.h>",
                                       "\"handlers/timestamp_job.h\"",
                                       "\"server/wallclock.h\"",
                                       "\"kit/letter_job.h\"",
                                       NULL};
    static const char *const bad[] = {"\"fix.c\"",
                                      "\"/dev/zero\"",
                                      "\"../server/server.h\"",
                                      "<unistd.h>",
                                      "<signal.h>",
                                      "<sys/ptrace.h>",
                                      "<stdio.h",
                                      "HEADER",
                                      "\"server/server.h",
                                      "\"server//job.h\"",
                                      "<setjmp.h>",
                                      "<racelab/program.h>",
                                      NULL};
    char source[96];

    for (const char *const *at = good; *at != NULL; at++) {
        snprintf(source, sizeof source, "#include %s\n", *at);
        ck_assert_str_eq(verdict(source), "taken");
    }
    for (const char *const *at = bad; *at != NULL; at++) {
        snprintf(source, sizeof source, "#include %s\n", *at);
        ck_assert_str_ne(verdict(source), "taken");
    }
    refused("\n#include <unistd.h>\n", "header", 2, "<unistd.h>");
}
END_TEST

START_TEST(names_of_the_compiler_are_its_own) {
    static const char *const bad[] = {
        "__attribute__", "__asm__",       "__typeof__",
        "_Pragma",       "_Thread_local", "__builtin_trap",
        "__COUNTER__",   "_Exit",         NULL};
    static const char *const good[] = {
        "_Atomic", "_Bool", "_Static_assert", "__func__", "_x", "x__", NULL};
    char source[64];

    for (const char *const *at = bad; *at != NULL; at++) {
        snprintf(source, sizeof source, "int x;\nint %s;", *at);
        refused(source, "reserved", 2, *at);
    }
    for (const char *const *at = good; *at != NULL; at++) {
        snprintf(source, sizeof source, "int x = %s;", *at);
        ck_assert_str_eq(verdict(source), "taken");
    }
}
END_TEST

START_TEST(a_submission_does_not_speak_to_the_harness) {
    static const char *const bad[] = {"racelab_point",
                                      "RACELAB_CONTROL",
                                      "POINT",
                                      "POINT_READ",
                                      "POINT_GET",
                                      "OUTCOME",
                                      "SAW",
                                      "NAMED",
                                      "main",
                                      "asm",
                                      "classroom_wallclock_ms",
                                      "AnnotateIgnoreSyncBegin",
                                      "__tsan_default_options",
                                      "x__sanitizer_set_death_callback",
                                      NULL};
    char source[64];

    for (const char *const *at = bad; *at != NULL; at++) {
        snprintf(source, sizeof source, "int x;\n\nint %s;", *at);
        refused(source, "harness", 3, *at);
    }
    // But of its own atomic fields.
    ck_assert_str_eq(verdict("f(POINT_STORE, POINT_LOAD, POINT_UPDATE);"),
                     "taken");
    ck_assert_str_eq(verdict("int outcome, point, named, mainly, tracelab;"),
                     "taken");
}
END_TEST

START_TEST(there_are_no_attributes) {
    refused("int x;\n[[gnu::constructor]] void f(void);", "attribute", 2, "[[");
    refused("[ /* */ [gnu::constructor]] void f(void);", "attribute", 1, "[[");
    ck_assert_str_eq(verdict("int f(int *a, int *b) { return a[b[0]]; }"),
                     "taken");
}
END_TEST

START_TEST(brackets_are_nested_as_deep_as_c_promises) {
    char source[200] = "int x = ";

    for (int i = 0; i < 64; i++)
        strcat(source, "(");
    ck_assert_str_eq(verdict(source), "taken");
    strcat(source, "(");
    refused(source, "nesting", 1, "64");
}
END_TEST

START_TEST(numbers_hide_nothing) {
    ck_assert_str_eq(verdict("double x = 0x1p+3 + 1.e-5 + .5e+1 + 1ull;"),
                     "taken");
    refused("int x = 1; int OUTCOME;", "harness", 1, "OUTCOME");
}
END_TEST

START_TEST(a_word_of_any_length_is_shown_in_part) {
    static char source[5000] = "#include \"";

    memset(source + 10, 'x', 4000);
    strcat(source, "\x7f\"");
    ck_assert_str_eq(verdict(source), "text");
    memset(source + 10, 'x', 4000);
    strcpy(source + 4010, "；\"\n");
    refused(source, "header", 1, "xxx");
    ck_assert_uint_lt(strlen(refusal.en), GATE_SAYS_BYTES_MAX);
    ck_assert_ptr_null(strstr(refusal.en, "；"));
    ck_assert_str_eq(strrchr(refusal.en, ' '), " them.");
}
END_TEST

// Random bytes, and a good source cut off at, and changed in, every place: the
// gate gives a verdict and reads nothing else (for AddressSanitizer to see).
START_TEST(any_bytes_get_a_verdict) {
    static const char good[] =
        "#include \"handlers/handlers.h\"\n"
        "// 注释\nstatic void handle(struct context *c) {\n"
        "    char *s = \"a\\\"b\", d = '\\'';\n"
        "    c->keys[0] = 0x1p+3; /* x */ }\n"
        "const struct handler x_handler = {.handle = handle};\n";
    unsigned state = 1;

    for (size_t cut = 0; cut < sizeof good; cut++) {
        char *source = malloc(cut + 1);

        memcpy(source, good, cut);
        verdict_of(source, cut);
        for (size_t at = 0; at < cut; at++) {
            source[at] =
                "\\\"'/*#?\n\xe4"[(state = state * 69069 + 1) >> 16 & 7];
            verdict_of(source, cut);
            source[at] = good[at];
        }
        for (size_t at = 0; at < cut; at++)
            source[at] = (char)((state = state * 69069 + 1) >> 24);
        verdict_of(source, cut);
        free(source);
    }
}
END_TEST

// Objects.

#define SECTIONS                                                               \
    "\nfix.o:     file format elf64-x86-64\n\nSections:\n"                     \
    "Idx Name  Size      VMA               LMA               File off  Algn  " \
    "Flags\n"                                                                  \
    "  0 .text 00000094  0000000000000000  0000000000000000  00000040  2**0  " \
    "CONTENTS, ALLOC, LOAD, RELOC, READONLY, CODE\n"                           \
    "  1 .data 00000000  0000000000000000  0000000000000000  000000d4  2**0  " \
    "CONTENTS, ALLOC, LOAD, DATA\n"
#define SECTION(name, size)                                                    \
    "  2 " name " " size "  0000000000000000  0000000000000000  000000d4  "    \
    "2**0  CONTENTS, ALLOC, LOAD, DATA\n"
#define SYMBOLS                                                                \
    "SYMBOL TABLE:\n0000000000000000 l    df *ABS*\t00000000 fix.c\n"
#define SYMBOL(flags, section, name)                                           \
    "0000000000000000 " flags " " section "\t0000000000000030 " name "\n"
#define HANDLER SYMBOL("g     O", ".data.rel.ro.local", "fix_handler")

static char handler[32];

static const char *object(const char *listing) {
    memset(&refusal, 0, sizeof refusal);
    return gate_object(listing, handler, sizeof handler, &refusal)
               ? "taken"
               : refusal.why;
}

START_TEST(an_object_gives_one_handler) {
    ck_assert_str_eq(object(SECTIONS SYMBOLS HANDLER), "taken");
    ck_assert_str_eq(handler, "fix_handler");
    ck_assert_str_eq(object(SECTIONS SYMBOLS), "handler");
    ck_assert_str_eq(object(""), "handler");
    ck_assert_str_eq(object(SECTIONS SYMBOLS HANDLER SYMBOL(
                         "g     O", ".data.rel.ro", "other_handler")),
                     "exported");
    ck_assert_str_eq(
        object(SECTIONS SYMBOLS SYMBOL("g     F", ".text", "fix_handler")),
        "exported");
    ck_assert_str_eq(
        object(SECTIONS SYMBOLS SYMBOL(
            "g     O", ".rodata", "a_name_of_more_than_thirty_bytes_handler")),
        "exported");
}
END_TEST

START_TEST(it_gives_nothing_else) {
    ck_assert_str_eq(object(SECTIONS SYMBOLS HANDLER SYMBOL("g     F", ".text",
                                                            "context_set")),
                     "exported");
    ck_assert_ptr_nonnull(strstr(refusal.en, "\"context_set\""));
    ck_assert_ptr_nonnull(strstr(refusal.zh, "context_set"));
    ck_assert_str_eq(
        object(SECTIONS SYMBOLS HANDLER SYMBOL(" w    F", ".text", "malloc")),
        "exported");
    ck_assert_str_eq(object(SECTIONS SYMBOLS HANDLER SYMBOL("g     F", ".text",
                                                            ".hidden helper")),
                     "exported");
}
END_TEST

START_TEST(it_keeps_nothing_from_one_request_to_the_next) {
    ck_assert_str_eq(
        object(SECTIONS SYMBOLS HANDLER SYMBOL("l     O", ".bss", "calls.0")),
        "state");
    ck_assert_ptr_nonnull(strstr(refusal.en, "\"calls\""));
    ck_assert_str_eq(
        object(SECTIONS SYMBOLS SYMBOL("g     O", ".data", "fix_handler")),
        "state");
    ck_assert_str_eq(
        object(SECTIONS SYMBOLS HANDLER SYMBOL("      O", "*COM*", "shared")),
        "state");
    ck_assert_str_eq(
        object(SECTIONS SYMBOLS HANDLER SYMBOL("l     O", ".tbss", "mine")),
        "state");
    ck_assert_str_eq(
        object(SECTIONS SECTION(".data", "00000004") SYMBOLS HANDLER), "state");
    ck_assert_str_eq(
        object(SECTIONS SECTION(".mine", "00000004") SYMBOLS HANDLER), "state");
    ck_assert_str_eq(
        object(SECTIONS SYMBOLS HANDLER SYMBOL("l     O", ".rodata", "table")),
        "taken");
}
END_TEST

START_TEST(nothing_of_it_runs_before_or_after) {
    static const char *const names[] = {".init_array",
                                        ".fini_array",
                                        ".preinit_array",
                                        ".ctors.65535",
                                        ".dtors",
                                        ".init",
                                        NULL};
    char listing[2000];

    for (const char *const *at = names; *at != NULL; at++) {
        snprintf(listing, sizeof listing,
                 SECTIONS SECTION("%s", "00000008") SYMBOLS HANDLER, *at);
        ck_assert_str_eq(object(listing), "section");
        ck_assert_ptr_nonnull(strstr(refusal.en, *at));
    }
}
END_TEST

START_TEST(it_calls_what_a_handler_needs) {
    static const char *const good[] = {
        "context_copy", "classroom_wallclock_ms", "racelab_uv_mutex_lock",
        "snprintf",     "letter_job_start",       NULL};
    static const char *const bad[] = {
        "exit",       "puts",           "write",           "fork",
        "getenv",     "dlsym",          "signal",          "alarm",
        "longjmp",    "uv_version",     "racelab_outcome", "racelab_uv_run",
        "engine_run", "__tsan_acquire", "context_copyx",   NULL};
    char listing[2000];

    for (int is_good = 0; is_good < 2; is_good++)
        for (const char *const *at = is_good ? good : bad; *at; at++) {
            snprintf(listing, sizeof listing,
                     SECTIONS SYMBOLS HANDLER SYMBOL("       ", "*UND*", "%s"),
                     *at);
            ck_assert_str_eq(object(listing), is_good ? "taken" : "call");
            ck_assert(is_good || strstr(refusal.en, *at) != NULL);
        }
}
END_TEST

START_TEST(a_listing_that_is_cut_off_gets_a_verdict) {
    static const char whole[] = SECTIONS SYMBOLS HANDLER;

    for (size_t cut = 0; cut < sizeof whole; cut++) {
        char *listing = strndup(whole, cut);

        object(listing);
        free(listing);
    }
}
END_TEST

static Suite *gate_suite(void) {
    Suite *suite = suite_create("gate");
    TCase *source = tcase_create("source"), *objects = tcase_create("object");

    tcase_add_test(source, a_source_is_text);
    tcase_add_test(source, only_utf8_is_text);
    tcase_add_test(source, a_source_is_no_longer_than_a_handler_can_be);
    tcase_add_test(source, a_source_without_a_token_is_empty);
    tcase_add_test(source, a_line_does_not_go_on_behind_a_backslash);
    tcase_add_test(source, signs_are_written_as_themselves);
    tcase_add_test(source, another_alphabet_is_for_strings_and_comments);
    tcase_add_test(source, comments_and_strings_end);
    tcase_add_test(source, of_directives_there_is_include_alone);
    tcase_add_test(source, headers_are_those_of_the_lab_and_of_c);
    tcase_add_test(source, names_of_the_compiler_are_its_own);
    tcase_add_test(source, a_submission_does_not_speak_to_the_harness);
    tcase_add_test(source, there_are_no_attributes);
    tcase_add_test(source, brackets_are_nested_as_deep_as_c_promises);
    tcase_add_test(source, numbers_hide_nothing);
    tcase_add_test(source, a_word_of_any_length_is_shown_in_part);
    tcase_add_test(source, any_bytes_get_a_verdict);
    suite_add_tcase(suite, source);
    tcase_add_test(objects, an_object_gives_one_handler);
    tcase_add_test(objects, it_gives_nothing_else);
    tcase_add_test(objects, it_keeps_nothing_from_one_request_to_the_next);
    tcase_add_test(objects, nothing_of_it_runs_before_or_after);
    tcase_add_test(objects, it_calls_what_a_handler_needs);
    tcase_add_test(objects, a_listing_that_is_cut_off_gets_a_verdict);
    suite_add_tcase(suite, objects);
    return suite;
}

int main(void) {
    SRunner *runner = srunner_create(gate_suite());

    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed > 0;
}
