#include "progress.h"

#include "textfile.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define FORMAT "racelab progress"

enum { FORMAT_NUMBER = 1, CHECKS_MAX = 1000000 };

static const char *const language_names[LANGUAGES] = {
    [ENGLISH] = "en",
    [CHINESE] = "zh",
};

static void path_of(const char *directory, char *path) {
    snprintf(path, TEXTFILE_PATH_MAX, "%s/progress.json", directory);
}

// Are the two the same folder? A neighbour that happens to have the name of a
// course is none of ours.
static bool is_same(const char *one, const char *other) {
    struct stat a, b;

    return stat(one, &a) == 0 && stat(other, &b) == 0 && a.st_dev == b.st_dev &&
           a.st_ino == b.st_ino;
}

// A course is told by what has been handed out.
static bool is_course(const char *directory) {
    char pattern[TEXTFILE_PATH_MAX];
    glob_t found;

    snprintf(pattern, sizeof pattern, "%s/[0-9][0-9]-*", directory);
    bool is_there = glob(pattern, GLOB_NOSORT, NULL, &found) == 0;
    globfree(&found);
    return is_there;
}

const char *progress_directory(void) {
    static const struct {
        const char *directory, *around; // the second from within it
    } above[] = {{"../course", "."}, {"../../course", ".."}};

    for (size_t i = 0; i < sizeof above / sizeof *above; i++)
        if (is_same(above[i].directory, above[i].around) &&
            is_course(above[i].directory) && !is_course("course"))
            return above[i].directory;
    return "course";
}

static bool is_count(const json_t *value, json_int_t max) {
    return value == NULL ||
           (json_is_integer(value) && json_integer_value(value) >= 0 &&
            json_integer_value(value) <= max);
}

static bool is_entry(const json_t *entry) {
    const json_t *passed = json_object_get(entry, "passed");
    return json_is_object(entry) && (!passed || json_is_boolean(passed)) &&
           is_count(json_object_get(entry, "hints"), EXERCISE_HINTS) &&
           is_count(json_object_get(entry, "checks"), CHECKS_MAX);
}

// NULL, or what is wrong with it as a file of progress.
static const char *complaint_about(json_t *json) {
    const json_t *language = json_object_get(json, "language");
    json_t *exercises = json_object_get(json, "exercises"), *entry;
    const char *name;

    if (json_integer_value(json_object_get(json, FORMAT)) != FORMAT_NUMBER)
        return "\"" FORMAT "\": 1 is missing";
    if (language && (!json_is_string(language) ||
                     (strcmp(json_string_value(language), "en") != 0 &&
                      strcmp(json_string_value(language), "zh") != 0)))
        return "\"language\" is neither \"en\" nor \"zh\"";
    if (!json_is_object(exercises))
        return "\"exercises\" is not an object";
    json_object_foreach(exercises, name, entry) {
        if (!is_entry(entry))
            return "an exercise has a value of another kind than it should";
    }
    return NULL;
}

static json_t *fresh(void) {
    return json_pack("{s:i, s:{}}", FORMAT, FORMAT_NUMBER, "exercises");
}

// The whole file as JSON that is a progress; or NULL, and what is wrong.
static json_t *parse(const char *text, size_t bytes, char *wrong, size_t size) {
    json_error_t error;
    json_t *json = json_loadb(text, bytes, JSON_REJECT_DUPLICATES, &error);
    const char *complaint = json ? complaint_about(json) : NULL;

    if (!json)
        snprintf(wrong, size, "line %d: %s", error.line, error.text);
    if (!complaint)
        return json;
    snprintf(wrong, size, "%s", complaint);
    json_decref(json);
    return NULL;
}

// Keeps a file that cannot be understood as progress.json.broken (.1, …).
static int set_broken_aside(const char *path, const char *wrong,
                            const struct page *errors) {
    char broken[TEXTFILE_PATH_MAX + 8], kept[TEXTFILE_PATH_MAX];
    struct stat status;
    int error = 0;

    snprintf(broken, sizeof broken, "%s.broken", path);
    if (lstat(broken, &status) == 0)
        error = textfile_set_aside(broken, kept);
    if (error == 0 && rename(path, broken) != 0)
        error = -errno;
    if (error != 0) {
        page_say(errors,
                 "racelab learn: %s is not a file of progress (%s), and cannot "
                 "be kept under another name: %s. Move it away yourself.",
                 "racelab learn：%s 不是进度文件（%s），也无法改名保留：%s。"
                 "请自己把它移走。",
                 path, wrong, strerror(-error));
        return error;
    }
    page_say(errors,
             "racelab learn: %s is not a file of progress (%s). It is kept as "
             "%s, and the course begins with an empty one. Your own files are "
             "as they were; `racelab learn check` notes again what passes.",
             "racelab learn：%s 不是进度文件（%s）。它已保留为 %s，"
             "进度从空白重新记起。你自己的文件没有变动；"
             "再运行 `racelab learn check`，通过的练习会重新记上。",
             path, wrong, broken);
    return 0;
}

