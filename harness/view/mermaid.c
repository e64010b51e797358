#include "mermaid.h"
#include "text.h"

#include <stdarg.h>
#include <string.h>

// Behind the steps that decide, and behind whatever else is wrong.
#define DECIDES "rgb(255, 205, 205)"
#define WRONG   "rgb(255, 240, 200)"

struct diagram {
    const struct scene *scene;
    FILE *out;
    int next_edge, next_outcome; // of the scene's, to be shown
    int put_steps[LIMIT_POOLED]; // in which an object was put last
    bool answered[LIMIT_TASKS];
};

static bool is_plain(unsigned char byte) {
    return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= 'a' && byte <= 'z') ||
           (byte != '\0' && strchr(" .,_/=()", byte));
}

// A character that could mean something is written as its number, a byte that
// is of none as a question mark.
static void print_safe(const char *text, FILE *out) {
    while (*text) {
        unsigned char byte = (unsigned char)*text;
        int bytes = text_character(text);
        if (bytes == 0 || byte < ' ' || byte == 127)
            fputc('?', out);
        else if (bytes > 1 || is_plain(byte))
            fprintf(out, "%.*s", bytes, text);
        else
            fprintf(out, "#%d;", byte);
        text += bytes > 0 ? bytes : 1;
    }
}

