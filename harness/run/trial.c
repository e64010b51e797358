#include "trial.h"
#include "fiber.h"
#include "summary.h"
#include "text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// What both processes see.
struct shared {
    enum backend_kind backend;
    bool pass_over;
    bool is_file; // not the text, but the file as the child knows it
    size_t bytes;
    char text[LIMIT_SCHEDULE_BYTES + 1];
    int status; // 0, or an error with its text
    struct error error;
    struct trial_result result;
};

struct trial {
    const struct racelab_program *program;
    const struct schedule *file;
    struct shared *shared;
    pid_t child;  // 0: none
    int to_child; // the other end is the child's
};

// In the child.

static uint64_t hash_of(const char *text, size_t bytes) {
    uint64_t hash = UINT64_C(14695981039346656037); // FNV-1a
    for (size_t i = 0; i < bytes; i++)
        hash = (hash ^ (unsigned char)text[i]) * UINT64_C(1099511628211);
    return hash;
}

static uint64_t picture_of(const struct execution *execution) {
    char *text;
    size_t bytes;
    FILE *out = open_memstream(&text, &bytes);
    if (!out)
        abort();
    text_trace(&execution->trace, out);
    text_races(execution->races, execution->race_count, out);
    fclose(out);
    uint64_t hash = hash_of(text, bytes);
    free(text);
    return hash;
}

static void note_stop(struct trial_result *result, const struct step *step) {
    if (step->kind == OP_SEND || step->kind == OP_STOP)
        return;
    if (strlen(step->name) >= LIMIT_NAME)
        return; // no schedule can name it
    for (int i = 0; i < result->stop_count; i++)
        if (strcmp(result->stops[i].task, step->task_name) == 0 &&
            strcmp(result->stops[i].name, step->name) == 0)
            return;
    struct trial_stop *stop = &result->stops[result->stop_count++];
    strcpy(stop->task, step->task_name);
    strcpy(stop->name, step->name);
}

static void note_held(struct trial_result *result,
                      const struct execution *execution,
                      const struct schedule *schedule) {
    struct error unused;
    for (size_t i = 0; i < schedule->expectation_count; i++) {
        const struct schedule one = {.expectations = &schedule->expectations[i],
                                     .expectation_count = 1};
        result->held[i] = execution_as_expected(execution, &one, &unused);
    }
}

static void note(struct trial_result *result, const struct execution *execution,
                 const struct schedule *schedule) {
    const struct trace *trace = &execution->trace;
    static struct summary summary;
    summary_of(&summary, execution);
    snprintf(result->summary, sizeof result->summary, "%s",
             summary_text(&summary));
    for (int i = 0; i < summary.line_count; i++)
        result->lines[i] = *summary.lines[i];
    result->line_count = summary.line_count;
    result->verdict = execution->verdict;
    result->races_checked = execution->races_checked;
    result->picture = picture_of(execution);
    result->stop_count = 0;
    for (int i = 0; i < trace->step_count; i++)
        note_stop(result, &trace->steps[i]);
    note_held(result, execution, schedule);
}

// Returns whether another can be run in this process.
static bool run_one(const struct trial *trial, const struct schedule *schedule,
                    struct execution *execution) {
    struct shared *shared = trial->shared;
    struct trial_result *result = &shared->result;
    memset(result->followed, 0,
           schedule->directive_count * sizeof *result->followed);
    const struct execution_options options = {
        .backend = shared->backend,
        .followed = shared->pass_over ? result->followed : NULL};
    shared->status =
        execute(execution, trial->program, schedule, &options, &shared->error);
    if (shared->status)
        return false;
    note(result, execution, schedule);
    return execution->verdict.kind == VERDICT_FINISHED;
}

static bool answer(const struct trial *trial, struct execution *execution) {
    struct shared *shared = trial->shared;
    struct schedule schedule;
    if (shared->is_file)
        return run_one(trial, trial->file, execution);
    shared->status =
        schedule_parse(&schedule, shared->text, shared->bytes, &shared->error);
    if (shared->status)
        return true;
    bool more = run_one(trial, &schedule, execution);
    schedule_done(&schedule);
    return more;
}

