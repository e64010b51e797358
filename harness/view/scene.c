#include "scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct step *scene_step(const struct scene *scene, int number) {
    return &scene->trace->steps[number - 1];
}

bool scene_is_stackless(const struct step *step) {
    return step->kind == OP_SEND || step->kind == OP_FIRE ||
           step->kind == OP_STOP;
}

int scene_line_of(const struct scene *scene, const struct step *step) {
    if (!scene_is_stackless(step))
        return step->task;
    return step->receiver >= 0 ? step->receiver : scene->tasks[0];
}

int scene_first(const struct scene *scene, int task) {
    for (int i = 1; i <= scene->trace->step_count; i++)
        if (scene_step(scene, i)->task == task)
            return i;
    return 0;
}

int scene_last(const struct scene *scene, int task) {
    for (int i = scene->trace->step_count; i > 0; i--)
        if (scene_step(scene, i)->task == task)
            return i;
    return 0;
}

static void find_tasks(struct scene *scene) {
    bool seen[LIMIT_TASKS] = {false};
    for (int i = 1; i <= scene->trace->step_count; i++) {
        const struct step *step = scene_step(scene, i);
        if (seen[step->task] || scene_is_stackless(step))
            continue;
        seen[step->task] = true;
        scene->tasks[scene->task_count++] = step->task;
    }
}

// The name of what a step gets or puts; its length, 0: it does neither, or what
// it gets has no name.
static size_t object_name(const struct step *step) {
    const char *end = strstr(step->detail, " for ");
    if (!strchr(step->detail, '#'))
        return 0;
    if (step->kind == OP_PUT)
        return strlen(step->detail);
    return step->kind == OP_GET && end ? (size_t)(end - step->detail) : 0;
}

int scene_object_of(const struct scene *scene, const struct step *step) {
    size_t length = object_name(step);
    for (int i = 0; i < scene->object_count && length > 0; i++)
        if (strlen(scene->objects[i].name) == length &&
            memcmp(scene->objects[i].name, step->detail, length) == 0)
            return i;
    return -1;
}

static void add_object(struct scene *scene, const struct step *step) {
    size_t length = object_name(step);
    if (step->kind != OP_GET || length == 0 ||
        scene->object_count == LIMIT_POOLED ||
        scene_object_of(scene, step) >= 0)
        return;
    struct scene_object *object = &scene->objects[scene->object_count++];
    snprintf(object->name, sizeof object->name, "%.*s", (int)length,
             step->detail);
}

// "#1", unless another object has that number too.
static const char *label_of(const struct scene *scene,
                            const struct scene_object *object) {
    const char *number = strrchr(object->name, '#');
    for (int i = 0; i < scene->object_count; i++) {
        const struct scene_object *other = &scene->objects[i];
        if (other != object && strcmp(strrchr(other->name, '#'), number) == 0)
            return object->name;
    }
    return number;
}

static void find_objects(struct scene *scene) {
    for (int i = 1; i <= scene->trace->step_count; i++)
        add_object(scene, scene_step(scene, i));
    for (int i = 0; i < scene->object_count; i++)
        scene->objects[i].label = label_of(scene, &scene->objects[i]);
}

// How far each step knows of each task: the number of the last step of it that
// happens before. A row a step.
struct knowledge {
    int width;
    int *rows;
};

static int *row_of(const struct knowledge *knowledge, int step) {
    return knowledge->rows + (size_t)step * (size_t)knowledge->width;
}

static void learn(const struct knowledge *knowledge, int *row, int from) {
    const int *other = row_of(knowledge, from);
    for (int i = 0; i < knowledge->width; i++)
        if (row[i] < other[i])
            row[i] = other[i];
}

// By where they lead to, and of those that lead to one step the last first:
// what comes before a later step can follow from that, and never the reverse.
static int compare_edges(const void *left, const void *right) {
    const struct happens_edge *a = left, *b = right;
    return a->to != b->to ? a->to - b->to : b->from - a->from;
}

static int sort_edges(struct scene *scene, const struct happens *happens) {
    size_t bytes = (size_t)happens->edge_count * sizeof *scene->edges;
    scene->edges = malloc(bytes + 1);
    if (!scene->edges)
        return -1;
    memcpy(scene->edges, happens->edges, bytes);
    qsort(scene->edges, (size_t)happens->edge_count, sizeof *scene->edges,
          compare_edges);
    return 0;
}

// Goes through the steps in turn and keeps the edges that tell a step more than
// it knows already.
static void reduce_edges(struct scene *scene, const struct happens *happens,
                         const struct knowledge *knowledge) {
    int last[LIMIT_TASKS] = {0};
    int next = 0, count = happens->edge_count;
    while (next < count && scene->edges[next].to == 0)
        next++; // the task that they lead to never made a step
    for (int i = 1; i <= scene->trace->step_count; i++) {
        int task = scene_step(scene, i)->task;
        int *row = row_of(knowledge, i);
        learn(knowledge, row, last[task]); // row 0 knows nothing
        row[task] = last[task] = i;
        for (; next < count && scene->edges[next].to == i; next++) {
            struct happens_edge edge = scene->edges[next];
            if (row[scene_step(scene, edge.from)->task] >= edge.from)
                continue;
            learn(knowledge, row, edge.from);
            scene->edges[scene->edge_count++] = edge;
        }
    }
}

