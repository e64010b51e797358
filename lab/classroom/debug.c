#include "debug.h"

#include "ask.h"
#include "build.h"
#include "classroom_config.h"
#include "course.h"
#include "handout.h"
#include "textfile.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <wordexp.h>

enum { WORDS_MAX = 64 };

static int is_failing(const struct dirent *entry) {
    return fnmatch("failing*.sched", entry->d_name, 0) == 0;
}

// The first schedule under which the last judgement says that the fix fails.
static bool find_failing(const struct learner *learner, char *path) {
    struct dirent **found;

    course_path(learner, NULL, path);
    int count = scandir(path, &found, is_failing, alphasort);
    if (count > 0)
        course_path(learner, found[0]->d_name, path);
    for (int i = 0; i < count; i++)
        free(found[i]);
    if (count >= 0)
        free(found);
    return count > 0;
}

// The schedule to replay: the one that is asked for, or one that defeats the
// fix; in an exercise without a fix the first that is handed in. False after a
// message.
static bool find_schedule(const struct learner *learner, char *path) {
    struct handout handout = handout_of(learner->exercise);
    const char *file = learner->file;

    if (!file && !learner->exercise->has_repair)
        file = handout.names[0];
    course_path(learner, file, path);
    if (file ? access(path, R_OK) == 0 : find_failing(learner, path))
        return true;
    page_say(&learner->errors,
             "racelab learn debug: there is no %s in %s/%s to be replayed. To "
             "be judged leaves there the schedules that defeat a fix:",
             "racelab learn debug：没有 %s 可重放（在 %s/%s 中）。"
             "评判会把让修法失败的调度留在那里：",
             file ? file : "failing*.sched", learner->directory,
             learner->exercise->name);
    learner_suggest(learner, &learner->errors, "check",
                    learner->exercise->name);
    return false;
}

// Compiles the student's fix, or the starter where there is none. False after
// a message.
static bool make(const struct learner *learner, struct build *build) {
    char path[TEXTFILE_PATH_MAX];
    struct gate_refusal refusal;
    char *text;
    size_t bytes;

    if (learner->exercise->has_repair)
        course_path(learner, "fix.c", path);
    else
        snprintf(path, sizeof path, "%s/starter.c",
                 learner->exercise->directory);
    int error = textfile_read(path, &text, &bytes);
    if (error != 0) {
        page_say(&learner->errors, "racelab learn: %s cannot be read: %s",
                 "racelab learn：%s 无法读取：%s", path, strerror(-error));
        return false;
    }
    page_say(&learner->page, "compiling %s", "正在编译 %s", path);
    bool is_made = build_make(build, text, bytes, &refusal);
    free(text);
    if (!is_made)
        page_say(&learner->errors, "%s:%d: %s", "%s:%d：%s", path, refusal.line,
                 learner->page.language == CHINESE ? refusal.zh : refusal.en);
    return is_made;
}

// Runs `debugger` at the terminal, with all of `argv`. Ctrl-C there is the
// debugger's, not ours. Its exit status, or a negative errno.
static int run(const char *debugger, const char *const *argv) {
    const struct sigaction ignore = {.sa_handler = SIG_IGN};
    posix_spawnattr_t attributes;
    sigset_t interrupt;
    pid_t child;
    int status;

    sigemptyset(&interrupt);
    sigaddset(&interrupt, SIGINT);
    sigaction(SIGINT, &ignore, NULL);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigdefault(&attributes, &interrupt);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    int error = posix_spawnp(&child, debugger, NULL, &attributes,
                             (char *const *)argv, environ);
    posix_spawnattr_destroy(&attributes);
    if (error != 0)
        return -error;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return -errno;
    return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_TROUBLE;
}

static int complain(const struct learner *learner, const char *debugger,
                    int error) {
    page_say(&learner->errors,
             "racelab learn debug: %s cannot be started: %s. Install gdb (apt "
             "install gdb, dnf install gdb), or name another debugger, with "
             "its options, in RACELAB_DEBUGGER.",
             "racelab learn debug：无法启动 %s：%s。请安装 gdb（apt install "
             "gdb、dnf install gdb），或在 RACELAB_DEBUGGER 中写明别的调试器"
             "及其选项。",
             debugger, strerror(-error));
    return EXIT_TROUBLE;
}

static void explain_gdb(const struct learner *learner, const char *schedule) {
    page_say(&learner->page,
             "gdb stands before the start, with %s to be replayed. Say where "
             "it is to stop, then start; each task is a thread:\n"
             "    break fix.c:LINE\n    run\n    info threads",
             "gdb 停在开始之前，将重放 %s。先说停在哪里，再运行；"
             "每个任务是一个线程：\n"
             "    break fix.c:行号\n    run\n    info threads",
             schedule);
    fflush(learner->page.out);
}

static size_t add(const char **words, size_t count, const char *const *more) {
    for (; *more && count < WORDS_MAX - 1; more++)
        words[count++] = *more;
    words[count] = NULL;
    return count;
}

// Runs the host's command line under the debugger.
static int debug(const struct learner *learner, const struct build *build,
                 const char *const *line, const char *schedule) {
    const char *const gdb[] = {"gdb",    "-q",
                               "-d",     build->directory,
                               "-ex",    "set breakpoint pending on",
                               "--args", NULL};
    const char *words[WORDS_MAX], *own = getenv("RACELAB_DEBUGGER");
    wordexp_t expanded = {.we_wordc = 0};
    int status = -EINVAL;

    if (!own || !*own) {
        explain_gdb(learner, schedule);
        add(words, add(words, 0, gdb), line);
        status = run("gdb", words);
    } else if (wordexp(own, &expanded, WRDE_NOCMD) == 0) {
        add(words, add(words, 0, (const char *const *)expanded.we_wordv), line);
        if (expanded.we_wordc > 0)
            status = run(expanded.we_wordv[0], words);
        wordfree(&expanded);
    }
    return status >= 0 ? status
                       : complain(learner, own && *own ? own : "gdb", status);
}

static int debug_built(const struct learner *learner, const struct build *build,
                       const char *schedule) {
    char object[sizeof build->directory + 16];
    struct ask_line line;
    const struct question question = {
        .object = object,
        .handler = build->handler,
        .words = {"replay", schedule, "--handler", learner->exercise->name},
    };

    snprintf(object, sizeof object, "%s/fix.so", build->directory);
    ask_line_of(&line, &question, learner->exercise);
    return debug(learner, build, line.words, schedule);
}

int debug_run(const struct learner *learner) {
    char schedule[TEXTFILE_PATH_MAX];
    struct build build;
    int status = EXIT_TROUBLE;

    if (!CLASSROOM_HAS_HOSTS) {
        page_say(&learner->errors,
                 "racelab learn debug: this build has a sanitizer of its own; "
                 "debug with one that has none: build/racelab",
                 "racelab learn debug：这个构建自带检测器；"
                 "请用不带检测器的构建来调试：build/racelab");
        return EXIT_TROUBLE;
    }
    if (!course_has_begun(learner) || !find_schedule(learner, schedule))
        return EXIT_TROUBLE;
    if (build_init(&build) == 0 && make(learner, &build))
        status = debug_built(learner, &build, schedule);
    build_done(&build);
    return status;
}
