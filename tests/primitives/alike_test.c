// alike_test.c - `alike LIVE thread|fiber`: every program of alike.c under
// control, on that backend, and live, and the two must print the same. TAP;
// LIVE is alike-live.
#include "alike.h"
#include "execute.h"
#include "thread.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <uv.h>

enum { PRINTED_BYTES = 4096 };

static struct execution_options options;

static int run(const struct racelab_program *program) {
    const struct alike *alike = program->data;
    alike->run();
    return 0;
}

static int run_controlled(struct execution *execution,
                          const struct alike *alike, struct error *error) {
    static const char text[] = "racelab schedule 1\nprogram alike\n";
    const struct racelab_program program = {
        .name = "alike", .run = run, .data = alike};
    struct schedule schedule;
    int status = schedule_parse(&schedule, text, sizeof text - 1, error);
    if (status == 0)
        status = execute(execution, &program, &schedule, &options, error);
    schedule_done(&schedule);
    return status;
}

// What the live one prints; false: it failed.
static bool run_live(const char *live, int index, char *printed) {
    // ThreadSanitizer takes it ill that a barrier is destroyed while others
    // leave it, which POSIX allows.
    char command[LIMIT_LINE_BYTES];
    snprintf(command, sizeof command,
             "TSAN_OPTIONS=report_bugs=0 timeout 20 '%s' %d", live, index);
    FILE *pipe = popen(command, "r");
    if (!pipe)
        return false;
    size_t bytes = fread(printed, 1, PRINTED_BYTES - 1, pipe);
    printed[bytes] = '\0';
    return pclose(pipe) == 0;
}

static void explain(const char *how, const char *printed, size_t bytes) {
    printf("# %s:\n#   ", how);
    for (size_t i = 0; i < bytes; i++)
        if (printed[i] == '\n')
            printf("\n#   ");
        else
            putchar(printed[i]);
    printf("\n");
}

static bool check(struct execution *execution, const char *live, int index) {
    char printed[PRINTED_BYTES] = "";
    struct error error = {.text = ""};
    bool lives = run_live(live, index, printed);
    const struct trace *trace = &execution->trace;
    bool same = run_controlled(execution, &alikes[index], &error) == 0 &&
                execution->verdict.kind == VERDICT_FINISHED &&
                execution->race_count == 0 && lives &&
                trace->console_bytes == strlen(printed) &&
                memcmp(trace->console, printed, trace->console_bytes) == 0;
    printf("%s %d - %s\n", same ? "ok" : "not ok", index + 1,
           alikes[index].sentence);
    if (!same) {
        explain("live", printed, strlen(printed));
        explain("controlled", trace->console, trace->console_bytes);
        printf("# %s%s, %d races\n", error.text, execution->verdict.text,
               execution->race_count);
    }
    fflush(stdout);
    return same;
}

// No thread for a worker.

static int (*start)(struct backend *, struct task *, void (*)(void *), void *,
                    void *);

static int start_no_third_worker(struct backend *backend, struct task *task,
                                 void (*entry)(void *), void *argument,
                                 void *handle) {
    if (strcmp(task->name, "worker.3") == 0)
        return -EAGAIN;
    return start(backend, task, entry, argument, handle);
}

static void refuse_third_worker(struct thread_backend *threads,
                                struct world *world) {
    (void)world;
    start = threads->backend.start;
    threads->backend.start = start_no_third_worker;
}

static bool check_worker(struct execution *execution, int number) {
    struct error error = {.text = ""};
    const struct execution_options before = options;
    options.backend = BACKEND_THREAD;
    options.change = refuse_third_worker;
    bool named = run_controlled(execution, &alikes[0], &error) == 0 &&
                 execution->verdict.kind == VERDICT_CRASH &&
                 strstr(execution->verdict.text,
                        "no thread could be started for worker.3");
    options = before;
    printf("%s %d - a worker that cannot be started is named\n",
           named ? "ok" : "not ok", number);
    if (!named)
        printf("# %s%s\n", error.text, execution->verdict.text);
    return named;
}

int main(int argc, char **argv) {
    static struct execution execution;
    struct error error;
    if (argc < 3 || execution_init(&execution, &error))
        return 2;
    options.backend =
        strcmp(argv[2], "fiber") == 0 ? BACKEND_FIBER : BACKEND_THREAD;
    int failed = 0;
    printf("1..%d\n", alike_count + 1);
    for (int i = 0; i < alike_count; i++)
        failed += !check(&execution, argv[1], i);
    failed += !check_worker(&execution, alike_count + 1);
    execution_done(&execution);
    return failed > 0;
}
