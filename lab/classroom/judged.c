#include "judged.h"

#include "course.h"
#include "server/heap.h"
#include "textfile.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    PATIENCE_MS = 2000, // who waits longer is told what for
    LATER_MS = 10000,   // and told again
};

// Starts `racelab check`, under the name that it is called by here, with its
// standard output in a pipe, of which *output is our end. Its process, or a
// negative errno.
static pid_t start(const struct learner *learner, int *output) {
    char folder[TEXTFILE_PATH_MAX];
    course_path(learner, NULL, folder);
    const char *argv[] = {program_invocation_name,
                          "check",
                          learner->exercise->name,
                          folder,
                          "--lang",
                          learner->page.language == CHINESE ? "zh" : "en",
                          NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    int ends[2];
    pid_t child;

    *output = -1;
    if (pipe2(ends, O_CLOEXEC) != 0)
        return -errno;
    sigemptyset(&none);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    int error = posix_spawn(&child, "/proc/self/exe", &actions, &attributes,
                            (char *const *)argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    close(ends[1]);
    if (error != 0)
        close(ends[0]);
    *output = ends[0];
    return error == 0 ? child : -error;
}

// Says every now and then that there is nothing to say yet, to who sits there:
// a file, or another program, wants the same lines however long it took.
static void wait_for_output(const struct learner *learner, int output,
                            int *patience_ms) {
    struct pollfd wanted = {.fd = output, .events = POLLIN};

    while (poll(&wanted, 1, isatty(STDERR_FILENO) ? *patience_ms : -1) == 0) {
        page_say(&learner->errors, "still judging %s; Ctrl-C stops it",
                 "仍在评判 %s；按 Ctrl-C 可以停止", learner->exercise->name);
        *patience_ms = LATER_MS;
    }
}

// Prints all of `text` that is whole lines; returns how many bytes that was.
static size_t print_lines(const struct learner *learner, char *text,
                          size_t bytes) {
    char *end = memrchr(text, '\n', bytes);
    if (!end)
        return 0;
    char first = *++end; // of the next line, or the byte behind all
    *end = '\0';
    page_lines(&learner->page, text);
    *end = first;
    fflush(learner->page.out);
    return (size_t)(end - text);
}

// Prints what comes, line by line as it comes.
static void show(const struct learner *learner, int output) {
    char *text = NULL;
    size_t used = 0, room = 0, printed;
    int patience_ms = PATIENCE_MS;

    for (;;) {
        if (room - used < 2) {
            room = room * 2 + 4096;
            text = heap_grow(text, room);
        }
        wait_for_output(learner, output, &patience_ms);
        ssize_t got = read(output, text + used, room - used - 1);
        if (got <= 0)
            break;
        used += (size_t)got;
        printed = print_lines(learner, text, used);
        used -= printed;
        memmove(text, text + printed, used);
    }
    text[used] = '\0';
    page_lines(&learner->page, text);
    free(text);
}

static int status_of(const struct learner *learner, pid_t child) {
    int status;

    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return EXIT_TROUBLE;
    if (WIFEXITED(status))
        return WEXITSTATUS(status);
    page_say(&learner->errors,
             "racelab learn: the judgement was broken off (%s)",
             "racelab learn：评判中途停止（%s）", strsignal(WTERMSIG(status)));
    return EXIT_TROUBLE;
}

// Returns `status`, or trouble if it cannot be remembered.
static int remember(const struct learner *learner, int status) {
    struct progress progress;

    if (status != EXIT_RIGHT && status != EXIT_NOT_YET)
        return status;
    if (progress_begin(&progress, learner->directory, &learner->errors) != 0)
        return EXIT_TROUBLE;
    progress_note_check(&progress, learner->exercise->name,
                        status == EXIT_RIGHT);
    return progress_end(&progress, &learner->errors) == 0 ? status
                                                          : EXIT_TROUBLE;
}

int judged_ask(const struct learner *learner) {
    int output;

    fflush(learner->page.out);
    pid_t child = start(learner, &output);
    if (child < 0) {
        page_say(&learner->errors, "racelab learn: cannot start a process: %s",
                 "racelab learn：无法启动进程：%s", strerror(-child));
        return EXIT_TROUBLE;
    }
    show(learner, output);
    close(output);
    return remember(learner, status_of(learner, child));
}

void judged_onward(const struct learner *learner, int status) {
    const char *name = learner->exercise->name;
    const struct page *page = &learner->page;

    if (status == EXIT_RIGHT) {
        page_say(page,
                 "\n%s is passed. The solution with its discussion, and the "
                 "next exercise:",
                 "\n%s 已通过。解答与讨论，以及下一个练习：", name);
        learner_suggest(learner, page, "solution", name);
        learner_suggest(learner, page, "next", NULL);
    } else if (status == EXIT_NOT_YET) {
        page_say(page,
                 "\n%s is not passed yet. A hint:", "\n%s 还没有通过。要提示：",
                 name);
        learner_suggest(learner, page, "hint", name);
    }
}

int judged_check(const struct learner *learner) {
    if (!course_has_begun(learner))
        return EXIT_TROUBLE;
    int status = judged_ask(learner);
    judged_onward(learner, status);
    return status;
}
