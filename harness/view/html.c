#include "html.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

static const char HEAD[] =
    "<!DOCTYPE html>\n"
    "<html lang=\"en\">\n"
    "<head>\n"
    "<meta charset=\"utf-8\">\n"
    "<style>\n"
    "body { font: 14px/1.4 sans-serif; margin: 1em; color: #222; }\n"
    "table { border-collapse: collapse; }\n"
    "th { position: sticky; top: 0; background: #fff; text-align: left; }\n"
    "th, td { padding: 1px 8px; vertical-align: top; }\n"
    "td { font-family: monospace; }\n"
    "td.number { text-align: right; color: #888; }\n"
    "td.owner { color: #06c; }\n"
    "td.on { border-left: 2px solid #888; }\n"
    "td.acts { background: #f3f3f3; }\n"
    "tr.foreign td.acts { background: #fff0c8; }\n"
    "tr.race td.acts { background: #ffcdcd; }\n"
    "tr:target td { outline: 2px solid #06c; }\n"
    "a { color: #06c; text-decoration: none; }\n"
    ".note { color: #a00; }\n"
    ".reporter { margin-top: 4px; }\n"
    ".outcome { font-weight: bold; }\n"
    "</style>\n";

struct page {
    const struct scene *scene;
    FILE *out;
    int next_edge;                             // of the scene's, to be shown
    int first[LIMIT_TASKS], last[LIMIT_TASKS]; // steps, by the scene's tasks
    const char *owners[LIMIT_POOLED];          // as of the row under way
};

// What is no text, or has a meaning of its own, is written so that it has none.
static void put_text(FILE *out, const char *text) {
    while (*text) {
        int bytes = text_character(text);
        unsigned char c = (unsigned char)*text;
        if (bytes == 0 || c < ' ' || c == 0x7F)
            fputc('?', out);
        else if (strchr("&<>\"'", c))
            fprintf(out, "&#%d;", c);
        else
            fprintf(out, "%.*s", bytes, text);
        text += bytes > 0 ? bytes : 1;
    }
}

static void put_element(FILE *out, const char *class, const char *text) {
    fprintf(out, "<div class=\"%s\">", class);
    put_text(out, text);
    fprintf(out, "</div>");
}

static void put_head(const struct scene *scene, const char *title, FILE *out) {
    fputs(HEAD, out);
    fprintf(out, "<title>");
    put_text(out, title);
    fprintf(out, "</title>\n</head>\n<body>\n<h1>");
    put_text(out, title);
    fprintf(out, "</h1>\n<table>\n<thead><tr><th>step</th>");
    for (int i = 0; i < scene->object_count; i++) {
        fprintf(out, "<th>");
        put_text(out, scene->objects[i].name);
        fprintf(out, "</th>");
    }
    for (int i = 0; i < scene->task_count; i++) {
        fprintf(out, "<th>");
        put_text(out, scene->trace->task_names[scene->tasks[i]]);
        fprintf(out, "</th>");
    }
    fprintf(out, "</tr></thead>\n<tbody>\n");
}

static void put_edges(struct page *page, int number) {
    const struct scene *scene = page->scene;
    for (; page->next_edge < scene->edge_count; page->next_edge++) {
        const struct happens_edge *edge = &scene->edges[page->next_edge];
        if (edge->to > number)
            return;
        fprintf(page->out, "<div><a href=\"#s%d\">after %d</a></div>",
                edge->from, edge->from);
    }
}

static void put_finding(const struct scene *scene,
                        const struct finding *finding, FILE *out) {
    char *text = NULL;
    size_t bytes = 0;
    FILE *sentence = open_memstream(&text, &bytes);
    if (!sentence)
        abort(); // a few bytes: nothing can go on
    text_finding_print(scene->trace, scene->owners, finding, sentence);
    fclose(sentence);
    put_element(out, "note", text);
    free(text);
}

