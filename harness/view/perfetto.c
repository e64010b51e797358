#include "perfetto.h"
#include "text.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

// Units of the format: microseconds.
enum { STEP_US = 1000, PROCESS = 1 };

struct events {
    const struct scene *scene;
    FILE *out;
    int count, flows;
};

static int begin_of(int step) {
    return (step - 1) * STEP_US;
}

// In the middle of a step no other slice begins or ends.
static int middle_of(int step) {
    return begin_of(step) + STEP_US / 2;
}

// JSON has UTF-8 alone, and a program prints what it likes.
static json_t *json_of(const char *text) {
    char safe[LIMIT_MESSAGE];
    json_t *string = json_string(text);
    if (string)
        return string;
    snprintf(safe, sizeof safe, "%s", text);
    for (char *at = safe; *at; at++)
        if ((unsigned char)*at >= 0x80)
            *at = '?';
    return json_string(safe);
}

// Writes an event on a line of its own, with the fields that all have before
// `more`, which it takes.
static void emit(struct events *events, const char *phase, int task, int ts,
                 const char *name, json_t *more) {
    json_t *event =
        json_pack("{s:o, s:s, s:i, s:i, s:i}", "name", json_of(name), "ph",
                  phase, "ts", ts, "pid", PROCESS, "tid", task + 1);
    if (!event || (more && json_object_update(event, more)))
        abort(); // a few bytes: nothing can go on
    json_decref(more);
    char *text = json_dumps(event, JSON_COMPACT);
    if (!text)
        abort();
    fprintf(events->out, "%s%s", events->count++ ? ",\n" : "", text);
    free(text);
    json_decref(event);
}

static void name_track(struct events *events, int task, const char *what,
                       const char *name) {
    emit(events, "M", task, 0, what,
         json_pack("{s:{s:o}}", "args", "name", json_of(name)));
}

static void print_tracks(struct events *events, const char *title) {
    const struct trace *trace = events->scene->trace;
    bool seen[LIMIT_TASKS] = {false};
    char name[LIMIT_MESSAGE];
    snprintf(name, sizeof name, "%.1900s: one step is 1 ms", title);
    name_track(events, 0, "process_name", name);
    for (int i = 1; i <= trace->step_count; i++) {
        const struct step *step = scene_step(events->scene, i);
        if (seen[step->task])
            continue;
        seen[step->task] = true;
        name_track(events, step->task, "thread_name", step->task_name);
        emit(events, "M", step->task, 0, "thread_sort_index",
             json_pack("{s:{s:i}}", "args", "sort_index", step->task + 1));
    }
}

// The task's own step before or after that one; NULL: there is none.
static const struct step *neighbour(const struct scene *scene, int number,
                                    int direction) {
    int task = scene_step(scene, number)->task;
    for (int i = number + direction; i > 0 && i <= scene->trace->step_count;
         i += direction)
        if (scene_step(scene, i)->task == task)
            return scene_step(scene, i);
    return NULL;
}

// A loop works for one request after the other, a job for one all the time.
static bool works_for_one(const struct scene *scene, int task) {
    int first = scene_step(scene, scene_first(scene, task))->works_for;
    for (int i = 1; i <= scene->trace->step_count; i++)
        if (scene_step(scene, i)->task == task &&
            scene_step(scene, i)->works_for != first)
            return false;
    return true;
}

static json_t *arguments_of(const struct scene *scene, int number) {
    const struct step *step = scene_step(scene, number);
    json_t *arguments = json_pack("{s:i}", "step", number);
    const char *request = owners_name(scene->owners, step->works_for);
    if (step->detail[0])
        json_object_set_new(arguments, "what", json_of(step->detail));
    if (*request)
        json_object_set_new(arguments, "for", json_of(request));
    if (step->saw) {
        json_object_set_new(arguments, "saw", json_of(step->saw));
        json_object_set_new(arguments, "value", json_integer(step->value));
    }
    return json_pack("{s:i, s:o}", "dur", STEP_US, "args", arguments);
}