static void serve(const struct trial *trial, int to_parent) {
    struct execution execution;
    char more = execution_init(&execution, &trial->shared->error) == 0, byte;
    while (more && read(to_parent, &byte, 1) == 1) {
        more = answer(trial, &execution);
        if (write(to_parent, &more, 1) != 1)
            break;
    }
    // Nothing that the program or ThreadSanitizer wants done at exit: it would
    // be said once for each child.
    syscall(SYS_exit_group, 0);
}

// In the process that tries.

static void bury(struct trial *trial) {
    if (trial->child == 0)
        return;
    close(trial->to_child);
    while (waitpid(trial->child, NULL, 0) < 0 && errno == EINTR)
        ;
    trial->child = 0;
}

static int start(struct trial *trial, struct error *error) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
        return error_set(error, ERROR_EXECUTION, 0, 0, "%s", strerror(errno));
    fiber_stage_close();
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        serve(trial, ends[1]);
    }
    close(ends[1]);
    if (child < 0) {
        close(ends[0]);
        return error_set(error, ERROR_EXECUTION, 0, 0, "%s", strerror(errno));
    }
    trial->child = child;
    trial->to_child = ends[0];
    return 0;
}

int trial_begin(struct trial **trial, const struct racelab_program *program,
                const struct schedule *file, struct error *error) {
    struct shared *shared =
        mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE,
             MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    struct trial *made = calloc(1, sizeof *made);
    if (shared == MAP_FAILED || !made) {
        free(made);
        return error_set(error, ERROR_MEMORY, 0, 0, "%s",
                         error_text(ERROR_MEMORY));
    }
    made->program = program;
    made->file = file;
    made->shared = shared;
    *trial = made;
    return 0;
}

void trial_end(struct trial *trial) {
    bury(trial);
    munmap(trial->shared, sizeof *trial->shared);
    free(trial);
}

static int hand_over(struct trial *trial, const struct schedule *schedule,
                     struct error *error) {
    struct shared *shared = trial->shared;
    shared->is_file = schedule == NULL;
    if (!schedule)
        return 0;
    FILE *out = fmemopen(shared->text, sizeof shared->text, "w");
    if (!out)
        abort();
    schedule_print(schedule, out);
    long bytes = ftell(out);
    if (fclose(out) || bytes < 0 || bytes > LIMIT_SCHEDULE_BYTES)
        return error_set(error, ERROR_LIMIT, 0, 0, "%s",
                         error_text(ERROR_LIMIT));
    shared->bytes = (size_t)bytes;
    return 0;
}

static int ask(struct trial *trial, const struct trial_result **result,
               struct error *error) {
    struct shared *shared = trial->shared;
    char more = 0;
    int status = trial->child ? 0 : start(trial, error);
    if (status)
        return status;
    bool answered = send(trial->to_child, "", 1, MSG_NOSIGNAL) == 1 &&
                    read(trial->to_child, &more, 1) == 1;
    if (!answered || !more)
        bury(trial);
    if (!answered)
        return error_set(error, ERROR_EXECUTION, 0, 0,
                         "the execution took its process along");
    if (shared->status)
        *error = shared->error;
    *result = &shared->result;
    return shared->status;
}

int trial_run(struct trial *trial, const struct schedule *schedule,
              enum backend_kind backend, const struct trial_result **result,
              struct error *error) {
    int status = hand_over(trial, schedule, error);
    trial->shared->backend = backend;
    trial->shared->pass_over = false;
    return status ? status : ask(trial, result, error);
}

int trial_follow(struct trial *trial, const struct schedule *schedule,
                 const struct trial_result **result, struct error *error) {
    int status = hand_over(trial, schedule, error);
    trial->shared->backend = BACKEND_FIBER;
    trial->shared->pass_over = true;
    return status ? status : ask(trial, result, error);
}
