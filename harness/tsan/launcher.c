// launcher.c - the file `racelab` of a build with the thread sanitizer.
//
// A program with the sanitizer cannot mend its own start (start.h says why),
// so what is called `racelab` is this small program without it: it turns
// randomised addresses off and becomes the real one, `racelab-tsan`, which
// lies beside it. The process stays the same: its number, its signals and its
// exit status are the real program's.
#include "start.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    EXIT_TROUBLE = 2,
    OPTIONS_BYTES = 4096, // of TSAN_OPTIONS; longer ones are left alone
    // The sanitizer's own status when it gives up.
    EXIT_SANITIZER = 66,
    // Where addresses are random a start may succeed by luck, one in ten or
    // so with 32 bits: nobody should believe in it before it held four times.
    PROBES = 4,
};

// Writes the path of the real program: ours with "-tsan" behind it.
static int real_program(char *path, size_t bytes) {
    static const char suffix[] = "-tsan";
    ssize_t length = readlink("/proc/self/exe", path, bytes - sizeof(suffix));

    if (length < 0 || (size_t)length == bytes - sizeof(suffix))
        return -1;
    memcpy(path + length, suffix, sizeof(suffix));
    return 0;
}

// Does one start of `path` reach its main()?
static int starts(const char *path) {
    int status;
    pid_t child = fork();

    if (child == 0) {
        int null = open("/dev/null", O_RDWR);

        dup2(null, STDIN_FILENO);
        dup2(null, STDOUT_FILENO);
        dup2(null, STDERR_FILENO);
        execl(path, path, "--version", (char *)NULL);
        _exit(0); // no such program: for the exec that follows to say
    }
    if (child < 0)
        return 1;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return 1;
    return WIFEXITED(status) && WEXITSTATUS(status) != EXIT_SANITIZER;
}

// Where we may not turn randomised addresses off: will the start work anyway?
static int starts_as_it_is(const char *path) {
    for (int i = 0; i < PROBES; i++)
        if (!starts(path))
            return 0;
    return 1;
}

static void say_what_helps(void) {
    fputs("racelab: the thread sanitizer cannot start on this machine. Its "
          "kernel scatters\naddresses further than the sanitizer's runtime "
          "allows (vm.mmap_rnd_bits above 28),\nand racelab is not permitted "
          "to turn that off for itself (personality()).\nEither helps:\n",
          stderr);
    for (const char *const *line = start_remedies; *line; line++)
        fprintf(stderr, "  %s\n", *line);
    fputs("A build without the sanitizer shows the same outcomes, and no "
          "races.\n",
          stderr);
}

// Those that look at many executions print none of their reports. Each would
// have every frame of its stacks looked up, which takes longer than the
// execution itself; the few places that are shown are looked up by us.
static int prints_reports(const char *verb) {
    static const char *const silent[] = {"explore", "matrix", "shrink"};
    for (size_t i = 0; i < sizeof silent / sizeof *silent; i++)
        if (strcmp(verb, silent[i]) == 0)
            return 0;
    return 1;
}

// What the environment may not change where races are data: with
// halt_on_error the first race would end us before it is told, and without
// reports none would be. A server that runs live may be told what one likes.
static void fix_options(const char *verb) {
    static const char fixed[] = "halt_on_error=0:exitcode=0:report_bugs=1:"
                                "enable_annotations=1:log_path=stderr";
    char options[OPTIONS_BYTES];
    const char *told = getenv("TSAN_OPTIONS");
    if (strcmp(verb, "serve") == 0)
        return;
    int bytes = snprintf(options, sizeof options, "%s%s%s:symbolize=%d",
                         told ? told : "", told ? ":" : "", fixed,
                         prints_reports(verb));
    if (bytes < OPTIONS_BYTES)
        setenv("TSAN_OPTIONS", options, 1);
}

int main(int argc, char **argv) {
    char path[PATH_MAX];

    if (real_program(path, sizeof(path)) < 0) {
        perror("racelab: /proc/self/exe");
        return EXIT_TROUBLE;
    }
    if (start_fixed_addresses() < 0 && !starts_as_it_is(path)) {
        say_what_helps();
        return EXIT_TROUBLE;
    }
    fix_options(argc > 1 ? argv[1] : "");
    execv(path, argv);
    fprintf(stderr, "racelab: %s: %s\n", path, strerror(errno));
    return EXIT_TROUBLE;
}