// A task from its first step to its last; in it, where it works for one request
// after the other, each of these; in them, the steps.
static void print_step(struct events *events, int number, bool has_handlers) {
    const struct scene *scene = events->scene;
    const struct step *step = scene_step(scene, number);
    const struct step *before = neighbour(scene, number, -1);
    const struct step *after = neighbour(scene, number, 1);
    const char *request = owners_name(scene->owners, step->works_for);
    bool has_span = !scene_is_stackless(step);
    bool handles = has_span && has_handlers && *request;
    int begin = begin_of(number), end = begin_of(number + 1);
    if (has_span && !before)
        emit(events, "B", step->task, begin, step->task_name, NULL);
    if (handles && (!before || before->works_for != step->works_for))
        emit(events, "B", step->task, begin, request, NULL);
    emit(events, "X", step->task, begin, step->name,
         arguments_of(scene, number));
    if (handles && (!after || after->works_for != step->works_for))
        emit(events, "E", step->task, end, request, NULL);
    if (has_span && !after)
        emit(events, "E", step->task, end, step->task_name, NULL);
}

static void print_flow(struct events *events, const char *name, int from,
                       int to) {
    const struct scene *scene = events->scene;
    int id = ++events->flows;
    emit(events, "s", scene_step(scene, from)->task, middle_of(from), name,
         json_pack("{s:s, s:i}", "cat", name, "id", id));
    emit(events, "f", scene_step(scene, to)->task, middle_of(to), name,
         json_pack("{s:s, s:i, s:s}", "cat", name, "id", id, "bp", "e"));
}

// From each put of an object to the next get of it.
static void print_pool(struct events *events) {
    const struct scene *scene = events->scene;
    int put_steps[LIMIT_POOLED] = {0};
    for (int i = 1; i <= scene->trace->step_count; i++) {
        const struct step *step = scene_step(scene, i);
        int object = scene_object_of(scene, step);
        if (object < 0)
            continue;
        if (step->kind == OP_GET && put_steps[object])
            print_flow(events, "put to get", put_steps[object], i);
        put_steps[object] = step->kind == OP_PUT ? i : 0;
    }
}

// From where a request got an object to who touches it in its name when it is
// no longer its own.
static void print_escape(struct events *events, const struct finding *finding) {
    const struct scene *scene = events->scene;
    for (int i = finding->step - 1; i > 0; i--) {
        const struct step *step = scene_step(scene, i);
        if (step->kind == OP_GET && step->pooled == finding->pooled &&
            step->works_for == finding->works_for) {
            print_flow(events, "escape", i, finding->step);
            return;
        }
    }
}

static void print_flows(struct events *events) {
    const struct scene *scene = events->scene;
    const struct findings *findings = scene->owners->findings;
    for (int i = 0; i < scene->edge_count; i++)
        print_flow(events,
                   scene_is_start(scene, &scene->edges[i]) ? "spawn" : "order",
                   scene->edges[i].from, scene->edges[i].to);
    print_pool(events);
    for (int i = 0; i < findings->count; i++)
        if (findings->list[i].kind == FINDING_FOREIGN)
            print_escape(events, &findings->list[i]);
}

static void print_instant(struct events *events, int step, const char *name,
                          int other) {
    json_t *arguments = json_pack("{s:i}", "step", step);
    if (other)
        json_object_set_new(arguments, "other step", json_integer(other));
    emit(events, "i", scene_step(events->scene, step)->task, middle_of(step),
         name, json_pack("{s:s, s:o}", "s", "t", "args", arguments));
}

static void print_marks(struct events *events) {
    const struct scene *scene = events->scene;
    char name[LIMIT_NAME * 2];
    for (int i = 0; i < scene->mark_count; i++) {
        const struct scene_mark *mark = &scene->marks[i];
        if (mark->race) {
            snprintf(name, sizeof name, "race on %s", mark->race->object);
            print_instant(events, mark->second, name, mark->first);
        }
        if (mark->finding)
            print_instant(events, mark->second,
                          text_finding(mark->finding->kind), mark->first);
    }
    if (scene->ended && scene->trace->step_count > 0)
        print_instant(events, scene->trace->step_count, scene->ended, 0);
}

void perfetto_print(const struct scene *scene, const char *title, FILE *out) {
    struct events events = {.scene = scene, .out = out};
    bool has_handlers[LIMIT_TASKS] = {false};
    for (int i = 0; i < scene->task_count; i++)
        has_handlers[scene->tasks[i]] = !works_for_one(scene, scene->tasks[i]);
    fprintf(out, "{\"displayTimeUnit\":\"ms\",\"otherData\":{\"time\":"
                 "\"virtual: one step is one millisecond\"},"
                 "\"traceEvents\":[\n");
    print_tracks(&events, title);
    for (int i = 1; i <= scene->trace->step_count; i++)
        print_step(&events, i, has_handlers[scene_step(scene, i)->task]);
    print_flows(&events);
    print_marks(&events);
    fprintf(out, "\n]}\n");
}
