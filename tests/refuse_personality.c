// refuse_personality.c - runs a command as a strict container would: the
// system call personality() is refused, except to ask (0xffffffff). Where
// random addresses were off before, they are on again.
//
//   refuse_personality COMMAND [ARGUMENT...]
//
// Exits 77 ("skipped") where no such filter can be set.
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { EXIT_SKIPPED = 77, EXIT_TROUBLE = 2 };

static int refuse(void) {
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_personality, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
                 offsetof(struct seccomp_data, args[0])),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0xffffffff, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {
        .len = sizeof(filter) / sizeof(filter[0]),
        .filter = filter,
    };

    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
        return -1;
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

int main(int argc, char **argv) {
    if (argc < 2) {
        fputs("usage: refuse_personality COMMAND [ARGUMENT...]\n", stderr);
        return EXIT_TROUBLE;
    }
    personality((unsigned)personality(0xffffffff) & ~ADDR_NO_RANDOMIZE);
    if (refuse() < 0) {
        perror("refuse_personality");
        return EXIT_SKIPPED;
    }
    execvp(argv[1], argv + 1);
    perror(argv[1]);
    return EXIT_TROUBLE;
}
