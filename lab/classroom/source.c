#include "source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool refuse(struct gate_refusal *refusal, const char *path,
                   const char *en, const char *zh) {
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;

    refusal->line = 0;
    snprintf(refusal->en, sizeof refusal->en, "%.64s %s", name, en);
    snprintf(refusal->zh, sizeof refusal->zh, "%.64s %s", name, zh);
    return false;
}

// Without waiting for the other end of a pipe, and not by way of a link.
static int open_regular(const char *path, struct stat *status) {
    int file =
        open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY);

    if (file >= 0 && (fstat(file, status) != 0 || !S_ISREG(status->st_mode))) {
        close(file);
        errno = ELOOP;
        file = -1;
    }
    return file;
}

static size_t read_up_to(int file, char *text, size_t most) {
    size_t used = 0;
    ssize_t more;

    while (used < most && (more = read(file, text + used, most - used)) > 0)
        used += (size_t)more;
    return used;
}

bool source_read(struct source *source, const char *path, size_t most,
                 struct gate_refusal *refusal) {
    struct stat status;
    int file = open_regular(path, &status);

    *source = (struct source){NULL, 0};
    if (file < 0)
        return errno == ENOENT
                   ? refuse(refusal, path, "was not handed in.", "没有提交。")
                   : refuse(refusal, path, "is not a file that can be read.",
                            "不是可读的普通文件。");
    source->text = malloc(most + 2);
    if (source->text == NULL)
        abort(); // some kilobytes: nothing can go on
    source->bytes = read_up_to(file, source->text, most + 1);
    source->text[source->bytes] = '\0';
    close(file);
    if (source->bytes <= most)
        return true;
    source_free(source);
    return refuse(refusal, path, "is too long.", "太长。");
}

void source_free(struct source *source) {
    free(source->text);
    *source = (struct source){NULL, 0};
}
