#include "text.h"

#include <string.h>

// The width of a column of names: of the longest, and of those that there
// usually are at least.
enum { USUAL_NAME = 7, USUAL_REQUEST = 6 };

static void widen(int *width, const char *name) {
    int length = (int)strlen(name);
    if (length > *width)
        *width = length;
}

static int task_width(const struct trace *trace) {
    int width = USUAL_NAME;
    for (int i = 0; i < trace->step_count; i++)
        widen(&width, trace->steps[i].task_name);
    for (int i = 0; i < trace->outcome_count; i++)
        widen(&width, trace->outcomes[i].task_name);
    return width;
}

static void print_console(const struct trace *trace, FILE *out) {
    fprintf(out, "console\n");
    const char *at = trace->console, *end = at + trace->console_bytes;
    while (at < end) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        const char *stop = newline ? newline : end;
        fprintf(out, "  %.*s\n", (int)(stop - at), at);
        at = stop + 1;
    }
    if (trace->console_cut)
        fprintf(out, "  (cut: over %d bytes)\n", LIMIT_CONSOLE_BYTES);
}

static void print_answers(const struct trace *trace, FILE *out) {
    int width = USUAL_REQUEST;
    if (trace->answer_count > 0)
        fprintf(out, "answers\n");
    for (int i = 0; i < trace->answer_count; i++)
        widen(&width, trace->answers[i].request);
    for (int i = 0; i < trace->answer_count; i++)
        fprintf(out, "  %-*s %s\n", width, trace->answers[i].request,
                trace->answers[i].status);
}

static void print_steps(const struct trace *trace, FILE *out) {
    int width = task_width(trace);
    fprintf(out, "steps\n");
    for (int i = 0; i < trace->step_count; i++) {
        const struct step *step = &trace->steps[i];
        fprintf(out, "  %3d  %-*s  ", i + 1, width, step->task_name);
        if (step->detail[0])
            fprintf(out, "%-18s  %s\n", step->name, step->detail);
        else
            fprintf(out, "%s\n", step->name);
    }
}

static void print_outcomes(const struct trace *trace, FILE *out) {
    int width = task_width(trace);
    fprintf(out, "outcome\n");
    for (int i = 0; i < trace->outcome_count; i++)
        fprintf(out, "  %-*s  %s\n", width, trace->outcomes[i].task_name,
                trace->outcomes[i].line);
    if (trace->outcome_count == 0)
        fprintf(out, "  none: no task reported anything\n");
}

void text_trace(const struct trace *trace, FILE *out) {
    print_console(trace, out);
    print_answers(trace, out);
    print_steps(trace, out);
    print_outcomes(trace, out);
}

// "it was put at step 12 and belongs to B since step 15"
static void print_owner(const struct owners *owners,
                        const struct finding *finding, FILE *out) {
    if (finding->put_step)
        fprintf(out, "it was put at step %d", finding->put_step);
    else
        fprintf(out, "it has never been put");
    if (finding->owner)
        fprintf(out, " and belongs to %s since step %d",
                owners_name(owners, finding->owner), finding->got_step);
}

void text_finding_print(const struct trace *trace, const struct owners *owners,
                        const struct finding *finding, FILE *out) {
    fprintf(out, "%s ", trace->task_names[finding->task]);
    switch (finding->kind) {
    case FINDING_FOREIGN:
        fprintf(out, "%s %s at %s: ", op_access_verb(finding->access),
                finding->object_name, finding->name);
        print_owner(owners, finding, out);
        break;
    case FINDING_FOREIGN_PUT:
        fprintf(out, "puts %s: ", finding->pooled_name);
        print_owner(owners, finding, out);
        break;
    case FINDING_FOREIGN_GET:
        fprintf(out, "gets %s for %s: ", finding->pooled_name,
                owners_name(owners, finding->works_for));
        print_owner(owners, finding, out);
        break;
    case FINDING_LEAK:
        fprintf(out, "gets %s for %s, and nobody ever puts it",
                finding->pooled_name, owners_name(owners, finding->owner));
        break;
    case FINDING_BLOCKED_LOOP:
        if (finding->task == finding->sleeper)
            fprintf(out, "sleeps in a callback, and its loop waits");
        else
            fprintf(out, "waits in %s, in a callback, while %s sleeps",
                    finding->name, trace->task_names[finding->sleeper]);
        break;
    case FINDING_UNANSWERED:
        fprintf(out, "is sent, and nobody ever answers");
        break;
    case FINDING_MEMORY:
        fprintf(out, "%s %s: %s", op_access_verb(finding->access),
                finding->object_name, finding->name);
        break;
    default:
        break;
    }
}

