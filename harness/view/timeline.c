#include "timeline.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

enum {
    LANES = 4,          // tasks with a column of their own, at most
    LAST_WIDTH = 26,    // of the last column: "uv_rwlock_rdunlock #1.lock"
    SHARED_WIDTH = 34,  // the same behind a name: "A.job.2:"
    PITCH = 22,         // of the others, at most: what is wider runs over
    OWNER_WIDTH = 4,    // of a request's name in the margin, at most
    OWNERS_COLUMNS = 16 // of all pooled objects in the margin, at most
};

// Where things stand, and whose the objects are as of the row under way.
struct layout {
    const struct scene *scene;
    int number_width;
    int owner_width, owner_shown; // how many objects are
    int margin;                   // the columns that come before the tasks'
    int lane_count;
    bool is_shared; // the last lane is, by those who have none of their own
    int starts[LANES], first[LANES], last[LANES];
    int lane_of[LIMIT_TASKS];
    int next_edge, next_outcome; // of the scene's, to be shown
    bool known[LIMIT_POOLED];    // has been got
    int owners[LIMIT_POOLED];
};

// A row under way; `columns` are taken.
struct row {
    const struct layout *layout;
    int step; // for the lanes: who is there?
    int columns;
    size_t bytes;
    char text[LIMIT_MESSAGE];
};

static void put_bytes(struct row *row, const char *text, size_t bytes) {
    char piece[LIMIT_MESSAGE];
    if (bytes > sizeof row->text - row->bytes - 1)
        return;
    memcpy(piece, text, bytes);
    piece[bytes] = '\0';
    for (char *at = piece; *at;) {
        int of_character = text_character(at);
        if (of_character == 0 || (unsigned char)*at < ' ' || *at == 127)
            *at = '?';
        at += of_character > 0 ? of_character : 1;
    }
    memcpy(row->text + row->bytes, piece, bytes + 1);
    row->bytes += bytes;
    row->columns += text_columns(piece);
}

static void put(struct row *row, const char *text) {
    put_bytes(row, text, strlen(text));
}

static bool has_lane_at(const struct row *row, int column) {
    const struct layout *layout = row->layout;
    for (int i = 0; i < layout->lane_count; i++)
        if (layout->starts[i] == column)
            return layout->first[i] <= row->step &&
                   row->step <= layout->last[i];
    return false;
}

// Up to `column`; with blanks the lanes of those who are there show.
static void fill(struct row *row, int column, char with) {
    while (row->columns < column) {
        char one = with == ' ' && has_lane_at(row, row->columns) ? '|' : with;
        put_bytes(row, &one, 1);
    }
}

static void end_row(struct row *row, const char *colour, FILE *out) {
    while (row->bytes > 0 && row->text[row->bytes - 1] == ' ')
        row->text[--row->bytes] = '\0';
    if (*colour)
        fprintf(out, "%s%s\033[0m\n", colour, row->text);
    else
        fprintf(out, "%s\n", row->text);
    row->bytes = 0;
    row->columns = 0;
    row->text[0] = '\0';
}

// How many bytes of a text fit in so many columns. Not in the middle of a
// word, unless `anywhere`; never in the middle of a character.
static size_t fitting(const char *text, int columns, bool anywhere) {
    size_t best = 0;
    char piece[LIMIT_MESSAGE];
    for (size_t i = 1; i <= strlen(text) && i < sizeof piece; i++) {
        bool is_end = text[i] == '\0' || text[i] == ' ';
        if ((text[i] & 0xC0) == 0x80 || (!is_end && !anywhere))
            continue;
        memcpy(piece, text, i);
        piece[i] = '\0';
        if (text_columns(piece) > columns)
            break;
        best = i;
    }
    return best;
}

static int word_columns(const char *text) {
    char word[LIMIT_MESSAGE];
    snprintf(word, sizeof word, "%.*s", (int)strcspn(text, " "), text);
    return text_columns(word);
}

// Puts as much as there is room for up to `end`, and returns the rest.
static const char *put_some(struct row *row, const char *text, int end) {
    size_t bytes = fitting(text, end - row->columns, false);
    if (bytes == 0)
        bytes = fitting(text, end - row->columns, true);
    put_bytes(row, text, bytes);
    text += bytes;
    return text + strspn(text, " ");
}

