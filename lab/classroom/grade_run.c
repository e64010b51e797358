#include "classroom/grade_run.h"

#include "classroom/descendants.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    OUTPUT_BYTES_MAX = 1 << 20, // a verdict has some 10 KB
    ERRORS_BYTES_MAX = 1 << 16,
    TICK_MS = 1000, // between two calls of on_progress
};

// What a judge prints. Memory is there for all that is kept, and a 0.
struct stream {
    int descriptor; // negative: at its end
    char *text;
    size_t bytes, bytes_max;
    bool is_full; // there was more
};

struct judge {
    pid_t pid; // 0: this place is free
    struct grade_mark *mark;
    const struct exercise *exercise;
    struct stream output, errors;
    int64_t end_ms; // when it is stopped
    bool is_late, is_loud;
};

struct run {
    struct grade_book *book;
    const struct grade_folder *folder;
    const struct grade_options *options;
    struct judge judges[GRADE_JOBS_MAX];
    unsigned running;
    unsigned next; // counted through all marks, students first
    sigset_t unblocked;
    int64_t tick_ms; // when on_progress was last called
};

// Signals come while run() waits, and at no other time.

static volatile sig_atomic_t stopped_by;

static void stop(int number) {
    stopped_by = number;
}

static void wake(int number) {
    (void)number;
}

static const int stoppers[] = {SIGINT, SIGTERM, SIGHUP};
enum { STOPPERS = sizeof stoppers / sizeof stoppers[0] };

struct signals {
    struct sigaction stoppers[STOPPERS], child;
    sigset_t mask;
};

// What is ignored, as in the background of a shell, stays so.
static void catch_signals(struct signals *before) {
    struct sigaction action = {.sa_handler = stop};
    sigset_t blocked;

    stopped_by = 0;
    sigemptyset(&blocked);
    for (int i = 0; i < STOPPERS; i++) {
        sigaction(stoppers[i], NULL, &before->stoppers[i]);
        if (before->stoppers[i].sa_handler != SIG_IGN)
            sigaction(stoppers[i], &action, NULL);
        sigaddset(&blocked, stoppers[i]);
    }
    action.sa_handler = wake;
    sigaction(SIGCHLD, &action, &before->child);
    sigaddset(&blocked, SIGCHLD);
    sigprocmask(SIG_BLOCK, &blocked, &before->mask);
}

static void leave_signals(const struct signals *before) {
    for (int i = 0; i < STOPPERS; i++)
        sigaction(stoppers[i], &before->stoppers[i], NULL);
    sigaction(SIGCHLD, &before->child, NULL);
    sigprocmask(SIG_SETMASK, &before->mask, NULL);
}

static int64_t now_ms(void) {
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

// Streams.

static void stream_init(struct stream *stream, size_t bytes_max) {
    *stream = (struct stream){.descriptor = -1,
                              .text = malloc(bytes_max + 1),
                              .bytes_max = bytes_max};
    if (stream->text == NULL)
        abort(); // out of memory: nothing can go on
}

static void stream_close(struct stream *stream) {
    if (stream->descriptor >= 0)
        close(stream->descriptor);
    stream->descriptor = -1;
}

// Reads what is there now. What goes beyond the bound is read and forgotten.
static void stream_read(struct stream *stream) {
    char beyond[4096];

    while (stream->descriptor >= 0) {
        size_t room = stream->bytes_max - stream->bytes;
        ssize_t bytes =
            room > 0
                ? read(stream->descriptor, stream->text + stream->bytes, room)
                : read(stream->descriptor, beyond, sizeof beyond);
        if (bytes < 0 && errno == EINTR)
            continue;
        if (bytes < 0 && errno == EAGAIN)
            return;
        if (bytes <= 0) {
            stream_close(stream);
        } else if (room > 0) {
            stream->bytes += (size_t)bytes;
        } else {
            stream->is_full = true;
            return; // it may never end: others have their turn
        }
    }
}

// Starting one.

static const char *program_of(const struct run *run) {
    const char *judge = run->options->judge;

    return judge != NULL ? judge : "/proc/self/exe";
}

// In the new process. The folder is entered by its descriptor: no name of a
// student's is part of a command line.
static _Noreturn void become_judge(const struct run *run,
                                   const struct exercise *exercise, int folder,
                                   int output, int errors) {
    int nothing = open("/dev/null", O_RDONLY);

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setsid();
    sigprocmask(SIG_SETMASK, &run->unblocked, NULL);
    dup2(nothing, STDIN_FILENO);
    dup2(output, STDOUT_FILENO);
    dup2(errors, STDERR_FILENO);
    if (fchdir(folder) == 0)
        execl(program_of(run), "racelab", "check", exercise->name, ".",
              "--json", (char *)NULL);
    fprintf(stderr, "the judge cannot be started: %s\n", strerror(errno));
    _exit(2);
}

// A pipe whose end to read is the stream's. Returns the other, or -1.
static int stream_open(struct stream *stream) {
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) != 0)
        return -1;
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    stream->descriptor = ends[0];
    return ends[1];
}