static int load(struct progress *progress, const struct page *errors) {
    char path[TEXTFILE_PATH_MAX], wrong[JSON_ERROR_TEXT_LENGTH + 32];
    char *text;
    size_t bytes;

    path_of(progress->directory, path);
    int error = textfile_read(path, &text, &bytes);
    if (error == 0) {
        progress->json = parse(text, bytes, wrong, sizeof wrong);
        free(text);
        if (!progress->json)
            error = set_broken_aside(path, wrong, errors);
    } else if (error == -ENOENT || error == -ENOTDIR) {
        error = 0;
    } else if (error == -EFBIG || error == -EISDIR) {
        snprintf(wrong, sizeof wrong, "%s", strerror(-error));
        error = set_broken_aside(path, wrong, errors);
    } else {
        page_say(errors, "racelab learn: %s cannot be read: %s",
                 "racelab learn：%s 无法读取：%s", path, strerror(-error));
    }
    if (error == 0 && !progress->json)
        progress->json = fresh();
    return error;
}

int progress_begin(struct progress *progress, const char *directory,
                   const struct page *errors) {
    *progress = (struct progress){.directory = directory};
    // Its lock is the directory's own, so that no file is left behind; where
    // there are no locks, two windows at the same instant are at their own
    // risk.
    progress->lock = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (progress->lock >= 0)
        flock(progress->lock, LOCK_EX);
    int error = load(progress, errors);
    if (error != 0 && progress->lock >= 0)
        close(progress->lock);
    return error;
}

static int save(const struct progress *progress) {
    char path[TEXTFILE_PATH_MAX];
    char *text = json_dumps(progress->json, JSON_INDENT(2) | JSON_SORT_KEYS);
    int error = text ? 0 : -ENOMEM;

    path_of(progress->directory, path);
    if (error == 0 && mkdir(progress->directory, 0777) != 0 && errno != EEXIST)
        error = -errno;
    if (error == 0)
        error = textfile_write(path, text);
    free(text);
    return error;
}

int progress_end(struct progress *progress, const struct page *errors) {
    int error = progress->is_changed ? save(progress) : 0;

    if (error != 0)
        page_say(errors,
                 "racelab learn: %s/progress.json cannot be written: %s. What "
                 "was done now is not remembered.",
                 "racelab learn：%s/progress.json 无法写入：%s。"
                 "这一次所做的没有记下来。",
                 progress->directory, strerror(-error));
    json_decref(progress->json);
    if (progress->lock >= 0)
        close(progress->lock);
    return error;
}

bool progress_language(const struct progress *progress,
                       enum language *language) {
    const char *name =
        json_string_value(json_object_get(progress->json, "language"));

    if (!name)
        return false;
    *language = strcmp(name, language_names[CHINESE]) == 0 ? CHINESE : ENGLISH;
    return true;
}

void progress_choose(struct progress *progress, enum language language) {
    json_object_set_new(progress->json, "language",
                        json_string(language_names[language]));
    progress->is_changed = true;
}

static json_t *field(const struct progress *progress, const char *exercise,
                     const char *name) {
    const json_t *exercises = json_object_get(progress->json, "exercises");
    return json_object_get(json_object_get(exercises, exercise), name);
}

static void set_field(struct progress *progress, const char *exercise,
                      const char *name, json_t *value) {
    json_t *exercises = json_object_get(progress->json, "exercises");
    json_t *entry = json_object_get(exercises, exercise);

    if (!entry) {
        entry = json_object();
        json_object_set_new(exercises, exercise, entry);
    }
    json_object_set_new(entry, name, value);
    progress->is_changed = true;
}

bool progress_has_passed(const struct progress *progress,
                         const char *exercise) {
    return json_is_true(field(progress, exercise, "passed"));
}

int progress_hints(const struct progress *progress, const char *exercise) {
    return (int)json_integer_value(field(progress, exercise, "hints"));
}

int progress_checks(const struct progress *progress, const char *exercise) {
    return (int)json_integer_value(field(progress, exercise, "checks"));
}

void progress_note_check(struct progress *progress, const char *exercise,
                         bool passed) {
    int checks = progress_checks(progress, exercise);

    if (checks < CHECKS_MAX)
        set_field(progress, exercise, "checks", json_integer(checks + 1));
    if (passed)
        set_field(progress, exercise, "passed", json_true());
}

void progress_note_hint(struct progress *progress, const char *exercise,
                        int number) {
    set_field(progress, exercise, "hints", json_integer(number));
}