// The rest of a text, below its beginning; further to the left where a word is
// too long for that.
static void put_rest(struct row *row, const char *text, int column,
                     const char *colour, FILE *out) {
    while (*text) {
        int start = TIMELINE_COLUMNS - word_columns(text);
        if (start > column)
            start = column;
        if (start < row->layout->margin)
            start = row->layout->margin;
        fill(row, start, ' ');
        text = put_some(row, text, TIMELINE_COLUMNS);
        end_row(row, colour, out);
    }
}

static void widen(int *width, const char *name, int most) {
    int columns = text_columns(name);
    if (columns > most)
        columns = most;
    if (columns > *width)
        *width = columns;
}

// A name of at most so many columns; one that is cut ends in '~'.
static void cut_name(const char *name, int columns, char *text, size_t room) {
    if (text_columns(name) <= columns)
        snprintf(text, room, "%s", name);
    else
        snprintf(text, room, "%.*s~", (int)fitting(name, columns - 1, true),
                 name);
}

static void lay_out_margin(struct layout *layout) {
    const struct scene *scene = layout->scene;
    layout->number_width = 3;
    for (int most = 999; most < scene->trace->step_count; most = most * 10 + 9)
        layout->number_width++;
    for (int i = 0; i < scene->object_count; i++)
        widen(&layout->owner_width, scene->objects[i].label, OWNER_WIDTH);
    for (int i = 0; i < scene->owners->request_count; i++)
        widen(&layout->owner_width, scene->owners->requests[i], OWNER_WIDTH);
    layout->owner_shown = scene->object_count;
    int most = OWNERS_COLUMNS / (layout->owner_width + 1);
    if (layout->owner_shown > most)
        layout->owner_shown = most;
    layout->margin = layout->number_width + 2 +
                     layout->owner_shown * (layout->owner_width + 1);
}

// Gives the lanes: to the first task, to those who are in what is wrong, then
// to the others as they came; in the end from left to right as they came.
static void choose_lanes(const struct scene *scene, bool *own, int room) {
    int given = 0;
    if (scene->task_count > 0)
        own[scene->tasks[given++]] = true;
    for (int i = 0; i < scene->mark_count && given < room; i++) {
        const struct scene_mark *mark = &scene->marks[i];
        const int steps[] = {mark->first, mark->second};
        for (int j = 0; j < 2 && given < room; j++) {
            int task = steps[j] ? scene_step(scene, steps[j])->task : -1;
            if (task < 0 || own[task])
                continue;
            own[task] = true;
            given++;
        }
    }
    for (int i = 0; i < scene->task_count && given < room; i++) {
        given += !own[scene->tasks[i]];
        own[scene->tasks[i]] = true;
    }
}

static void join_lane(struct layout *layout, int task, int lane) {
    int first = scene_first(layout->scene, task);
    const struct trace *trace = layout->scene->trace;
    int last = trace->stands_at[task] ? trace->step_count
                                      : scene_last(layout->scene, task);
    layout->lane_of[task] = lane;
    if (layout->first[lane] == 0 || first < layout->first[lane])
        layout->first[lane] = first;
    if (last > layout->last[lane])
        layout->last[lane] = last;
}

static void lay_out_lanes(struct layout *layout) {
    const struct scene *scene = layout->scene;
    bool own[LIMIT_TASKS] = {false};
    layout->is_shared = scene->task_count > LANES;
    layout->lane_count = layout->is_shared ? LANES : scene->task_count;
    choose_lanes(scene, own, layout->is_shared ? LANES - 1 : LANES);
    int next = 0;
    for (int i = 0; i < scene->task_count; i++)
        join_lane(layout, scene->tasks[i],
                  own[scene->tasks[i]] ? next++ : LANES - 1);
    for (int i = 0; i < scene->trace->outcome_count; i++) {
        const struct outcome *outcome = &scene->trace->outcomes[i];
        int *last = &layout->last[layout->lane_of[outcome->task]];
        if (*last < outcome->step)
            *last = outcome->step;
    }
    int pitch = PITCH;
    int room = TIMELINE_COLUMNS - layout->margin -
               (layout->is_shared ? SHARED_WIDTH : LAST_WIDTH);
    if (layout->lane_count > 1 && room / (layout->lane_count - 1) < pitch)
        pitch = room / (layout->lane_count - 1);
    for (int i = 0; i < layout->lane_count; i++)
        layout->starts[i] = layout->margin + i * pitch;
}

static bool is_in(const struct scene_mark *mark, int step) {
    return mark->second == step || mark->first == step;
}

