#include "exercise.h"

#include "classroom_config.h"

#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_BYTES_MAX = 64 * 1024 }; // the longest has about 10 KB

static const char *const codes[LANGUAGES] = {"en", "zh"};

static int complain(const char *where, const char *what) {
    fprintf(stderr, "racelab: %s: %s\n", where, what);
    return -1;
}

// Loading.

// What the judge reads of it must be there: else every submission would be
// told a wrong thing.
static const char *flaw_of(json_t *json) {
    json_error_t error;
    const char *en, *zh;

    if (json_unpack_ex(
            json, &error, 0, "{s:{s:s, s:s}, s:o, s:{s:s}, s:o}", "title", "en",
            &en, "zh", &zh, "points", &(json_t *){NULL}, "program", "right",
            &(const char *){NULL}, "witness", &(json_t *){NULL}) != 0)
        return "wants title {en, zh}, points, program {right} and witness";
    if (!json_is_object(json_object_get(json, "points")) ||
        !json_is_array(json_object_get(json, "witness")) ||
        !json_is_array(json_object_get(json, "answers")))
        return "points is an object, witness and answers are lists";
    return NULL;
}

static json_t *load_json(const char *path) {
    json_error_t error;
    char where[sizeof error.text + 600];
    json_t *json = json_load_file(path, JSON_REJECT_DUPLICATES, &error);

    if (json == NULL) {
        snprintf(where, sizeof where, "%s:%d:%d", path, error.line,
                 error.column);
        complain(where, error.text);
        return NULL;
    }
    const char *flaw = flaw_of(json);
    if (flaw == NULL)
        return json;
    complain(path, flaw);
    json_decref(json);
    return NULL;
}

static int load(struct exercise *exercise, const char *name) {
    char path[sizeof exercise->directory + 32];

    if (strlen(name) >= sizeof exercise->name ||
        strlen(CLASSROOM_SOURCE_ROOT) + strlen("/lab/exercises/") +
                strlen(name) >=
            sizeof exercise->directory)
        return complain(name, "this name of an exercise is too long");
    strcpy(exercise->name, name);
    exercise->number = atoi(name);
    sprintf(exercise->directory, "%s/lab/exercises/%s", CLASSROOM_SOURCE_ROOT,
            name);
    sprintf(path, "%s/exercise.json", exercise->directory);
    exercise->json = load_json(path);
    if (exercise->json == NULL)
        return -1;
    exercise->has_repair =
        json_object_get(json_object_get(exercise->json, "points"), "outcome") !=
        NULL;
    return 0;
}

// "02-seed"; the folder has others beside.
static int is_exercise(const struct dirent *entry) {
    const char *name = entry->d_name;

    return name[0] >= '0' && name[0] <= '9' && name[1] >= '0' &&
           name[1] <= '9' && name[2] == '-';
}

static int load_entries(struct exercise_list *list, struct dirent **names,
                        int count) {
    list->entries = calloc((size_t)count, sizeof *list->entries);
    if (list->entries == NULL)
        return complain("the exercises", strerror(errno));
    for (int i = 0; i < count; i++) {
        if (load(&list->entries[list->count], names[i]->d_name) != 0)
            return -1;
        list->count++;
    }
    return 0;
}

int exercise_list_load(struct exercise_list *list) {
    static const char root[] = CLASSROOM_SOURCE_ROOT "/lab/exercises";
    struct dirent **names;
    int count = scandir(root, &names, is_exercise, alphasort);

    *list = (struct exercise_list){NULL, 0};
    if (count < 0)
        return complain(root, strerror(errno));
    int status = count > 0 ? load_entries(list, names, count)
                           : complain(root, "there is no exercise in it");
    for (int i = 0; i < count; i++)
        free(names[i]);
    free(names);
    if (status != 0)
        exercise_list_free(list);
    return status;
}

void exercise_list_free(struct exercise_list *list) {
    for (unsigned i = 0; i < list->count; i++)
        json_decref(list->entries[i].json);
    free(list->entries);
    *list = (struct exercise_list){NULL, 0};
}

// Finding.

static bool is_called(const struct exercise *exercise, const char *name) {
    char *end;
    long number = strtol(name, &end, 10);

    if (end != name && *end == '\0')
        return number == exercise->number;
    return strcmp(name, exercise->name) == 0 ||
           strcmp(name, exercise->name + strlen("NN-")) == 0;
}

const struct exercise *exercise_find(const struct exercise_list *list,
                                     const char *name) {
    for (unsigned i = 0; i < list->count; i++)
        if (is_called(&list->entries[i], name))
            return &list->entries[i];
    return NULL;
}

// Texts.

const char *exercise_title(const struct exercise *exercise,
                           enum language language) {
    return json_string_value(json_object_get(
        json_object_get(exercise->json, "title"), codes[language]));
}

static char *read_text(const char *path) {
    FILE *file = fopen(path, "re");
    char *text = malloc(TEXT_BYTES_MAX + 1);

    if (file == NULL || text == NULL) {
        complain(path, strerror(errno));
        free(text);
        if (file != NULL)
            fclose(file);
        return NULL;
    }
    text[fread(text, 1, TEXT_BYTES_MAX, file)] = '\0';
    fclose(file);
    return text;
}

// What lies below the heading number `number` (from 1) of those that begin
// with `mark`, up to the next one; NULL when there are fewer.
static char *below(const char *text, const char *mark, int number) {
    const char *from = NULL;

    for (const char *line = text; *line != '\0';) {
        const char *next = line + strcspn(line, "\n");
        next += *next == '\n';
        if (strncmp(line, mark, strlen(mark)) == 0) {
            if (from != NULL)
                return strndup(from, (size_t)(line - from));
            if (--number == 0)
                from = next + strspn(next, "\n");
        }
        line = next;
    }
    return from != NULL ? strdup(from) : NULL;
}

static char *section(const struct exercise *exercise, enum language language,
                     enum section section, int hint) {
    char path[sizeof exercise->directory + 32];

    sprintf(path, "%s/%s.md", exercise->directory, codes[language]);
    char *text = read_text(path);
    if (text == NULL)
        return NULL;
    char *part = below(text, "## ", (int)section + 1);
    free(text);
    if (part != NULL && hint > 0) {
        text = part;
        part = below(text, "### ", hint);
        free(text);
    }
    if (part == NULL)
        complain(path, "has fewer sections than it should have");
    return part;
}

char *exercise_section(const struct exercise *exercise, enum language language,
                       enum section which) {
    return section(exercise, language, which, 0);
}

char *exercise_hint(const struct exercise *exercise, enum language language,
                    int number) {
    return section(exercise, language, SECTION_HINTS, number);
}
