// doctor.c - `racelab doctor`: can this machine show what the lab teaches?
//
// One look after the other, each with its finding and, where something is
// wrong, the exact remedy. A look changes nothing: what must be tried is tried
// in a child process.
#include "../tsan/start.h"
#include "verbs.h"

#include <errno.h>
#include <jansson.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <uv.h>

// In the program if, and only if, it was linked with the sanitizer.
extern void __tsan_init(void) __attribute__((weak));
extern void __sanitizer_symbolize_pc(void *pc, const char *format, char *text,
                                     size_t bytes) __attribute__((weak));

#if defined(__clang__)
#define COMPILER "clang " __clang_version__
#elif defined(__GNUC__)
#define COMPILER "gcc " __VERSION__
#else
#define COMPILER "unknown"
#endif

enum status { STATUS_OK, STATUS_WARN, STATUS_FAIL };

struct finding {
    enum status status;
    char text[160];
    const char *const *remedies; // lines, ending with NULL; NULL for none
};

static void found(struct finding *finding, enum status status,
                  const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void found(struct finding *finding, enum status status,
                  const char *format, ...) {
    va_list arguments;

    finding->status = status;
    va_start(arguments, format);
    vsnprintf(finding->text, sizeof(finding->text), format, arguments);
    va_end(arguments);
}

static int with_sanitizer(void) {
    return __tsan_init != NULL;
}

static void look_at_compiler(struct finding *finding) {
    found(finding, STATUS_OK, "built with %s", COMPILER);
    finding->text[strcspn(finding->text, "(")] = '\0'; // a packager's remarks
    for (size_t n = strlen(finding->text); n && finding->text[n - 1] == ' ';)
        finding->text[--n] = '\0';
}

static void look_at_build(struct finding *finding) {
    if (with_sanitizer())
        found(finding, STATUS_OK, "with the thread sanitizer: shows races");
    else
        found(finding, STATUS_OK,
              "plain: outcomes, no races (a build with "
              "-Db_sanitize=thread shows them)");
}

static void look_at_libuv(struct finding *finding) {
    static const char *const rebuild[] = {"ninja -t clean && ninja, in the "
                                          "build directory",
                                          NULL};

    if (uv_version() >= UV_VERSION_HEX) {
        found(finding, STATUS_OK, "%d.%d.%d when built, %s now",
              UV_VERSION_MAJOR, UV_VERSION_MINOR, UV_VERSION_PATCH,
              uv_version_string());
        return;
    }
    found(finding, STATUS_WARN, "%d.%d.%d when built, but the older %s now",
          UV_VERSION_MAJOR, UV_VERSION_MINOR, UV_VERSION_PATCH,
          uv_version_string());
    finding->remedies = rebuild;
}

// The proof is in the doing: the runtime is asked where this function is.
static void look_at_symbolizer(struct finding *finding) {
    static const char *const install[] = {
#if defined(__clang__)
        "sudo apt-get install llvm    (clang's reports want llvm-symbolizer)",
#endif
        "meson setup --reconfigure build-tsan -Ddebug=true    (keeps lines)",
        NULL
    };
    char place[256] = "";
    void *here;

    if (!with_sanitizer() || !__sanitizer_symbolize_pc) {
        found(finding, STATUS_OK, "not needed in this build");
        return;
    }
    memcpy(&here, &(void (*)(struct finding *)){look_at_symbolizer},
           sizeof(here));
    __sanitizer_symbolize_pc((char *)here + 1, "%f", place, sizeof(place));
    if (!strcmp(place, __func__)) {
        __sanitizer_symbolize_pc((char *)here + 1, "%s", place, sizeof(place));
        if (strstr(place, "doctor.c")) {
            found(finding, STATUS_OK, "names functions, files and lines");
            return;
        }
    }
    found(finding, STATUS_FAIL,
          "reports cannot name the function, file and line of an access");
    finding->remedies = install;
}

static void look_at_processors(struct finding *finding) {
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    cpu_set_t allowed;

    if (sched_getaffinity(0, sizeof(allowed), &allowed) < 0)
        found(finding, STATUS_OK, "%ld", online);
    else
        found(finding, STATUS_OK,
              "%ld, of which racelab may use %d (a replay "
              "uses one)",
              online, CPU_COUNT(&allowed));
}

static void look_at_container(struct finding *finding) {
    const char *kind = getenv("container"); // set by systemd-nspawn and podman

    if (!kind && access("/.dockerenv", F_OK) == 0)
        kind = "docker";
    if (!kind && access("/run/.containerenv", F_OK) == 0)
        kind = "podman";
    if (kind && *kind)
        found(finding, STATUS_OK, "inside one (%s)", kind);
    else
        found(finding, STATUS_OK, "no sign of one");
}

// Would the system let racelab turn randomised addresses off?
static int may_fix_addresses(void) {
    int status;
    pid_t child = fork();

    if (child == 0)
        _exit(start_fixed_addresses() < 0);
    if (child < 0)
        return 0;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return 0;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void look_at_start(struct finding *finding) {
    int bits = start_bits();
    char known[64] = "vm.mmap_rnd_bits is for root to read";

    if (bits != START_BITS_UNKNOWN)
        snprintf(known, sizeof(known), "vm.mmap_rnd_bits is %d", bits);
    if (may_fix_addresses()) {
        found(finding, STATUS_OK,
              "the thread sanitizer can start (%s; racelab may turn "
              "randomised addresses off)",
              known);
    } else if (bits != START_BITS_UNKNOWN && bits <= START_BITS_SAFE) {
        found(finding, STATUS_OK, "the thread sanitizer can start (%s)", known);
    } else {
        found(finding, bits == START_BITS_UNKNOWN ? STATUS_WARN : STATUS_FAIL,
              "the thread sanitizer %s start (%s; personality() is refused)",
              bits == START_BITS_UNKNOWN ? "may not" : "cannot", known);
        finding->remedies = start_remedies;
    }
}

static const struct {
    const char *name;
    void (*look)(struct finding *finding);
} looks[] = {
    {"compiler", look_at_compiler},     {"build", look_at_build},
    {"libuv", look_at_libuv},           {"symbolizer", look_at_symbolizer},
    {"processors", look_at_processors}, {"container", look_at_container},
    {"start", look_at_start},
};

enum { LOOKS = sizeof(looks) / sizeof(looks[0]) };

static void print_text(const struct finding findings[LOOKS]) {
    static const char *const words[] = {"ok", "warn", "FAIL"};

    for (int i = 0; i < LOOKS; i++) {
        printf("%-4s  %-10s  %s\n", words[findings[i].status], looks[i].name,
               findings[i].text);
        if (!findings[i].remedies)
            continue;
        for (const char *const *line = findings[i].remedies; *line; line++)
            printf("                  remedy: %s\n", *line);
    }
}

static json_t *remedies_json(const char *const *remedies) {
    json_t *lines = json_array();

    for (; remedies && *remedies; remedies++)
        json_array_append_new(lines, json_string(*remedies));
    return lines;
}

static void print_json(const struct finding findings[LOOKS], int status) {
    static const char *const words[] = {"ok", "warn", "fail"};
    json_t *checks = json_array();
    json_t *all;

    for (int i = 0; i < LOOKS; i++)
        json_array_append_new(
            checks,
            json_pack("{s:s, s:s, s:s, s:o}", "name", looks[i].name, "status",
                      words[findings[i].status], "text", findings[i].text,
                      "remedies", remedies_json(findings[i].remedies)));
    all = json_pack("{s:o, s:b, s:i}", "checks", checks, "sanitizer",
                    with_sanitizer(), "exit", status);
    json_dumpf(all, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(all);
}

static void usage(void) {
    fputs("usage: racelab doctor [--json]\n"
          "Can this machine show what the lab teaches? Each line is ok, warn "
          "or FAIL; what\nis wrong comes with its remedy. Exit status: 0, or 1 "
          "if a line says FAIL.\n",
          stdout);
}

int doctor_main(int argc, char **argv) {
    static const struct option options[] = {
        {"json", no_argument, NULL, 'j'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    struct finding findings[LOOKS] = {0};
    int json = 0, status = 0, option;

    optind = 0;
    while ((option = verbs_option("doctor", argc, argv, options)) != -1) {
        switch (option) {
        case 'j':
            json = 1;
            break;
        case 'h':
            usage();
            return 0;
        default:
            return EXIT_TROUBLE;
        }
    }
    if (optind < argc)
        return verbs_usage("doctor", "no argument is wanted, not ",
                           argv[optind]);
    for (int i = 0; i < LOOKS; i++) {
        looks[i].look(&findings[i]);
        if (findings[i].status == STATUS_FAIL)
            status = 1;
    }
    if (json)
        print_json(findings, status);
    else
        print_text(findings);
    return status;
}