// '!' of the two steps that decide, '*' of whatever else is wrong.
static char mark_of(const struct scene *scene, int step) {
    for (int i = 0; i < scene->mark_count; i++) {
        const struct scene_mark *mark = &scene->marks[i];
        if (i == 0 && is_in(mark, step))
            return '!';
        if (mark->second == step || (mark->race && mark->first == step))
            return '*';
    }
    return ' ';
}

static const char *colour_of(char mark, bool coloured) {
    if (!coloured || mark == ' ')
        return "";
    return mark == '!' ? "\033[1;31m" : "\033[33m";
}

static void put_margin(struct row *row, int step, char mark) {
    const struct layout *layout = row->layout;
    char text[LIMIT_NAME];
    snprintf(text, sizeof text, "%*d%c ", layout->number_width, step, mark);
    put(row, text);
    for (int i = 0; i < layout->owner_shown; i++) {
        int owner = layout->owners[i];
        const char *name = owners_name(layout->scene->owners, owner);
        cut_name(layout->known[i] ? *name ? name : "-" : "",
                 layout->owner_width, text, sizeof text);
        put(row, text);
        fill(row,
             layout->number_width + 2 + (i + 1) * (layout->owner_width + 1),
             ' ');
    }
}

static void own(struct layout *layout, const struct step *step) {
    int object = scene_object_of(layout->scene, step);
    if (object < 0)
        return;
    layout->known[object] = true;
    layout->owners[object] =
        step->kind == OP_GET ? step->works_for : OWNER_NOBODY;
}

// The steps that a row is tied to, by lane; "" for none.
struct ties {
    char sources[LANES][LIMIT_NAME]; // "20", of more than one "86,93"
    char with; // '-' come before it, '~' race with it, '=' are in order …
};

static void tie(const struct layout *layout, struct ties *ties, int from,
                int lane, char with) {
    int source = layout->lane_of[scene_step(layout->scene, from)->task];
    char *text = ties->sources[source], earlier[LIMIT_NAME];
    if (source == lane)
        return;
    snprintf(earlier, sizeof earlier, "%s", text);
    snprintf(text, LIMIT_NAME, "%d%s%.40s", from, *earlier ? "," : "", earlier);
    ties->with = with;
}

static struct ties ties_of(struct layout *layout, int step, int lane) {
    const struct scene *scene = layout->scene;
    struct ties ties = {.with = '-'};
    for (; layout->next_edge < scene->edge_count; layout->next_edge++) {
        const struct happens_edge *edge = &scene->edges[layout->next_edge];
        if (edge->to != step)
            break;
        tie(layout, &ties, edge->from, lane, '-');
    }
    for (int i = 0; i < scene->mark_count; i++) {
        const struct scene_mark *mark = &scene->marks[i];
        if (mark->second == step && mark->first)
            tie(layout, &ties, mark->first, lane, mark->ordered ? '=' : '~');
    }
    return ties;
}

// "20 ----------> " up to the lane.
static void put_ties_left(struct row *row, const struct ties *ties, int lane) {
    char with = ' ';
    int start = row->layout->starts[lane];
    for (int i = 0; i < lane; i++) {
        if (!*ties->sources[i])
            continue;
        fill(row, row->layout->starts[i], with);
        put(row, ties->sources[i]);
        put(row, " ");
        with = ties->with;
    }
    if (with == ' ')
        return;
    fill(row, start - 2, with);
    put(row, with == '-' ? "> " : (const char[]){with, ' ', '\0'});
}

// " <-------- 30" behind the text.
static void put_ties_right(struct row *row, const struct ties *ties, int lane) {
    char head = '<';
    for (int i = lane + 1; i < row->layout->lane_count; i++) {
        if (!*ties->sources[i])
            continue;
        const char tail[] = {' ', ties->with == '-' ? head : ties->with,
                             ties->with, '\0'};
        put(row, tail);
        head = '-';
        fill(row, row->layout->starts[i] - 1, ties->with);
        put(row, " ");
        put(row, ties->sources[i]);
    }
}

static int ties_room(const struct ties *ties, int lane) {
    int room = 0;
    for (int i = lane + 1; i < LANES; i++)
        if (*ties->sources[i]) // " <- 12345"
            room += 4 + (int)strlen(ties->sources[i]);
    return room;
}

// The column does not say who does it.
static bool is_named(const struct layout *layout, int lane) {
    return layout->is_shared && lane == LANES - 1;
}