// Behind the later one of two steps, or the only one.
static void put_marks(const struct scene *scene, int number, FILE *out) {
    for (int i = 0; i < scene->mark_count; i++) {
        const struct scene_mark *mark = &scene->marks[i];
        if (mark->second != number)
            continue;
        if (mark->finding)
            put_finding(scene, mark->finding, out);
        if (!mark->first)
            continue;
        fprintf(out,
                "<div class=\"note\"><a href=\"#s%d\">step %d</a> %s</div>",
                mark->first, mark->first,
                mark->race      ? "and this race: nothing orders them"
                : mark->ordered ? "comes before: no race, and not its own"
                                : "wrote it last");
    }
}

static void put_step(struct page *page, int number) {
    const struct scene *scene = page->scene;
    FILE *out = page->out;
    const struct step *step = scene_step(scene, number);
    char text[LIMIT_MESSAGE];
    put_edges(page, number);
    if (scene_is_stackless(step)) {
        put_text(out, step->task_name);
        fprintf(out, ": ");
    }
    put_text(out, step->name);
    scene_describe(scene, number, false, text, sizeof text);
    fputs(*text ? " " : "", out);
    put_text(out, text);
    put_marks(scene, number, out);
}

static void put_outcomes(const struct scene *scene, int number, int task,
                         FILE *out) {
    for (int i = 0; i < scene->trace->outcome_count; i++) {
        const struct outcome *outcome = &scene->trace->outcomes[i];
        if (outcome->step != number || outcome->task != task)
            continue;
        put_element(out, "reporter", outcome->task_name);
        put_element(out, "outcome", outcome->line);
    }
}

static void put_lane(struct page *page, int number, int lane) {
    const struct scene *scene = page->scene;
    int task = scene->tasks[lane];
    bool acts = scene_line_of(scene, scene_step(scene, number)) == task;
    bool there = page->first[lane] <= number && number <= page->last[lane];
    fprintf(page->out, "<td class=\"%s\">",
            acts    ? "on acts"
            : there ? "on"
                    : "");
    if (acts)
        put_step(page, number);
    put_outcomes(scene, number, task, page->out);
    fprintf(page->out, "</td>");
}

static const char *class_of(const struct scene *scene, int number) {
    const char *class = "";
    for (int i = 0; i < scene->mark_count; i++) {
        const struct scene_mark *mark = &scene->marks[i];
        if (mark->first != number && mark->second != number)
            continue;
        if (mark->race)
            return "race";
        class = "foreign";
    }
    return class;
}

static void put_row(struct page *page, int number) {
    const struct scene *scene = page->scene;
    FILE *out = page->out;
    fprintf(out, "<tr id=\"s%d\" class=\"%s\"><td class=\"number\">%d</td>",
            number, class_of(scene, number), number);
    for (int i = 0; i < scene->object_count; i++) {
        fprintf(out, "<td class=\"owner\">");
        put_text(out, page->owners[i]);
        fprintf(out, "</td>");
    }
    for (int i = 0; i < scene->task_count; i++)
        put_lane(page, number, i);
    fprintf(out, "</tr>\n");
}

static void put_end(const struct scene *scene, FILE *out) {
    fprintf(out, "</tbody>\n</table>\n");
    if (scene->ended)
        put_element(out, "note", scene->ended);
    fprintf(out,
            "<p>A row is a step. A column of a pooled object says whose it is: "
            "a request's,\nor -, nobody's. <b>after 7</b>: step 7 happens "
            "before this one. Red: two accesses\nthat race. Yellow: what "
            "else is wrong.</p>\n"
            "</body>\n</html>\n");
}

static void note_owner(struct page *page, int number) {
    const struct step *step = scene_step(page->scene, number);
    int object = scene_object_of(page->scene, step);
    if (object < 0)
        return;
    page->owners[object] =
        step->kind == OP_PUT
            ? "-"
            : owners_name(page->scene->owners, step->works_for);
}

void html_print(const struct scene *scene, const char *title, FILE *out) {
    struct page page = {.scene = scene, .out = out};
    for (int i = 0; i < scene->object_count; i++)
        page.owners[i] = "";
    for (int i = 0; i < scene->task_count; i++) {
        page.first[i] = scene_first(scene, scene->tasks[i]);
        page.last[i] = scene_last(scene, scene->tasks[i]);
    }
    put_head(scene, title, out);
    for (int i = 1; i <= scene->trace->step_count; i++) {
        note_owner(&page, i);
        put_row(&page, i);
    }
    put_end(scene, out);
}
