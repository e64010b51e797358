#include "textfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KEPT_MAX = 9999 }; // more than a course has days

static int read_all(int file, size_t size, char **text, size_t *bytes) {
    char *buffer = malloc(size + 1);
    size_t used = 0;
    ssize_t got = 1;

    if (!buffer)
        return -ENOMEM;
    while (used < size && got > 0) {
        got = read(file, buffer + used, size - used);
        used += got > 0 ? (size_t)got : 0;
    }
    if (got < 0) {
        int error = -errno;
        free(buffer);
        return error;
    }
    buffer[used] = '\0';
    *text = buffer;
    *bytes = used;
    return 0;
}

int textfile_read(const char *path, char **text, size_t *bytes) {
    struct stat status;
    int error = 0;
    // Without O_NONBLOCK a pipe would keep us waiting for its writer.
    int file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

    if (file < 0)
        return -errno;
    if (fstat(file, &status) != 0)
        error = -errno;
    else if (status.st_size > TEXTFILE_BYTES_MAX)
        error = -EFBIG;
    else
        error = read_all(file, (size_t)status.st_size, text, bytes);
    close(file);
    return error;
}

static int write_all(int file, const char *text) {
    size_t left = strlen(text);
    while (left > 0) {
        ssize_t put = write(file, text, left);
        if (put < 0)
            return -errno;
        text += put;
        left -= (size_t)put;
    }
    return 0;
}

int textfile_write(const char *path, const char *text) {
    char name[TEXTFILE_PATH_MAX];
    if (snprintf(name, sizeof name, "%s.XXXXXX", path) >= (int)sizeof name)
        return -ENAMETOOLONG;
    int file = mkostemp(name, O_CLOEXEC);
    if (file < 0)
        return -errno;
    mode_t mask = umask(0);
    umask(mask);
    int error = write_all(file, text);
    if (error == 0 && fchmod(file, 0666 & ~mask) != 0)
        error = -errno;
    if (close(file) != 0 && error == 0)
        error = -errno;
    if (error == 0 && rename(name, path) != 0)
        error = -errno;
    if (error != 0)
        unlink(name);
    return error;
}

int textfile_set_aside(const char *path, char *kept) {
    struct stat status;
    for (int number = 1; number <= KEPT_MAX; number++) {
        if (snprintf(kept, TEXTFILE_PATH_MAX, "%s.%d", path, number) >=
            TEXTFILE_PATH_MAX)
            return -ENAMETOOLONG;
        if (lstat(kept, &status) == 0)
            continue;
        return errno == ENOENT && rename(path, kept) == 0 ? 0 : -errno;
    }
    return -EEXIST;
}
