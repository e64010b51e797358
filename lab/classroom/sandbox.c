#include "classroom/sandbox.h"

#include "classroom/descendants.h"
#include "classroom/keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    WATCH_MS = 20,
    PIECE_BYTES = 16 * 1024,
    BUBBLEWRAP_PROCESSES = 2, // it stands outside, and is process 1 inside
    SIGNAL_STATUS = 128,      // a shell's, and Bubblewrap's, way to tell one
};

// What a command prints, as far as it has come.
struct stream {
    int end;    // of its pipe; negative: closed
    char *text; // owned
    size_t bytes;
};

// A command that runs.
struct running {
    struct sandbox_command *command; // borrowed
    pid_t keeper;
    int input, report; // ends of pipes; negative: closed
    size_t input_sent;
    struct stream output, errors;
    long long begin_ms;
    bool is_given_up; // for the reason that stands in command->end
};

static long long now_ms(void) {
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static void shut(int *end) {
    if (*end >= 0)
        close(*end);
    *end = -1;
}

// Starting.

// Our end does not block, theirs does.
static bool open_pipe(int *ours, int *theirs, bool we_read) {
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    *ours = ends[we_read ? 0 : 1];
    *theirs = ends[we_read ? 1 : 0];
    return fcntl(*ours, F_SETFL, O_NONBLOCK) == 0;
}

static bool open_pipes(struct running *running, struct keeper_ends *theirs) {
    return open_pipe(&running->input, &theirs->input, false) &&
           open_pipe(&running->output.end, &theirs->output, true) &&
           open_pipe(&running->errors.end, &theirs->errors, true) &&
           open_pipe(&running->report, &theirs->report, true);
}

static void shut_ours(struct running *running) {
    shut(&running->input);
    shut(&running->output.end);
    shut(&running->errors.end);
    shut(&running->report);
}

static void fail(struct running *running, int error) {
    running->command->end = SANDBOX_FAILED;
    running->command->status = error;
    shut_ours(running);
}

static void start(struct running *running, bool in_bubblewrap) {
    struct keeper_ends theirs = {-1, -1, -1, -1};
    pid_t judge = getpid();
    bool is_open = open_pipes(running, &theirs);

    running->begin_ms = now_ms();
    running->keeper = is_open ? fork() : -1;
    int error = errno;
    if (running->keeper == 0)
        keeper_run(running->command, &theirs, judge, in_bubblewrap);
    shut(&theirs.input);
    shut(&theirs.output);
    shut(&theirs.errors);
    shut(&theirs.report);
    if (running->keeper < 0)
        fail(running, error);
}

// Watching.

static void give_up(struct running *running, enum sandbox_end reason) {
    if (running->is_given_up)
        return;
    running->is_given_up = true;
    running->command->end = reason;
    kill(running->keeper, SIGTERM);
}

static void watch(struct running *running, bool in_bubblewrap) {
    const struct sandbox_limits *limits = &running->command->limits;
    unsigned own = 1 + (in_bubblewrap ? BUBBLEWRAP_PROCESSES : 0);
    struct descendants found;

    descendants_measure(running->keeper, &found);
    if (now_ms() - running->begin_ms > limits->wall_ms)
        give_up(running, SANDBOX_TIME);
    else if (found.count > limits->processes + own)
        give_up(running, SANDBOX_PROCESSES);
    else if (found.resident_bytes > limits->memory_bytes)
        give_up(running, SANDBOX_MEMORY);
}

static bool is_quiet_error(ssize_t got) {
    return got < 0 && (errno == EAGAIN || errno == EINTR);
}

static void keep(struct stream *stream, const char *piece, size_t bytes) {
    char *text = realloc(stream->text, stream->bytes + bytes + 1);

    if (text == NULL)
        abort(); // it would be a megabyte or so
    memcpy(text + stream->bytes, piece, bytes);
    stream->text = text;
    stream->bytes += bytes;
    text[stream->bytes] = '\0';
}

// One piece more, if there is any. What does not fit is read and thrown away:
// whoever waits to write it is about to be killed.
static bool receive(struct running *running, struct stream *stream) {
    char piece[PIECE_BYTES];
    size_t room = running->command->limits.output_bytes - stream->bytes;
    ssize_t got = read(stream->end, piece, sizeof piece);

    if (got > 0) {
        keep(stream, piece, (size_t)got < room ? (size_t)got : room);
        if ((size_t)got > room)
            give_up(running, SANDBOX_OUTPUT);
        return true;
    }
    if (!is_quiet_error(got))
        shut(&stream->end);
    return false;
}

static void send_input(struct running *running) {
    const char *input = running->command->input;
    size_t rest = input ? strlen(input + running->input_sent) : 0;
    ssize_t sent =
        rest ? write(running->input, input + running->input_sent, rest) : 0;

    if (is_quiet_error(sent))
        return;
    if (sent > 0)
        running->input_sent += (size_t)sent;
    if (sent < 0 || (size_t)sent == rest)
        shut(&running->input);
}

// Ending.

static void tell_status(struct sandbox_command *command, int wait_status,
                        bool in_bubblewrap) {
    bool is_signal = WIFSIGNALED(wait_status);
    int status = is_signal ? WTERMSIG(wait_status) : WEXITSTATUS(wait_status);

    if (in_bubblewrap && !is_signal && status > SIGNAL_STATUS) {
        is_signal = true;
        status -= SIGNAL_STATUS;
    }
    command->status = status;
    command->end = !is_signal          ? SANDBOX_EXITED
                   : status == SIGXCPU ? SANDBOX_TIME
                   : status == SIGXFSZ ? SANDBOX_OUTPUT
                                       : SANDBOX_SIGNALLED;
}

// The keeper has ended, and all that it kept: what is still in the pipes is all
// that will ever come.
static void drain(struct running *running, struct stream *stream) {
    while (stream->end >= 0 && receive(running, stream))
        continue;
}

static void end(struct running *running, bool in_bubblewrap) {
    // Somebody killed the keeper, and the command with it.
    struct keeper_report report = {.wait_status = SIGKILL};
    ssize_t got = read(running->report, &report, sizeof report);

    if (is_quiet_error(got))
        return;
    drain(running, &running->output);
    drain(running, &running->errors);
    shut_ours(running);
    running->command->wall_ms = (unsigned)(now_ms() - running->begin_ms);
    if (report.error != 0)
        fail(running, report.error);
    else if (!running->is_given_up)
        tell_status(running->command, report.wait_status, in_bubblewrap);
}

// All of them.

enum { END_INPUT, END_OUTPUT, END_ERRORS, END_REPORT, ENDS };

static void await(const struct running *running, unsigned count,
                  struct pollfd *ends) {
    for (unsigned i = 0; i < count; i++, ends += ENDS) {
        ends[END_INPUT] = (struct pollfd){running[i].input, POLLOUT, 0};
        ends[END_OUTPUT] = (struct pollfd){running[i].output.end, POLLIN, 0};
        ends[END_ERRORS] = (struct pollfd){running[i].errors.end, POLLIN, 0};
        ends[END_REPORT] = (struct pollfd){running[i].report, POLLIN, 0};
    }
    poll(ends - (size_t)ENDS * count, (nfds_t)ENDS * count, WATCH_MS);
}

static void serve(struct running *running, const struct pollfd *ends,
                  bool in_bubblewrap) {
    if (ends[END_INPUT].revents)
        send_input(running);
    if (ends[END_OUTPUT].revents)
        receive(running, &running->output);
    if (ends[END_ERRORS].revents)
        receive(running, &running->errors);
    if (ends[END_REPORT].revents)
        end(running, in_bubblewrap);
}

static void watch_all(struct running *running, unsigned count,
                      bool in_bubblewrap, long long *watched_ms) {
    if (now_ms() - *watched_ms < WATCH_MS)
        return;
    *watched_ms = now_ms();
    for (unsigned i = 0; i < count; i++)
        if (running[i].report >= 0)
            watch(&running[i], in_bubblewrap);
}

static bool is_any_left(const struct running *running, unsigned count) {
    for (unsigned i = 0; i < count; i++)
        if (running[i].report >= 0)
            return true;
    return false;
}

static void run_all(struct running *running, unsigned count,
                    bool in_bubblewrap) {
    struct pollfd *ends = calloc(count, ENDS * sizeof *ends);
    long long watched_ms = now_ms();

    if (ends == NULL)
        abort(); // a few hundred bytes
    for (unsigned i = 0; i < count; i++)
        start(&running[i], in_bubblewrap);
    while (is_any_left(running, count)) {
        await(running, count, ends);
        for (unsigned i = 0; i < count; i++)
            serve(&running[i], ends + (size_t)ENDS * i, in_bubblewrap);
        watch_all(running, count, in_bubblewrap, &watched_ms);
    }
    free(ends);
}

static void give_result(struct running *running) {
    // It has nothing left to do but to end.
    if (running->keeper > 0)
        waitpid(running->keeper, NULL, 0);
    keep(&running->output, "", 0); // there is a text, be it empty
    keep(&running->errors, "", 0);
    running->command->output = running->output.text;
    running->command->output_bytes = running->output.bytes;
    running->command->errors = running->errors.text;
}

// A pipe must not get one of the first three descriptors.
static void fill_standard_descriptors(void) {
    int end;

    while ((end = open("/dev/null", O_RDWR)) >= 0 && end <= STDERR_FILENO)
        continue;
    if (end >= 0)
        close(end);
}

static void run(struct sandbox_command *commands, unsigned count,
                bool in_bubblewrap) {
    struct running *running = calloc(count, sizeof *running);
    struct sigaction before;

    if (running == NULL)
        abort(); // a few hundred bytes
    // A command that reads no input must not be the end of the judge.
    sigaction(SIGPIPE, &(struct sigaction){.sa_handler = SIG_IGN}, &before);
    fill_standard_descriptors();
    for (unsigned i = 0; i < count; i++)
        running[i] = (struct running){
            .command = &commands[i],
            .input = -1,
            .report = -1,
            .output.end = -1,
            .errors.end = -1,
        };
    run_all(running, count, in_bubblewrap);
    for (unsigned i = 0; i < count; i++)
        give_result(&running[i]);
    sigaction(SIGPIPE, &before, NULL);
    free(running);
}

// It may be there and not be allowed to do anything: some distributions keep
// user namespaces for a few programs.
bool sandbox_is_bubblewrap(void) {
    static enum { UNKNOWN, NO, YES } works = UNKNOWN;
    const char *const argv[] = {"true", NULL};
    struct sandbox_command probe = {
        .argv = argv,
        .directory = "/",
        .limits = {.wall_ms = 5000,
                   .memory_bytes = 256u << 20,
                   .processes = 4,
                   .output_bytes = 4096},
    };

    if (works == UNKNOWN) {
        run(&probe, 1, true);
        works = probe.end == SANDBOX_EXITED && probe.status == 0 ? YES : NO;
        sandbox_free(&probe);
    }
    return works == YES;
}

void sandbox_run(struct sandbox_command *commands, unsigned count) {
    run(commands, count, sandbox_is_bubblewrap());
}

void sandbox_free(struct sandbox_command *command) {
    free(command->output);
    free(command->errors);
    command->output = command->errors = NULL;
}