// The end of a statement: its text.
static void say(const struct diagram *diagram, const char *format, ...) {
    char text[LIMIT_MESSAGE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    fputs(": ", diagram->out);
    print_safe(text, diagram->out);
    fputc('\n', diagram->out);
}

static void arrow(const struct diagram *diagram, int from, const char *head,
                  int to) {
    fprintf(diagram->out, "    t%d%st%d", from, head, to);
}

static void note(const struct diagram *diagram, int task) {
    fprintf(diagram->out, "    Note over t%d", task);
}

static void print_participants(const struct diagram *diagram) {
    const struct trace *trace = diagram->scene->trace;
    bool seen[LIMIT_TASKS] = {false};
    for (int i = 1; i <= trace->step_count; i++) {
        const struct step *step = scene_step(diagram->scene, i);
        bool has_line = !scene_is_stackless(step) || step->kind == OP_SEND;
        if (seen[step->task] || !has_line)
            continue;
        seen[step->task] = true;
        fprintf(diagram->out, "    %s t%d as ",
                step->kind == OP_SEND ? "actor" : "participant", step->task);
        print_safe(step->task_name, diagram->out);
        fputc('\n', diagram->out);
    }
}

static const char *name_of(const struct scene *scene, int step) {
    return scene_step(scene, step)->name;
}

// Who comes before this step, by a start, a lock, a join.
static void print_edges(struct diagram *diagram, int step) {
    const struct scene *scene = diagram->scene;
    for (; diagram->next_edge < scene->edge_count; diagram->next_edge++) {
        const struct happens_edge *edge = &scene->edges[diagram->next_edge];
        if (edge->to != step)
            return;
        arrow(diagram, scene_step(scene, edge->from)->task,
              scene_is_start(scene, edge) ? "->>" : "-->>", edge->task);
        say(diagram, "%d %s, then %d %s", edge->from,
            name_of(scene, edge->from), step, name_of(scene, step));
    }
}

static int sender_of(const struct scene *scene, const char *request) {
    for (int i = 1; i <= scene->trace->step_count; i++) {
        const struct step *step = scene_step(scene, i);
        if (step->kind == OP_SEND && strcmp(step->task_name, request) == 0)
            return step->task;
    }
    return -1;
}

static void print_answer(struct diagram *diagram, int answer, int from) {
    const struct trace *trace = diagram->scene->trace;
    int to = sender_of(diagram->scene, trace->answers[answer].request);
    if (diagram->answered[answer] || to < 0)
        return;
    diagram->answered[answer] = true;
    arrow(diagram, from, "-->>", to);
    say(diagram, "%s", trace->answers[answer].status);
}

// It was handed over before the put.
static void print_answers_to(struct diagram *diagram, const char *request,
                             int from) {
    const struct trace *trace = diagram->scene->trace;
    for (int i = 0; i < trace->answer_count; i++)
        if (strcmp(trace->answers[i].request, request) == 0)
            print_answer(diagram, i, from);
}

static void print_pool(struct diagram *diagram, int number) {
    const struct scene *scene = diagram->scene;
    const struct step *step = scene_step(scene, number);
    int object = scene_object_of(scene, step);
    if (object < 0)
        return;
    if (step->kind == OP_PUT) {
        print_answers_to(diagram, owners_name(scene->owners, step->works_for),
                         step->task);
        diagram->put_steps[object] = number;
    } else if (diagram->put_steps[object]) {
        int put = diagram->put_steps[object];
        arrow(diagram, scene_step(scene, put)->task, "->>", step->task);
        say(diagram, "%s: %d put, then %d %s", scene->objects[object].name, put,
            number, step->name);
    }
}

// Has a step more to say than that it was made?
static bool is_telling(const struct scene *scene, int number) {
    const struct step *step = scene_step(scene, number);
    return step->access != ACCESS_NONE || step->kind == OP_GET ||
           step->kind == OP_PUT || step->kind == OP_STOP ||
           step->kind == OP_FIRE || step->saw;
}

static void print_step(const struct diagram *diagram, int number) {
    const struct scene *scene = diagram->scene;
    const struct step *step = scene_step(scene, number);
    char what[LIMIT_NAME * 4];
    scene_describe(scene, number, false, what, sizeof what);
    if (step->kind == OP_SEND)
        arrow(diagram, step->task, "->>", scene_line_of(scene, step));
    else
        note(diagram, scene_line_of(scene, step));
    say(diagram, "%d %s%s%s", number, step->name, *what ? " " : "", what);
}

static void print_outcomes(struct diagram *diagram, int number) {
    const struct outcome *outcome;
    while ((outcome = scene_outcome(diagram->scene, number,
                                    &diagram->next_outcome))) {
        note(diagram, outcome->task);
        say(diagram, "%s reports %s", outcome->task_name, outcome->line);
    }
}

static void print_mark(const struct diagram *diagram,
                       const struct scene_mark *mark) {
    const struct scene *scene = diagram->scene;
    int task = scene_line_of(scene, scene_step(scene, mark->second));
    note(diagram, task);
    if (mark->first && scene_step(scene, mark->first)->task != task)
        fprintf(diagram->out, ",t%d", scene_step(scene, mark->first)->task);
    if (mark->race)
        say(diagram, "race on %s: %d and %d, and nothing orders the two",
            mark->race->object, mark->first, mark->second);
    else if (mark->first)
        say(diagram, "%s: %d touches what %d wrote for another request",
            text_finding(mark->finding->kind), mark->second, mark->first);
    else
        say(diagram, "%s: %d", text_finding(mark->finding->kind), mark->second);
}

// The step with what is wrong with it, on a ground of its own; false: nothing
// is.
static bool print_wrong(const struct diagram *diagram, int number) {
    const struct scene *scene = diagram->scene;
    bool any = false;
    for (int i = 0; i < scene->mark_count; i++) {
        if (scene->marks[i].second != number)
            continue;
        if (!any) {
            fprintf(diagram->out, "    rect %s\n", i ? WRONG : DECIDES);
            print_step(diagram, number);
        }
        print_mark(diagram, &scene->marks[i]);
        any = true;
    }
    if (any)
        fprintf(diagram->out, "    end\n");
    return any;
}

static void print_end(const struct diagram *diagram) {
    const struct scene *scene = diagram->scene;
    int last = scene->trace->step_count;
    if (!scene->ended || last == 0)
        return;
    fprintf(diagram->out, "    rect %s\n", DECIDES);
    note(diagram, scene_line_of(scene, scene_step(scene, last)));
    say(diagram, "the end: %s", scene->ended);
    fprintf(diagram->out, "    end\n");
}

void mermaid_print(const struct scene *scene, FILE *out) {
    struct diagram diagram = {.scene = scene, .out = out};
    fprintf(out, "sequenceDiagram\n");
    print_participants(&diagram);
    for (int i = 1; i <= scene->trace->step_count; i++) {
        print_edges(&diagram, i);
        print_pool(&diagram, i);
        if (!print_wrong(&diagram, i) &&
            (scene_step(scene, i)->kind == OP_SEND || is_telling(scene, i)))
            print_step(&diagram, i);
        print_outcomes(&diagram, i);
    }
    for (int i = 0; i < scene->trace->answer_count; i++)
        print_answer(&diagram, i, scene->tasks[0]);
    print_end(&diagram);
}