// Who, where the column does not say it, and what.
static void describe(const struct layout *layout, int number, char *text,
                     size_t room) {
    const struct scene *scene = layout->scene;
    const struct step *step = scene_step(scene, number);
    char what[LIMIT_NAME * 4];
    int lane = layout->lane_of[scene_line_of(scene, step)];
    bool named = scene_is_stackless(step)
                     ? strcmp(step->task_name, step->name) != 0
                     : is_named(layout, lane);
    scene_describe(scene, number, true, what, sizeof what);
    snprintf(text, room, "%s%s%s%s%s", named ? step->task_name : "",
             named ? ": " : "", step->name, *what ? " " : "", what);
}

// What was reported then, by whomever: no step of its own.
static void print_outcomes(struct layout *layout, int number, FILE *out) {
    const struct scene *scene = layout->scene;
    struct row row = {.layout = layout, .step = number};
    const struct outcome *outcome;
    while ((outcome = scene_outcome(scene, number, &layout->next_outcome))) {
        char text[LIMIT_MESSAGE / 2];
        const char *name = outcome->task_name;
        int lane = layout->lane_of[outcome->task];
        bool named = is_named(layout, lane) ||
                     strcmp(name, scene->trace->task_names[outcome->task]) != 0;
        snprintf(text, sizeof text, "%s%sreports %s", named ? name : "",
                 named ? ": " : "", outcome->line);
        put_rest(&row, text, layout->starts[lane], "", out);
    }
}

static void print_step(struct layout *layout, int number, bool coloured,
                       FILE *out) {
    const struct scene *scene = layout->scene;
    const struct step *step = scene_step(scene, number);
    struct row row = {.layout = layout, .step = number};
    char text[LIMIT_MESSAGE / 2];
    int lane = layout->lane_of[scene_line_of(scene, step)];
    char mark = mark_of(scene, number);
    const char *colour = colour_of(mark, coloured);
    struct ties ties = ties_of(layout, number, lane);
    own(layout, step);
    put_margin(&row, number, mark);
    put_ties_left(&row, &ties, lane);
    fill(&row, layout->starts[lane], ' ');
    describe(layout, number, text, sizeof text);
    const char *rest =
        put_some(&row, text, TIMELINE_COLUMNS - ties_room(&ties, lane));
    put_ties_right(&row, &ties, lane);
    put(&row, " "); // no lane right behind the text
    fill(&row, layout->starts[layout->lane_count - 1] + 1, ' ');
    end_row(&row, colour, out);
    put_rest(&row, rest, layout->starts[lane], colour, out);
    print_outcomes(layout, number, out);
}

static void print_head(const struct layout *layout, bool coloured, FILE *out) {
    const struct scene *scene = layout->scene;
    struct row row = {.layout = layout};
    char text[LIMIT_NAME];
    for (int i = 0; i < layout->owner_shown; i++) {
        fill(&row, layout->number_width + 2 + i * (layout->owner_width + 1),
             ' ');
        cut_name(scene->objects[i].label, layout->owner_width, text,
                 sizeof text);
        put(&row, text);
    }
    for (int i = 0; i < layout->lane_count; i++) {
        int end = i + 1 < layout->lane_count ? layout->starts[i + 1] - 1
                                             : TIMELINE_COLUMNS;
        bool shared = layout->is_shared && i == LANES - 1;
        const char *name = "others";
        for (int j = 0; j < scene->task_count && !shared; j++)
            if (layout->lane_of[scene->tasks[j]] == i)
                name = scene->trace->task_names[scene->tasks[j]];
        cut_name(name, end - layout->starts[i], text, sizeof text);
        fill(&row, layout->starts[i], ' ');
        put(&row, text);
    }
    end_row(&row, coloured ? "\033[1m" : "", out);
}

// A paragraph: what it is about in a column of its own, then the text.
static void print_note(const char *about, int column, const char *text,
                       FILE *out) {
    const struct layout none = {.margin = column};
    struct row row = {.layout = &none};
    fill(&row, 2, ' ');
    put(&row, about);
    if (row.columns >= column)
        end_row(&row, "", out);
    put_rest(&row, text, column, "", out);
}

enum { LEGEND_COLUMN = 12, MARKS_COLUMN = 12 };

static bool has_mark(const struct scene *scene, bool ordered) {
    for (int i = 0; i < scene->mark_count; i++)
        if (scene->marks[i].first && scene->marks[i].ordered == ordered)
            return true;
    return false;
}

