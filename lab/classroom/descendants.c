#include "classroom/descendants.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

struct family {
    pid_t members[DESCENDANTS_MAX];
    unsigned count;
};

static void add_children_of_thread(pid_t pid, const char *thread,
                                   struct family *family) {
    char path[64];
    int child;

    snprintf(path, sizeof path, "/proc/%d/task/%.16s/children", (int)pid,
             thread);
    FILE *children = fopen(path, "re");
    if (children == NULL)
        return; // it has ended
    while (family->count < DESCENDANTS_MAX &&
           fscanf(children, "%d", &child) == 1)
        family->members[family->count++] = child;
    fclose(children);
}

static void add_children(pid_t pid, struct family *family) {
    char path[64];
    unsigned threads = 0;

    snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
    DIR *tasks = opendir(path);
    if (tasks == NULL)
        return;
    for (struct dirent *task; (task = readdir(tasks)) != NULL;) {
        if (task->d_name[0] == '.')
            continue;
        if (++threads > DESCENDANTS_THREADS_MAX) {
            family->count = DESCENDANTS_MAX;
            break;
        }
        add_children_of_thread(pid, task->d_name, family);
    }
    closedir(tasks);
}

// Breadth first: no process tree is too deep for it.
static void find(pid_t ancestor, struct family *family) {
    *family = (struct family){0};
    add_children(ancestor, family);
    for (unsigned i = 0; i < family->count && family->members[i] > 0; i++)
        add_children(family->members[i], family);
}

static size_t resident_bytes(pid_t pid) {
    char path[64];
    unsigned long pages = 0;

    snprintf(path, sizeof path, "/proc/%d/statm", (int)pid);
    FILE *statm = fopen(path, "re");
    if (statm == NULL)
        return 0;
    if (fscanf(statm, "%*u %lu", &pages) != 1)
        pages = 0;
    fclose(statm);
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

void descendants_measure(pid_t ancestor, struct descendants *found) {
    struct family family;

    find(ancestor, &family);
    *found = (struct descendants){.count = family.count};
    for (unsigned i = 0; i < family.count && family.members[i] > 0; i++)
        found->resident_bytes += resident_bytes(family.members[i]);
}

void descendants_kill(pid_t ancestor) {
    struct family family;

    find(ancestor, &family);
    for (unsigned i = 0; i < family.count && family.members[i] > 0; i++)
        kill(family.members[i], SIGKILL);
}
