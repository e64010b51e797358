#include "course.h"

#include "handout.h"
#include "textfile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

void course_path(const struct learner *learner, const char *file, char *path) {
    snprintf(path, TEXTFILE_PATH_MAX, "%s/%s%s%s", learner->directory,
             learner->exercise->name, file ? "/" : "", file ? file : "");
}

bool course_has(const struct learner *learner,
                const struct exercise *exercise) {
    char path[TEXTFILE_PATH_MAX];
    struct stat status;

    snprintf(path, sizeof path, "%s/%s", learner->directory, exercise->name);
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static int make_folder(const struct learner *learner) {
    char path[TEXTFILE_PATH_MAX];

    course_path(learner, NULL, path);
    if ((mkdir(learner->directory, 0777) == 0 || errno == EEXIST) &&
        (mkdir(path, 0777) == 0 || errno == EEXIST))
        return 0;
    int error = -errno;
    page_say(&learner->errors, "racelab learn: %s cannot be made: %s",
             "racelab learn：无法建立 %s：%s", path, strerror(-error));
    return error;
}

static int write_file(const struct learner *learner, const char *path,
                      const char *text) {
    int error = textfile_write(path, text);
    if (error != 0)
        page_say(&learner->errors, "racelab learn: %s cannot be written: %s",
                 "racelab learn：%s 无法写入：%s", path, strerror(-error));
    return error;
}

// Is the file, as it is there, the one that was handed out in some other
// language?
static bool is_untouched(const struct learner *learner, const char *name,
                         const char *there) {
    for (int language = 0; language < LANGUAGES; language++) {
        char *text = handout_text(learner->exercise, name, language);
        bool is_same = text && strcmp(text, there) == 0;
        free(text);
        if (is_same)
            return true;
    }
    return false;
}

// Writes the file unless there is one of the student's own; says so when it is
// new.
static int place(const struct learner *learner, const char *name) {
    char path[TEXTFILE_PATH_MAX];
    char *there = NULL;
    size_t bytes;
    struct stat status;
    int error = 0;

    course_path(learner, name, path);
    bool is_new = lstat(path, &status) != 0 && errno == ENOENT;
    if (!is_new && textfile_read(path, &there, &bytes) != 0)
        return 0; // whatever it is, it is theirs
    char *text = handout_text(learner->exercise, name, learner->page.language);
    if (!text)
        error = -EIO;
    else if (is_new ||
             (strcmp(text, there) != 0 && is_untouched(learner, name, there)))
        error = write_file(learner, path, text);
    if (is_new && error == 0)
        page_say(&learner->page, "  new: %s", "  新文件：%s", path);
    free(there);
    free(text);
    return error;
}

int course_hand_out(const struct learner *learner) {
    struct handout handout = handout_of(learner->exercise);
    int error = make_folder(learner);

    for (int i = 0; i < handout.count && error == 0; i++)
        error = place(learner, handout.names[i]);
    return error;
}

bool course_has_begun(const struct learner *learner) {
    const char *name = learner->exercise->name;

    if (course_has(learner, learner->exercise))
        return true;
    page_say(&learner->errors,
             "racelab learn: there is no %s/%s yet. Begin with",
             "racelab learn：还没有 %s/%s。请先运行", learner->directory, name);
    learner_suggest(learner, &learner->errors, "show", name);
    return false;
}

static int begin_anew(const struct learner *learner, const char *name) {
    char path[TEXTFILE_PATH_MAX], kept[TEXTFILE_PATH_MAX] = "";
    struct stat status;
    char *text = handout_text(learner->exercise, name, learner->page.language);
    int error = text ? 0 : -EIO;

    course_path(learner, name, path);
    if (error == 0 && lstat(path, &status) == 0)
        error = textfile_set_aside(path, kept);
    if (error != 0 && text)
        page_say(&learner->errors,
                 "racelab learn: %s cannot be kept under another name: %s",
                 "racelab learn：%s 无法改名保留：%s", path, strerror(-error));
    if (error == 0)
        error = write_file(learner, path, text);
    free(text);
    if (error == 0)
        page_say(&learner->page, "%s is as it was handed out.",
                 "%s 已恢复成发下来的样子。", path);
    if (*kept)
        page_say(&learner->page, "What was in it is kept as %s.",
                 "原来的内容保留在 %s。", kept);
    return error;
}

// What reset begins anew: the fix, or where there is none each schedule.
static bool is_reset(const struct learner *learner, const char *name) {
    if (learner->file)
        return strcmp(name, learner->file) == 0;
    return learner->exercise->has_repair ? strcmp(name, "fix.c") == 0
                                         : strcmp(name, "answers.txt") != 0;
}

int course_reset(const struct learner *learner) {
    struct handout handout = handout_of(learner->exercise);
    int error = make_folder(learner), found = 0;

    for (int i = 0; i < handout.handed_in && error == 0; i++) {
        if (!is_reset(learner, handout.names[i]))
            continue;
        found++;
        error = begin_anew(learner, handout.names[i]);
    }
    if (error == 0 && found == 0) {
        page_say(&learner->errors,
                 "racelab learn reset: %s is no file of %s that is handed in",
                 "racelab learn reset：%s 不是 %s 要交的文件", learner->file,
                 learner->exercise->name);
        return EXIT_TROUBLE;
    }
    return error == 0 ? EXIT_RIGHT : EXIT_TROUBLE;
}
