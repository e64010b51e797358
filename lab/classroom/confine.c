#include "classroom/confine.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

// The kernel's, some of which are younger than the headers of systems that we
// run on. It takes more bytes than it knows only if they are 0.
struct ruleset {
    uint64_t files, network, scopes;
};

enum {
    VERSION_REFER = 2,
    VERSION_TRUNCATE = 3,
    VERSION_SCOPES = 6,
    FILE_TRUNCATE = 1 << 14,
    SCOPE_ABSTRACT_SOCKET = 1 << 0,
    SCOPE_SIGNAL = 1 << 1,
};

static int version(void) {
    return (int)syscall(SYS_landlock_create_ruleset, NULL, 0,
                        LANDLOCK_CREATE_RULESET_VERSION);
}

bool confine_is_possible(void) {
    return version() > 0;
}

// All that changes a file system, as far as this kernel can tell.
static uint64_t changes(int known) {
    uint64_t all =
        LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |
        LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_CHAR |
        LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
        LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |
        LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM;

    if (known >= VERSION_REFER)
        all |= LANDLOCK_ACCESS_FS_REFER;
    if (known >= VERSION_TRUNCATE)
        all |= FILE_TRUNCATE;
    return all;
}

static bool allow(int rules, const char *path, uint64_t accesses) {
    struct landlock_path_beneath_attr beneath = {
        .allowed_access = accesses,
        .parent_fd = open(path, O_PATH | O_CLOEXEC),
    };

    if (beneath.parent_fd < 0)
        return false;
    long added = syscall(SYS_landlock_add_rule, rules,
                         LANDLOCK_RULE_PATH_BENEATH, &beneath, 0);
    close(beneath.parent_fd);
    return added == 0;
}

bool confine(const char *directory) {
    int known = version();
    struct ruleset wanted = {.files = changes(known)};

    if (known >= VERSION_SCOPES)
        wanted.scopes = SCOPE_ABSTRACT_SOCKET | SCOPE_SIGNAL;
    int rules =
        known < 1 ? -1
                  : (int)syscall(SYS_landlock_create_ruleset, &wanted,
                                 known >= VERSION_SCOPES ? sizeof wanted
                                                         : sizeof wanted.files,
                                 0);
    if (rules < 0)
        return false;
    bool is_confined =
        allow(rules, directory, wanted.files) &&
        allow(rules, "/dev/null", LANDLOCK_ACCESS_FS_WRITE_FILE) &&
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
        syscall(SYS_landlock_restrict_self, rules, 0) == 0;
    close(rules);
    return is_confined;
}
