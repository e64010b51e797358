// A stand-in until the real one comes: no limits but time and output.
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct running {
    struct sandbox_command *command;
    pid_t child;
    int ends[2]; // -1: closed
    size_t used[2];
};

static long now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void start(struct running *run) {
    struct sandbox_command *c = run->command;
    int out[2], err[2], in[2];
    if (pipe2(out, O_CLOEXEC) || pipe2(err, O_CLOEXEC) || pipe2(in, O_CLOEXEC))
        abort();
    if (c->input)
        (void)!write(in[1], c->input, strlen(c->input));
    close(in[1]);
    run->child = fork();
    if (run->child == 0) {
        setpgid(0, 0);
        dup2(in[0], 0);
        dup2(out[1], 1);
        dup2(err[1], 2);
        if (chdir(c->directory))
            _exit(127);
        const char *path = getenv("PATH");
        char *keep = strdup(path ? path : "/usr/bin:/bin");
        clearenv();
        setenv("PATH", keep, 1);
        setenv("LC_ALL", "C.UTF-8", 1);
        setenv("TMPDIR", c->directory, 1);
        for (int i = 0; c->settings && c->settings[i]; i++)
            putenv((char *)c->settings[i]);
        personality(ADDR_NO_RANDOMIZE);
        execvp(c->argv[0], (char **)c->argv);
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    close(err[1]);
    run->ends[0] = out[0];
    run->ends[1] = err[0];
    c->output = calloc(1, c->limits.output_bytes + 1);
    c->errors = calloc(1, c->limits.output_bytes + 1);
    c->end = SANDBOX_EXITED;
}

static void take(struct running *run, int which) {
    struct sandbox_command *c = run->command;
    char *to = which ? c->errors : c->output;
    size_t room = c->limits.output_bytes - run->used[which];
    ssize_t n = read(run->ends[which], to + run->used[which], room);
    if (n <= 0) {
        close(run->ends[which]);
        run->ends[which] = -1;
        if (room == 0) {
            c->end = SANDBOX_OUTPUT;
            kill(-run->child, SIGKILL);
        }
        return;
    }
    run->used[which] += (size_t)n;
}

void sandbox_run(struct sandbox_command *commands, unsigned count) {
    struct running runs[32] = {0};
    long begin = now_ms();
    for (unsigned i = 0; i < count; i++) {
        runs[i].command = &commands[i];
        start(&runs[i]);
    }
    for (unsigned left = 1; left;) {
        struct pollfd fds[64];
        struct { unsigned run; int which; } of[64];
        left = 0;
        for (unsigned i = 0; i < count; i++)
            for (int k = 0; k < 2; k++)
                if (runs[i].ends[k] >= 0) {
                    fds[left] = (struct pollfd){runs[i].ends[k], POLLIN, 0};
                    of[left].run = i;
                    of[left++].which = k;
                }
        if (left)
            poll(fds, left, 20);
        for (unsigned i = 0; i < left; i++)
            if (fds[i].revents)
                take(&runs[of[i].run], of[i].which);
        for (unsigned i = 0; i < count; i++) {
            struct sandbox_command *c = &commands[i];
            if (!c->wall_ms && runs[i].ends[0] < 0 && runs[i].ends[1] < 0)
                c->wall_ms = (unsigned)(now_ms() - begin);
            if (c->end == SANDBOX_EXITED && now_ms() - begin > c->limits.wall_ms) {
                c->end = SANDBOX_TIME;
                kill(-runs[i].child, SIGKILL);
            }
        }
    }
    for (unsigned i = 0; i < count; i++) {
        struct sandbox_command *c = &commands[i];
        int status;
        waitpid(runs[i].child, &status, 0);
        c->output_bytes = runs[i].used[0];
        if (c->end != SANDBOX_EXITED)
            continue;
        c->status = WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status);
        if (!WIFEXITED(status))
            c->end = SANDBOX_SIGNALLED;
    }
}

void sandbox_free(struct sandbox_command *command) {
    free(command->output);
    free(command->errors);
}

bool sandbox_is_bubblewrap(void) { return false; }
