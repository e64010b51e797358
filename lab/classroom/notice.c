#include "notice.h"

#include "textfile.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    LOOK_MS = 500,   // where nothing is told
    NET_MS = 2000,   // where it should be
    REST_MS = 100,   // an editor that has saved is silent for so long
    REST_LOOKS = 20, // one that never is has had its time
};

static void mix(uint64_t *mark, uint64_t value) {
    *mark = (*mark ^ value) * 0x100000001B3u; // FNV-1a, a word at a time
    *mark ^= *mark >> 29;
}

static void mix_file(uint64_t *mark, const char *path) {
    struct stat status;
    char *text;
    size_t bytes;

    if (stat(path, &status) != 0) {
        mix(mark, 1);
        return;
    }
    mix(mark, (uint64_t)status.st_mtim.tv_sec);
    mix(mark, (uint64_t)status.st_mtim.tv_nsec);
    mix(mark, (uint64_t)status.st_size);
    if (textfile_read(path, &text, &bytes) != 0)
        return;
    for (size_t i = 0; i < bytes; i++)
        mix(mark, (unsigned char)text[i]);
    free(text);
}

// A number that is another when a file is.
static uint64_t mark_of(const struct notice *notice) {
    uint64_t mark = 0xCBF29CE484222325u;
    char path[TEXTFILE_PATH_MAX];

    for (int i = 0; i < notice->files->handed_in; i++) {
        snprintf(path, sizeof path, "%s/%s", notice->directory,
                 notice->files->names[i]);
        mix_file(&mark, path);
    }
    return mark;
}

void notice_begin(struct notice *notice, const char *directory,
                  const struct handout *files, bool polls) {
    *notice = (struct notice){
        .directory = directory,
        .files = files,
        .events = polls ? -1 : inotify_init1(IN_NONBLOCK | IN_CLOEXEC),
    };
    // The folder, not the files: a file that is renamed over is another one.
    if (notice->events >= 0 &&
        inotify_add_watch(notice->events, directory,
                          IN_ONLYDIR | IN_CLOSE_WRITE | IN_MOVED_TO |
                              IN_MOVED_FROM | IN_DELETE | IN_ATTRIB) < 0)
        notice_end(notice);
    notice->interval_ms = notice->events >= 0 ? NET_MS : LOOK_MS;
    notice->seen = mark_of(notice);
}

void notice_end(struct notice *notice) {
    if (notice->events >= 0)
        close(notice->events);
    notice->events = -1;
}

// Until the system tells of something by `descriptor` (-1: does not), but no
// longer than `ms`. False when a signal came.
static bool pause_ms(int descriptor, int ms, const sigset_t *mask) {
    char events[4096];
    struct pollfd wanted = {.fd = descriptor, .events = POLLIN};
    struct timespec time = {.tv_sec = ms / 1000,
                            .tv_nsec = ms % 1000 * 1000000L};

    if (ppoll(&wanted, 1, &time, mask) < 0)
        return errno != EINTR;
    // That there was one is enough; the files say the rest.
    while (descriptor >= 0 && read(descriptor, events, sizeof events) > 0)
        continue;
    return true;
}

// Waits until the files stay as they are.
static bool rest(struct notice *notice, const sigset_t *mask) {
    for (int looks = 0; looks < REST_LOOKS; looks++) {
        uint64_t before = notice->seen;
        if (!pause_ms(-1, REST_MS, mask))
            return false;
        notice->seen = mark_of(notice);
        if (notice->seen == before)
            return true;
    }
    return true;
}

bool notice_wait(struct notice *notice, const sigset_t *mask) {
    for (;;) {
        uint64_t mark = mark_of(notice);
        if (mark != notice->seen) {
            notice->seen = mark;
            return rest(notice, mask);
        }
        if (!pause_ms(notice->events, notice->interval_ms, mask))
            return false;
    }
}
