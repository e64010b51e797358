#include "record.h"

static json_t *json_of_text(const char *text) {
    return *text ? json_string(text) : json_null();
}

static json_t *json_of_number(int number) {
    return number ? json_integer(number) : json_null();
}

static json_t *json_of_locks(const struct record_side *side) {
    json_t *locks = json_array();
    if (side->step == 0) {
        json_decref(locks);
        return json_null();
    }
    for (int i = 0; i < side->lock_count; i++)
        json_array_append_new(locks, json_string(side->locks[i]));
    return locks;
}

static json_t *json_of_parent(const struct record_side *side) {
    if (side->made_step == 0)
        return json_null();
    return json_pack("{s:s, s:i, s:o, s:o, s:o}", "task", side->parent, "step",
                     side->made_step, "function",
                     json_of_text(side->made_at.function), "file",
                     json_of_text(side->made_at.file), "line",
                     json_of_number(side->made_at.line));
}

static json_t *json_of_side(const struct record_side *side) {
    return json_pack(
        "{s:s, s:o, s:b, s:o, s:s?, s:o, s:o, s:o, s:o, s:o, s:o}", "task",
        side->task, "request", json_of_text(side->request), "write",
        side->write, "bytes", json_of_number(side->bytes), "point", side->point,
        "function", json_of_text(side->place.function), "file",
        json_of_text(side->place.file), "line",
        json_of_number(side->place.line), "step", json_of_number(side->step),
        "locks", json_of_locks(side), "started_by", json_of_parent(side));
}

static json_t *json_of_record(const struct record *record) {
    json_t *sides = json_array();
    for (int i = 0; i < record->side_count; i++)
        json_array_append_new(sides, json_of_side(&record->sides[i]));
    return json_pack("{s:s, s:s, s:i, s:o}", "kind", record->kind, "object",
                     record->object, "step", record->step, "accesses", sides);
}

json_t *record_json(const struct record *records, int count) {
    json_t *list = json_array();
    for (int i = 0; i < count; i++)
        json_array_append_new(list, json_of_record(&records[i]));
    return list;
}

static void print_place(const struct record_place *place, const char *before,
                        FILE *out) {
    if (place->line)
        fprintf(out, "%s%s, %s:%d", before, place->function, place->file,
                place->line);
}

static void print_locks(const struct record_side *side, FILE *out) {
    if (side->step == 0)
        return;
    fprintf(out, "       holding ");
    for (int i = 0; i < side->lock_count; i++)
        fprintf(out, "%s%s", i ? ", " : "", side->locks[i]);
    fprintf(out, "%s\n", side->lock_count ? "" : "no lock");
}

static void print_side(const struct record_side *side, FILE *out) {
    fprintf(out, "     %s", side->task);
    if (side->request[0])
        fprintf(out, ", for %s,", side->request);
    fprintf(out, " %s", side->write ? "wrote" : "read");
    if (side->bytes)
        fprintf(out, " %d byte%s", side->bytes, side->bytes == 1 ? "" : "s");
    print_place(&side->place, " in ", out);
    if (side->step)
        fprintf(out, ", step %d", side->step);
    fprintf(out, "\n");
    print_locks(side, out);
    if (side->made_step == 0)
        return;
    fprintf(out, "       started by %s", side->parent);
    print_place(&side->made_at, " in ", out);
    fprintf(out, ", step %d\n", side->made_step);
}

void record_print(const struct record *record, FILE *out) {
    for (int i = 0; i < record->side_count; i++)
        print_side(&record->sides[i], out);
}