static bool knows(const struct scene *scene, const struct knowledge *knowledge,
                  int step, int of) {
    return row_of(knowledge, step)[scene_step(scene, of)->task] >= of;
}

static void add_mark(struct scene *scene, struct scene_mark mark) {
    for (int i = 0; i < scene->mark_count && mark.finding; i++) {
        struct scene_mark *other = &scene->marks[i];
        if (other->race && other->first == mark.first &&
            other->second == mark.second && !other->finding) {
            other->finding = mark.finding;
            return;
        }
    }
    scene->marks[scene->mark_count++] = mark;
}

// The last write to the object that a finding is about, if it was not made for
// the request that the toucher works for; else 0.
static int last_foreign_write(const struct scene *scene,
                              const struct finding *finding) {
    for (int i = finding->step - 1; i > 0; i--) {
        const struct step *step = scene_step(scene, i);
        if (op_access_writes(step->access) && step->kind == OP_POINT &&
            step->pooled == finding->pooled)
            return step->works_for == finding->works_for ? 0 : i;
    }
    return 0;
}

static void find_marks(struct scene *scene, const struct happens *happens) {
    for (int i = 0; i < happens->race_count; i++) {
        const struct happens_race *race = &happens->races[i];
        add_mark(scene, (struct scene_mark){.race = race,
                                            .first = race->accesses[0].step,
                                            .second = race->accesses[1].step});
    }
    const struct findings *findings = scene->owners->findings;
    for (int i = 0; i < findings->count; i++) {
        const struct finding *finding = &findings->list[i];
        int write = finding->kind == FINDING_FOREIGN
                        ? last_foreign_write(scene, finding)
                        : 0;
        add_mark(scene, (struct scene_mark){.finding = finding,
                                            .first = write,
                                            .second = finding->step});
    }
}

// A race decides; else who touches what another has written; else whatever is
// wrong.
static int weight(const struct scene_mark *mark) {
    return mark->race ? 0 : mark->first ? 1 : 2;
}

static int compare_marks(const void *left, const void *right) {
    const struct scene_mark *a = left, *b = right;
    return a->second != b->second ? a->second - b->second : a->first - b->first;
}

static void sort_marks(struct scene *scene) {
    struct scene_mark *marks = scene->marks;
    int first = 0;
    qsort(marks, (size_t)scene->mark_count, sizeof *marks, compare_marks);
    for (int i = 1; i < scene->mark_count; i++)
        if (weight(&marks[i]) < weight(&marks[first]))
            first = i;
    struct scene_mark deciding = marks[first];
    memmove(&marks[1], &marks[0], (size_t)first * sizeof *marks);
    marks[0] = deciding;
}

int scene_init(struct scene *scene, const struct trace *trace,
               const struct owners *owners, const struct happens *happens,
               const char *ended) {
    memset(scene, 0, sizeof *scene);
    scene->trace = trace;
    scene->owners = owners;
    scene->ended = ended;
    struct knowledge knowledge = {.width = LIMIT_TASKS};
    knowledge.rows = calloc((size_t)(trace->step_count + 1) * LIMIT_TASKS,
                            sizeof *knowledge.rows);
    if (!knowledge.rows || sort_edges(scene, happens)) {
        free(knowledge.rows);
        return -1;
    }
    find_tasks(scene);
    find_objects(scene);
    reduce_edges(scene, happens, &knowledge);
    find_marks(scene, happens);
    sort_marks(scene);
    for (int i = 0; i < scene->mark_count; i++) {
        struct scene_mark *mark = &scene->marks[i];
        mark->ordered =
            mark->first && knows(scene, &knowledge, mark->second, mark->first);
    }
    free(knowledge.rows);
    return 0;
}

void scene_done(struct scene *scene) {
    free(scene->edges);
    scene->edges = NULL;
}

const struct outcome *scene_outcome(const struct scene *scene, int step,
                                    int *next) {
    const struct trace *trace = scene->trace;
    if (*next == trace->outcome_count || trace->outcomes[*next].step != step)
        return NULL;
    return &trace->outcomes[(*next)++];
}

bool scene_is_start(const struct scene *scene,
                    const struct happens_edge *edge) {
    return scene_step(scene, edge->to)->kind == OP_BEGIN;
}

// Puts the label of a pooled object in the place of its name: "writes
// context#1.keys" becomes "writes #1.keys".
static void shorten(const struct scene *scene, char *text) {
    for (int i = 0; i < scene->object_count; i++) {
        const struct scene_object *object = &scene->objects[i];
        size_t stem = (size_t)(object->label - object->name);
        size_t length = strlen(object->name);
        char *at = stem ? strstr(text, object->name) : NULL;
        if (!at || (at > text && at[-1] != ' '))
            continue;
        if (at[length] != '\0' && !strchr(". ", at[length]))
            continue; // context#12 is another
        memmove(at, at + stem, strlen(at + stem) + 1);
        return;
    }
}

// "timestamp=1750263666001"
static void print_found(const struct step *step, char *text, size_t room) {
    size_t used = strlen(text);
    if (step->saw)
        snprintf(text + used, room - used, "%s%s=%lld", used ? " " : "",
                 step->saw, step->value);
}

void scene_describe(const struct scene *scene, int step, bool short_names,
                    char *text, size_t room) {
    const struct step *what = scene_step(scene, step);
    snprintf(text, room, "%s", what->detail);
    if (short_names)
        shorten(scene, text);
    print_found(what, text, room);
}
