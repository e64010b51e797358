#include "classroom/keeper.h"

#include "classroom/confine.h"
#include "classroom/descendants.h"
#include "classroom/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    DESCRIPTORS_MAX = 256, // an exploring host opens some thirty
    ARGUMENTS_MAX = 256,
    SETTINGS_MAX = 32,
    PATH_BYTES_MAX = 4096,
    PAUSE_NS = 1000000, // between two looks at who is not yet dead
};

static void limit(int what, rlim_t most) {
    struct rlimit now;

    if (getrlimit(what, &now) == 0 && most < now.rlim_max)
        setrlimit(what, &(struct rlimit){most, most});
}

// RLIMIT_AS is not among them, because ThreadSanitizer wants a huge space of
// addresses, nor RLIMIT_NPROC, which counts all that the user has running: for
// both there is the watch.
static void limit_all(const struct sandbox_limits *limits) {
    int adjustment = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_NOFILE, DESCRIPTORS_MAX);
    limit(RLIMIT_FSIZE, limits->file_bytes);
    // For the case that nobody watches any more: two processors, all the time.
    limit(RLIMIT_CPU, 2 * ((rlim_t)limits->wall_ms / 1000 + 1));
    // When the machine runs out of memory, this is what it takes first.
    if (adjustment >= 0 && write(adjustment, "1000", 4) == 4)
        close(adjustment);
}

// The environment holds nothing else: what a student may set, or what somebody
// has set for us, changes no verdict.
static void set_environment(const struct sandbox_command *command,
                            const char *directory) {
    static char path[PATH_BYTES_MAX];
    static char temporary[sizeof "TMPDIR=" + PATH_BYTES_MAX];
    static char *all[SETTINGS_MAX + 4] = {path, temporary, "LC_ALL=C.UTF-8"};
    const char *now = getenv("PATH");
    unsigned count = 3;

    snprintf(path, sizeof path, "PATH=%s", now ? now : "/usr/bin:/bin");
    snprintf(temporary, sizeof temporary, "TMPDIR=%s", directory);
    for (const char *const *at = command->settings;
         at != NULL && *at != NULL && count < SETTINGS_MAX + 3; at++)
        all[count++] = (char *)*at;
    environ = all;
}

// All of the file system to read, the command's own directory to write, no
// network but its own loopback, and processes that see no others. /tmp is not
// made private: what is to be run may lie there.
static unsigned add_bubblewrap(char *directory, char **argv) {
    char *const words[] = {
        "bwrap",
        "--ro-bind",
        "/",
        "/",
        "--dev",
        "/dev",
        "--proc",
        "/proc",
        "--bind",
        directory,
        directory,
        "--chdir",
        directory,
        "--die-with-parent",
        "--unshare-all",
        "--new-session",
        "--",
    };
    unsigned count = sizeof words / sizeof *words;

    for (unsigned i = 0; i < count; i++)
        argv[i] = words[i];
    return count;
}

static void execute(const struct sandbox_command *command, char *directory,
                    bool in_bubblewrap) {
    char *argv[ARGUMENTS_MAX + 1] = {0};
    unsigned count = in_bubblewrap ? add_bubblewrap(directory, argv) : 0;

    for (const char *const *at = command->argv; *at != NULL; at++) {
        if (count == ARGUMENTS_MAX) {
            errno = E2BIG;
            return;
        }
        argv[count++] = (char *)*at;
    }
    if (argv[0] != NULL)
        execvp(argv[0], argv);
}

static bool move_in(const struct sandbox_command *command,
                    const struct keeper_ends *ends) {
    return dup2(ends->input, STDIN_FILENO) >= 0 &&
           dup2(ends->output, STDOUT_FILENO) >= 0 &&
           dup2(ends->errors, STDERR_FILENO) >= 0 &&
           close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) == 0 &&
           chdir(command->directory) == 0;
}

static _Noreturn void fail(int end) {
    struct keeper_report report = {.error = errno};

    _exit(write(end, &report, sizeof report) < 0 ? 126 : 127);
}

static _Noreturn void become(const struct sandbox_command *command,
                             const struct keeper_ends *ends,
                             bool in_bubblewrap) {
    static char directory[PATH_BYTES_MAX];
    sigset_t none;

    setsid();
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGPIPE, SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (move_in(command, ends) && getcwd(directory, sizeof directory)) {
        // ThreadSanitizer wants it so; where it is refused it may still start.
        personality((unsigned)personality(0xffffffff) | ADDR_NO_RANDOMIZE);
        limit_all(&command->limits);
        set_environment(command, directory);
        if (!in_bubblewrap && confine_is_possible() && !confine(directory))
            fail(ends->report);
        execute(command, directory, in_bubblewrap);
    }
    fail(ends->report);
}

// Until `command` has ended, or we are told to stop.
static void wait_for(pid_t command, const sigset_t *signals,
                     struct keeper_report *report) {
    for (;;) {
        int status, got = sigwaitinfo(signals, NULL);

        if (got == SIGTERM)
            return;
        for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;)
            if (pid == command) {
                report->wait_status = status;
                return;
            }
    }
}

// The group first: that is one call, which no fork() slips through. Then those
// that have left the group, one by one, until no child is left to wait for.
static void end_all(pid_t command) {
    kill(-command, SIGKILL);
    for (;;) {
        pid_t pid;

        descendants_kill(getpid());
        while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
            continue;
        if (pid < 0 && errno == ECHILD)
            return;
        nanosleep(&(struct timespec){.tv_nsec = PAUSE_NS}, NULL);
    }
}

// Nothing stays open here of what the command is given, or of what the judge
// has open: only the report, whose new descriptor is given.
static int let_go(int report) {
    int kept = dup2(report, STDERR_FILENO + 1);

    close_range((unsigned)kept + 1, ~0U, 0);
    return kept;
}

_Noreturn void keeper_run(const struct sandbox_command *command,
                          const struct keeper_ends *ends, pid_t judge,
                          bool in_bubblewrap) {
    struct keeper_report report = {.wait_status = SIGKILL};
    sigset_t signals;

    setsid(); // what is typed at the terminal is for the judge
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGCHLD);
    signal(SIGCHLD, SIG_DFL);
    sigprocmask(SIG_SETMASK, &signals, NULL);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != judge)
        _exit(1); // it ended before it could be told
    pid_t first = fork();
    if (first == 0)
        become(command, ends, in_bubblewrap);
    if (first < 0)
        report.error = errno;
    int end = let_go(ends->report);
    if (first > 0) {
        wait_for(first, &signals, &report);
        end_all(first);
    }
    _exit(write(end, &report, sizeof report) < 0);
}