static struct judge *free_place(struct run *run) {
    struct judge *judge = run->judges;

    while (judge->pid != 0)
        judge++;
    return judge;
}

static void judge_done(struct judge *judge) {
    stream_close(&judge->output);
    stream_close(&judge->errors);
    free(judge->output.text);
    free(judge->errors.text);
    *judge = (struct judge){0};
}

// Judges what lies in `folder`.
static void start(struct run *run, struct grade_mark *mark,
                  const struct exercise *exercise, int folder) {
    struct judge *judge = free_place(run);

    judge->mark = mark;
    judge->exercise = exercise;
    stream_init(&judge->output, OUTPUT_BYTES_MAX);
    stream_init(&judge->errors, ERRORS_BYTES_MAX);
    int output = stream_open(&judge->output);
    int errors = stream_open(&judge->errors);
    judge->pid = output < 0 || errors < 0 ? -1 : fork();
    if (judge->pid == 0)
        become_judge(run, exercise, folder, output, errors);
    int error = errno;
    close(output);
    close(errors);
    if (judge->pid < 0) {
        grade_mark_fail(mark, GRADE_TROUBLE, strerror(error));
        judge_done(judge);
        return;
    }
    judge->end_ms = now_ms() + (int64_t)run->options->limit_s * 1000;
    run->running++;
}

static void progress(struct run *run, bool is_new) {
    run->tick_ms = now_ms();
    if (run->options->on_progress != NULL)
        run->options->on_progress(run->options->data, run->book, is_new);
}

// The next one, if there is a folder of it.
static void start_next(struct run *run) {
    unsigned index = run->next++;
    struct grade_student *student =
        &run->book->students[index / run->book->exercise_count];
    unsigned at = index % run->book->exercise_count;
    const struct exercise *exercise = &run->book->exercises[at];
    struct grade_mark *mark = &student->marks[at];
    int folder = grade_folder_submission(run->folder, student, exercise, mark);

    if (folder >= 0) {
        start(run, mark, exercise, folder);
        close(folder);
    }
    if (mark->state != GRADE_WAITING)
        progress(run, true);
}

// Ending one.

// With all below it, and those first: none is given away to us.
static void stop_judge(struct judge *judge) {
    kill(judge->pid, SIGSTOP);
    descendants_kill(judge->pid);
    kill(judge->pid, SIGKILL);
}

static void take_verdict(const struct run *run, struct judge *judge,
                         int status) {
    judge->output.text[judge->output.bytes] = '\0';
    judge->errors.text[judge->errors.bytes] = '\0';
    struct grade_ending ending = {
        .is_late = judge->is_late,
        .is_loud = judge->is_loud || judge->output.is_full,
        .signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0,
        .status = WIFEXITED(status) ? WEXITSTATUS(status) : 0,
        .output = judge->output.text,
        .output_bytes = judge->output.bytes,
        .errors = judge->errors.text,
        .limit_s = run->options->limit_s,
    };
    grade_mark_take(judge->mark, judge->exercise, &ending);
}