const char *text_finding(enum finding_kind kind) {
    static const char *const words[FINDING_KINDS] = {
        [FINDING_FOREIGN] = "foreign",
        [FINDING_FOREIGN_PUT] = "foreign put",
        [FINDING_FOREIGN_GET] = "foreign get",
        [FINDING_LEAK] = "leak",
        [FINDING_BLOCKED_LOOP] = "blocked loop",
        [FINDING_MEMORY] = "memory",
        [FINDING_UNANSWERED] = "unanswered",
    };
    return words[kind];
}

void text_findings(const struct trace *trace, const struct owners *owners,
                   FILE *out) {
    const struct findings *findings = owners->findings;
    fprintf(out, "findings\n");
    if (findings->count == 0)
        fprintf(out, "  none\n");
    for (int i = 0; i < findings->count; i++) {
        fprintf(out, "  step %d: ", findings->list[i].step);
        text_finding_print(trace, owners, &findings->list[i], out);
        fputc('\n', out);
    }
}

static void print_access(const struct race_access *access, int width,
                         FILE *out) {
    if (access->task[0] == '\0')
        return;
    fprintf(out, "    %-*s %s in %s, %s:%d\n", width, access->task,
            access->write ? "wrote" : "read ", access->function, access->file,
            access->line);
}

void text_races(const struct race *races, int count, FILE *out) {
    int width = USUAL_NAME;
    for (int i = 0; i < count; i++) {
        widen(&width, races[i].accesses[0].task);
        widen(&width, races[i].accesses[1].task);
    }
    fprintf(out, "race\n");
    if (count == 0)
        fprintf(out, "  none reported by ThreadSanitizer\n");
    for (int i = 0; i < count; i++) {
        fprintf(out, "  %s on %s, seen after step %d\n", races[i].kind,
                races[i].object, races[i].step);
        print_access(&races[i].accesses[0], width, out);
        print_access(&races[i].accesses[1], width, out);
    }
}

const char *text_task_of_step(const struct trace *trace, int step) {
    return trace->steps[step - 1].task_name;
}

static void print_announced(const struct trace *trace,
                            const struct happens_access *access, int width,
                            FILE *out) {
    fprintf(out, "    %-*s %s at %s, step %d\n", width,
            text_task_of_step(trace, access->step),
            access->write ? "writes" : "reads ", access->point, access->step);
}

void text_harness_races(const struct trace *trace,
                        const struct happens *happens, FILE *out) {
    int width = task_width(trace);
    fprintf(out,
            "race\n  not checked by ThreadSanitizer: this build is without "
            "-Db_sanitize=thread\n");
    if (happens->race_count == 0)
        fprintf(out, "  none seen by the harness, at points\n");
    for (int i = 0; i < happens->race_count; i++) {
        const struct happens_race *race = &happens->races[i];
        fprintf(out, "  seen by the harness, on %s\n", race->object);
        print_announced(trace, &race->accesses[0], width, out);
        print_announced(trace, &race->accesses[1], width, out);
    }
}

const char *text_verdict(enum verdict_kind kind) {
    switch (kind) {
    case VERDICT_NONE:
        return "running";
    case VERDICT_FINISHED:
        return "finished";
    case VERDICT_DIVERGED:
        return "diverged";
    case VERDICT_DEADLOCK:
        return "deadlock";
    case VERDICT_LEFT_OVER:
        return "left over";
    case VERDICT_STEP_LIMIT:
        return "step limit";
    case VERDICT_SPIN:
        return "spin";
    case VERDICT_UNCONTROLLED:
        return "uncontrolled";
    case VERDICT_MISUSE:
        return "misuse";
    case VERDICT_BLOCKED:
        return "blocked";
    case VERDICT_CRASH:
        return "crash";
    }
    return "unknown";
}

int text_columns(const char *text) {
    int columns = 0;
    for (; *text; text++) {
        unsigned char byte = (unsigned char)*text;
        if (byte >= 0xE3 && byte <= 0xEF)
            columns += 2; // the first of three bytes: CJK and its kin
        else if ((byte & 0xC0) != 0x80)
            columns++;
    }
    return columns;
}

static bool is_out_of_range(unsigned char first, unsigned char second) {
    return (first == 0xE0 && second < 0xA0) ||
           (first == 0xED && second > 0x9F) ||
           (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F);
}

int text_character(const char *text) {
    unsigned char first = (unsigned char)*text;
    int bytes = first < 0x80    ? 1
                : first < 0xC2  ? 0
                : first < 0xE0  ? 2
                : first < 0xF0  ? 3
                : first <= 0xF4 ? 4
                                : 0;
    for (int i = 1; i < bytes; i++)
        if (((unsigned char)text[i] & 0xC0) != 0x80)
            return 0;
    if (bytes > 2 && is_out_of_range(first, (unsigned char)text[1]))
        return 0;
    return bytes;
}