static void print_sharers(const struct layout *layout, FILE *out) {
    const struct scene *scene = layout->scene;
    char *text;
    size_t bytes;
    FILE *list = layout->is_shared ? open_memstream(&text, &bytes) : NULL;
    if (!list)
        return;
    const char *comma = "";
    for (int i = 0; i < scene->task_count; i++) {
        if (layout->lane_of[scene->tasks[i]] != LANES - 1)
            continue;
        fprintf(list, "%s%s", comma, scene->trace->task_names[scene->tasks[i]]);
        comma = ", ";
    }
    fprintf(list,
            " share this column, each row with its name: %d tasks, %d columns",
            scene->task_count, LANES);
    fclose(list);
    print_note("others", LEGEND_COLUMN, text, out);
    free(text);
}

static void print_legend(const struct layout *layout, FILE *out) {
    const struct scene *scene = layout->scene;
    char text[LIMIT_MESSAGE];
    fprintf(out, "legend\n");
    for (int i = 0; i < layout->owner_shown; i++) {
        snprintf(text, sizeof text,
                 "%s: the request whose it is, - while it lies in the pool",
                 scene->objects[i].name);
        print_note(scene->objects[i].label, LEGEND_COLUMN, text, out);
    }
    if (layout->owner_shown < scene->object_count) {
        snprintf(text, sizeof text, "and %d more, for which there is no room",
                 scene->object_count - layout->owner_shown);
        print_note("...", LEGEND_COLUMN, text, out);
    }
    print_note("7 ---->", LEGEND_COLUMN,
               "step 7, and what its task did before, comes before this", out);
    if (has_mark(scene, false))
        print_note("7 ~~~~~", LEGEND_COLUMN,
                   "step 7 and this: a race, nothing orders the two", out);
    if (has_mark(scene, true))
        print_note("7 =====", LEGEND_COLUMN,
                   "step 7 wrote what this touches, for another request: in "
                   "order, so no race",
                   out);
    print_sharers(layout, out);
}

static void write_race(const struct scene *scene,
                       const struct happens_race *race, FILE *out) {
    const struct happens_access *accesses = race->accesses;
    fprintf(out,
            "race on %s: %s %s it at %s, %s %s it at %s, and nothing orders "
            "the two",
            race->object, text_task_of_step(scene->trace, accesses[0].step),
            accesses[0].write ? "writes" : "reads", accesses[0].point,
            text_task_of_step(scene->trace, accesses[1].step),
            accesses[1].write ? "writes" : "reads", accesses[1].point);
}

static void write_last_writer(const struct scene *scene,
                              const struct scene_mark *mark, FILE *out) {
    int request = scene_step(scene, mark->first)->works_for;
    const char *name = owners_name(scene->owners, request);
    fprintf(out, "; the last to write it was step %d%s%s", mark->first,
            *name ? ", for " : "", name);
    if (mark->ordered)
        fprintf(out, ", which comes before: no race, and not its own all the "
                     "same");
    else
        fprintf(out, ", and nothing orders the two");
}

static void print_mark(const struct scene *scene, int index, FILE *out) {
    const struct scene_mark *mark = &scene->marks[index];
    char about[LIMIT_NAME], *text;
    size_t bytes;
    FILE *note = open_memstream(&text, &bytes);
    if (!note)
        abort(); // a line of text: nothing can go on
    if (mark->race)
        write_race(scene, mark->race, note);
    if (mark->race && mark->finding)
        fprintf(note, "; ");
    if (mark->finding)
        text_finding_print(scene->trace, scene->owners, mark->finding, note);
    if (!mark->race && mark->first)
        write_last_writer(scene, mark, note);
    fclose(note);
    if (mark->first)
        snprintf(about, sizeof about, "%c %d, %d", index ? '*' : '!',
                 mark->first, mark->second);
    else
        snprintf(about, sizeof about, "%c %d", index ? '*' : '!', mark->second);
    print_note(about, MARKS_COLUMN, text, out);
    free(text);
}

void timeline_print(const struct scene *scene, bool coloured, FILE *out) {
    struct layout layout = {.scene = scene};
    lay_out_margin(&layout);
    lay_out_lanes(&layout);
    fprintf(out, "timeline\n");
    print_head(&layout, coloured, out);
    for (int i = 1; i <= scene->trace->step_count; i++)
        print_step(&layout, i, coloured, out);
    print_legend(&layout, out);
    fprintf(out, "wrong\n");
    for (int i = 0; i < scene->mark_count; i++)
        print_mark(scene, i, out);
    if (scene->ended)
        print_note("! the end", MARKS_COLUMN, scene->ended, out);
    if (scene->mark_count == 0 && !scene->ended)
        fprintf(out, "  nothing\n");
}
