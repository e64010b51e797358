#include "crash.h"
#include "edges.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <ucontext.h>
#include <unistd.h>

void __asan_init(void) __attribute__((weak));

static const int SIGNALS[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
enum {
    SIGNAL_COUNT = sizeof SIGNALS / sizeof *SIGNALS,
    SECONDS_TO_REPORT = 5,
};

static struct scheduler *watched; // NULL: no execution is under way

// The crash may have happened with the heap's own lock held, and then nothing
// more can be said but this.
static char last_words[LIMIT_NAME * 4];

static void give_up(int number) {
    (void)number;
    if (write(STDERR_FILENO, last_words, strlen(last_words)) < 0)
        _exit(2);
    _exit(1);
}

// In the thread that crashed. Nothing of it ever runs again, so it does not
// matter that it may have been in the middle of anything. Nor does the handler
// return: the signals that it blocks, under ThreadSanitizer all, would stay so,
// and the next crash of this thread would be the end.
static void take(int number, siginfo_t *info, void *context) {
    const ucontext_t *interrupted = context;
    (void)info;
    struct backend *backend = watched ? watched->backend : NULL;
    struct task *self = backend ? backend->self(backend) : NULL;
    if (!self) { // the harness's own fault: as if we were not here
        signal(number, SIG_DFL);
        raise(number);
        return;
    }
    edges_ignore_begin();
    pthread_sigmask(SIG_SETMASK, &interrupted->uc_sigmask, NULL);
    snprintf(last_words, sizeof last_words,
             "racelab: task %s crashed: %s; what it left behind is of no use\n",
             self->name, strsignal(number));
    signal(SIGALRM, give_up);
    alarm(SECONDS_TO_REPORT);
    scheduler_fail(watched, self, VERDICT_CRASH, "crashed: %s",
                   strsignal(number));
}

// Once for the process: outside of executions the handler does what there
// would be without it.
static void install(void) {
    static bool installed;
    if (installed || __asan_init)
        return;
    installed = true;
    // On a stack of its own: what crashed may be a stack that is full.
    struct sigaction action = {
        .sa_sigaction = take, .sa_flags = SA_NODEFER | SA_ONSTACK | SA_SIGINFO};
    for (int i = 0; i < SIGNAL_COUNT; i++)
        sigaction(SIGNALS[i], &action, NULL);
}

void crash_begin(struct scheduler *scheduler) {
    install();
    watched = scheduler;
}

bool crash_end(void) {
    bool crashed = last_words[0] != '\0';
    if (crashed)
        alarm(0); // it could be told
    last_words[0] = '\0';
    watched = NULL;
    return crashed;
}