// Its end is that of the process: what it left may hold its pipes open.
static void reap(struct run *run, struct judge *judge) {
    int status;

    if (judge->pid == 0 || waitpid(judge->pid, &status, WNOHANG) != judge->pid)
        return;
    stream_read(&judge->output);
    stream_read(&judge->errors);
    take_verdict(run, judge, status);
    judge_done(judge);
    run->running--;
    progress(run, true);
}

static void watch(struct judge *judge, int64_t now) {
    if (judge->pid == 0 || judge->is_late || judge->is_loud)
        return;
    judge->is_loud = judge->output.is_full;
    judge->is_late = !judge->is_loud && now >= judge->end_ms;
    if (judge->is_late || judge->is_loud)
        stop_judge(judge);
}

// Waiting.

static unsigned gather(struct run *run, struct pollfd *polled) {
    unsigned count = 0;

    for (unsigned i = 0; i < run->options->jobs; i++) {
        struct judge *judge = &run->judges[i];
        if (judge->pid == 0)
            continue;
        polled[count++] = (struct pollfd){judge->output.descriptor, POLLIN, 0};
        polled[count++] = (struct pollfd){judge->errors.descriptor, POLLIN, 0};
    }
    return count;
}

// Until the next tick, or the next end of a judge's time.
static int64_t wait_ms(const struct run *run) {
    int64_t now = now_ms(), until = run->tick_ms + TICK_MS;

    for (unsigned i = 0; i < run->options->jobs; i++) {
        const struct judge *judge = &run->judges[i];
        if (judge->pid != 0 && !judge->is_late && judge->end_ms < until)
            until = judge->end_ms;
    }
    return until > now ? until - now : 0;
}

static void wait_for_some(struct run *run) {
    struct pollfd polled[2 * GRADE_JOBS_MAX];
    unsigned count = gather(run, polled);
    int64_t ms = wait_ms(run);
    struct timespec timeout = {ms / 1000, ms % 1000 * 1000000};

    ppoll(polled, count, &timeout, &run->unblocked);
    int64_t now = now_ms();
    for (unsigned i = 0; i < run->options->jobs; i++) {
        struct judge *judge = &run->judges[i];
        if (judge->pid != 0) {
            stream_read(&judge->output);
            stream_read(&judge->errors);
        }
        watch(judge, now);
        reap(run, judge);
    }
    if (now - run->tick_ms >= TICK_MS)
        progress(run, false);
}

// Without a verdict: those marks wait for ever.
static void stop_all(struct run *run) {
    for (unsigned i = 0; i < run->options->jobs; i++) {
        struct judge *judge = &run->judges[i];
        if (judge->pid == 0)
            continue;
        stop_judge(judge);
        while (waitpid(judge->pid, NULL, 0) < 0 && errno == EINTR)
            continue;
        judge_done(judge);
    }
    run->running = 0;
}

// What judges left behind has come to us, whatever session it went to.
static void stop_rest(void) {
    do
        descendants_kill(getpid());
    while (waitpid(-1, NULL, 0) > 0);
}

int grade_run(struct grade_book *book, const struct grade_folder *folder,
              const struct grade_options *options) {
    static struct run run;
    struct signals before;
    unsigned count = book->student_count * book->exercise_count;

    run = (struct run){.book = book, .folder = folder, .options = options};
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    catch_signals(&before);
    run.unblocked = before.mask;
    run.tick_ms = now_ms();
    while (stopped_by == 0 && (run.next < count || run.running > 0)) {
        while (run.next < count && run.running < options->jobs)
            start_next(&run);
        if (run.running > 0)
            wait_for_some(&run);
    }
    stop_all(&run);
    stop_rest();
    leave_signals(&before);
    return stopped_by;
}
