#include "memory.h"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

void *memory_map(size_t bytes) {
    long address = syscall(SYS_mmap, NULL, bytes, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return address == -1 ? NULL : (void *)address;
}

void memory_unmap(void *memory, size_t bytes) {
    if (memory)
        syscall(SYS_munmap, memory, bytes);
}
