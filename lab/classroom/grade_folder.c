#include "classroom/grade_folder.h"

#include "classroom/legible.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// What a student's only folder is called in the book, if all is one student's.
#define ONLY_STUDENT "submission"

static int complain(const struct grade_folder *folder, const char *name,
                    const char *text) {
    char *shown = legible_name(name);

    fprintf(stderr, "racelab grade: %s%s%s: %s\n", folder->path,
            *name != '\0' ? "/" : "", shown, text);
    free(shown);
    return -1;
}

static int open_folder(int at, const char *name) {
    return openat(at, name,
                  O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
}

static const struct exercise *exercise_named(const struct grade_book *book,
                                             const char *name) {
    for (unsigned at = 0; at < book->exercise_count; at++)
        if (strcmp(book->exercises[at].name, name) == 0)
            return &book->exercises[at];
    return NULL;
}

// Adds what is called `name`, unless it is a file that lies about. 0, or -1
// after a message.
static int add(const struct grade_folder *folder, struct grade_book *book,
               const char *name) {
    struct stat status;

    if (fstatat(folder->descriptor, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
        return complain(folder, name, strerror(errno));
    if (S_ISREG(status.st_mode)) {
        complain(folder, name, "not a folder: passed over");
        return 0;
    }
    if (exercise_named(book, name) != NULL)
        return complain(folder, name,
                        "an exercise stands where the folder of a student "
                        "should; name the folder that holds those of all "
                        "students, or grade one with --gradescope FILE");
    grade_book_add(book, name);
    return 0;
}

static int add_all(const struct grade_folder *folder, struct grade_book *book) {
    DIR *stream = fdopendir(dup(folder->descriptor));
    struct dirent *entry;
    int result = 0;

    if (stream == NULL)
        return complain(folder, "", strerror(errno));
    while (result == 0 && (entry = readdir(stream)) != NULL)
        if (entry->d_name[0] != '.')
            result = add(folder, book, entry->d_name);
    closedir(stream);
    return result;
}

int grade_folder_open(struct grade_folder *folder, struct grade_book *book) {
    folder->descriptor = open(folder->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder->descriptor < 0)
        return complain(folder, "", strerror(errno));
    if (folder->is_student)
        grade_book_add(book, ONLY_STUDENT);
    else if (add_all(folder, book) != 0)
        return -1;
    if (book->student_count == 0)
        return complain(folder, "",
                        "no folder of a student in it; one folder a student "
                        "is wanted, with folders like 02-seed in each");
    grade_book_sort(book);
    return 0;
}

void grade_folder_close(struct grade_folder *folder) {
    if (folder->descriptor >= 0)
        close(folder->descriptor);
}

// In the student's own folder: the exercise's, or that in "course", or the
// student's itself. A descriptor, or -1 with errno.
static int open_exercise(const struct grade_folder *folder, int student,
                         const struct exercise *exercise) {
    int descriptor = open_folder(student, exercise->name);

    if (descriptor >= 0 || errno != ENOENT)
        return descriptor;
    int course = open_folder(student, "course");
    if (course >= 0) {
        descriptor = open_folder(course, exercise->name);
        int error = errno;
        close(course);
        errno = error;
    }
    if (descriptor < 0 && errno == ENOENT && folder->is_exercise)
        return open_folder(student, ".");
    return descriptor;
}

static void say_why(struct grade_mark *mark, int error) {
    if (error == ENOENT)
        grade_mark_fail(mark, GRADE_ABSENT, NULL);
    else if (error == ENOTDIR || error == ELOOP || error == ENXIO)
        grade_mark_fail(mark, GRADE_NO_FOLDER, NULL);
    else
        grade_mark_fail(mark, GRADE_UNREADABLE, strerror(error));
}

int grade_folder_submission(const struct grade_folder *folder,
                            const struct grade_student *student,
                            const struct exercise *exercise,
                            struct grade_mark *mark) {
    int own = open_folder(folder->descriptor,
                          folder->is_student ? "." : student->name);
    int descriptor = own < 0 ? -1 : open_exercise(folder, own, exercise);
    int error = errno;

    if (own >= 0)
        close(own);
    if (descriptor < 0)
        say_why(mark, error);
    return descriptor;
}
