#!/usr/bin/env python3
"""Reads libuv's header and writes what puts a program under control.

    generate.py HEADER... OUT_RENAMES OUT_PROTOTYPES OUT_REFUSED

OUT_RENAMES     the forced include: `#define uv_run racelab_uv_run` and so on,
                macros alone, so that the program's own first line still comes
                before every system header
OUT_PROTOTYPES  declarations of the racelab_ functions, taken from the header
OUT_REFUSED     a body for every function that the harness does not control: it
                ends the execution by name, or passes through when there is none

A function of libuv is either controlled (written by hand in this folder),
harmless (left alone: it neither waits nor wakes), or refused. What a newer
libuv adds is refused until somebody has looked at it.
"""
import re
import sys

CONTROLLED = """
uv_mutex_init uv_mutex_init_recursive uv_mutex_destroy uv_mutex_lock
uv_mutex_trylock uv_mutex_unlock
uv_rwlock_init uv_rwlock_destroy uv_rwlock_rdlock uv_rwlock_tryrdlock
uv_rwlock_rdunlock uv_rwlock_wrlock uv_rwlock_trywrlock uv_rwlock_wrunlock
uv_cond_init uv_cond_destroy uv_cond_wait uv_cond_timedwait uv_cond_signal
uv_cond_broadcast
uv_sem_init uv_sem_destroy uv_sem_post uv_sem_wait uv_sem_trywait
uv_barrier_init uv_barrier_destroy uv_barrier_wait uv_once
uv_thread_create uv_thread_create_ex uv_thread_join
uv_hrtime uv_now uv_gettimeofday uv_clock_gettime uv_sleep
uv_timer_start uv_timer_stop uv_timer_again uv_timer_get_due_in
uv_signal_start uv_signal_start_oneshot uv_signal_stop
uv_loop_init uv_loop_close uv_loop_delete uv_update_time
uv_run uv_stop uv_loop_alive uv_async_init uv_async_send uv_close uv_is_active
uv_listen uv_tcp_init_ex uv_tcp_bind uv_tcp_getsockname
uv_tcp_getpeername uv_tcp_nodelay uv_tcp_keepalive uv_tcp_close_reset
uv_fileno uv_queue_work uv_cancel
uv_key_delete uv_key_get uv_key_set
""".split()

# They look at what they are given, or work on a handle of the caller's loop
# without waiting for anybody.
HARMLESS = """
uv_version uv_version_string uv_strerror uv_strerror_r uv_err_name
uv_err_name_r uv_translate_sys_error uv_library_shutdown uv_replace_allocator
uv_setup_args uv_buf_init
uv_loop_size uv_loop_configure uv_loop_fork uv_loop_new
uv_loop_get_data uv_loop_set_data uv_default_loop
uv_backend_fd uv_backend_timeout uv_ref uv_unref uv_has_ref
uv_walk uv_is_closing uv_handle_size uv_handle_get_type uv_handle_type_name
uv_handle_get_data uv_handle_get_loop uv_handle_set_data uv_req_size
uv_req_get_data uv_req_set_data uv_req_get_type uv_req_type_name
uv_send_buffer_size uv_recv_buffer_size
uv_stream_get_write_queue_size uv_stream_set_blocking uv_is_readable
uv_is_writable uv_accept uv_read_start uv_read_stop uv_write uv_try_write
uv_shutdown uv_tcp_init
uv_tcp_keepalive_ex uv_tcp_simultaneous_accepts
uv_prepare_init uv_prepare_start uv_prepare_stop uv_check_init uv_check_start
uv_check_stop uv_idle_init uv_idle_start uv_idle_stop
uv_timer_init uv_timer_set_repeat uv_timer_get_repeat
uv_signal_init uv_thread_self uv_thread_equal
uv_key_create
uv_ip4_addr uv_ip6_addr uv_ip4_name uv_ip6_name uv_ip_name uv_inet_ntop
uv_inet_pton uv_os_getpid uv_os_getenv
""".split()

# The same calls of the system's own. They are not modelled yet: a program
# that uses them is told so.
SYSTEM = {
    "pthread.h": """
int pthread_create(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *)
int pthread_join(pthread_t, void **)
int pthread_once(pthread_once_t *, void (*)(void))
int pthread_mutex_lock(pthread_mutex_t *)
int pthread_mutex_trylock(pthread_mutex_t *)
int pthread_rwlock_rdlock(pthread_rwlock_t *)
int pthread_rwlock_wrlock(pthread_rwlock_t *)
int pthread_cond_wait(pthread_cond_t *, pthread_mutex_t *)
int pthread_cond_timedwait(pthread_cond_t *, pthread_mutex_t *, const struct timespec *)
int pthread_barrier_wait(pthread_barrier_t *)
""",
    "semaphore.h": """
int sem_wait(sem_t *)
int sem_timedwait(sem_t *, const struct timespec *)
""",
    "threads.h": """
int thrd_create(thrd_t *, thrd_start_t, void *)
int thrd_join(thrd_t, int *)
int thrd_sleep(const struct timespec *, struct timespec *)
void call_once(once_flag *, void (*)(void))
int mtx_lock(mtx_t *)
int mtx_timedlock(mtx_t *, const struct timespec *)
int mtx_trylock(mtx_t *)
int cnd_wait(cnd_t *, mtx_t *)
int cnd_timedwait(cnd_t *, mtx_t *, const struct timespec *)
""",
    "unistd.h": """
unsigned int sleep(unsigned int)
int usleep(useconds_t)
int pause(void)
""",
    "time.h": """
int nanosleep(const struct timespec *, struct timespec *)
int clock_nanosleep(clockid_t, int, const struct timespec *, struct timespec *)
int clock_gettime(clockid_t, struct timespec *)
""",
    "sys/time.h": """
int gettimeofday(struct timeval *, void *)
""",
    "poll.h": """
int poll(struct pollfd *, nfds_t, int)
int ppoll(struct pollfd *, nfds_t, const struct timespec *, const sigset_t *)
""",
    "sys/select.h": """
int select(int, fd_set *, fd_set *, fd_set *, struct timeval *)
int pselect(int, fd_set *, fd_set *, fd_set *, const struct timespec *, const sigset_t *)
""",
    "sys/epoll.h": """
int epoll_wait(int, struct epoll_event *, int, int)
""",
}

TYPE_WORDS = {"int", "unsigned", "long", "char", "short", "double", "float",
              "void", "const", "signed"}


def split_parameters(text):
    """Splits at the commas that no parenthesis encloses."""
    if text == "void":
        return []
    parts, depth, start = [], 0, 0
    for at, character in enumerate(text):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "," and depth == 0:
            parts.append(text[start:at])
            start = at + 1
    parts.append(text[start:])
    return [part.strip() for part in parts]


def type_of(parameter):
    """The type of `parameter`, its name and array brackets taken off."""
    array = parameter.endswith("]")
    if array:
        parameter = re.sub(r"\s*\[\w*\]$", "", parameter)
    named = re.match(r"^(.*[\s*])(\w+)$", parameter)
    if named and named.group(2) not in TYPE_WORDS:
        words = re.sub(r"[*]", " ", named.group(1)).split()
        if any(word not in ("const", "struct", "enum") for word in words):
            parameter = named.group(1).strip()
    return parameter + (" *" if array else "")


def declare(kind, name):
    """`kind name`, for function pointers inside out."""
    pointer = re.match(r"^(.*\(\*)\w*(\).*)$", kind)
    return pointer.group(1) + name + pointer.group(2) if pointer \
        else f"{kind} {name}"


def functions_of(headers):
    """Yields (result, name, [types]) for every function of libuv's."""
    text = "\n".join(open(header, encoding="utf-8").read()
                     for header in headers)
    text = re.sub(r"/\*.*?\*/", " ", text, flags=re.S)
    text = re.sub(r"//[^\n]*", " ", text)
    pattern = r"UV_EXTERN\s+([\w\s*]+?)\b(uv_\w+)\s*\(((?:[^()]|\([^()]*\))*)\)\s*(?:UV_\w+\s*)?;"
    for result, name, parameters in re.findall(pattern, text):
        parameters = " ".join(parameters.split())
        types = [type_of(part) for part in split_parameters(parameters)]
        yield " ".join(result.split()), name, types


def system_functions():
    for header, lines in SYSTEM.items():
        for line in lines.strip().splitlines():
            result, name, parameters = re.match(
                r"^(.*?)(\w+)\((.*)\)$", line).groups()
            yield header, result.strip(), name, split_parameters(parameters)


def signature(result, name, types):
    parameters = [declare(kind, f"a{i}") for i, kind in enumerate(types)]
    return f"{result} racelab_{name}({', '.join(parameters) or 'void'})"


def refusal(result, name, types):
    arguments = ", ".join(f"a{i}" for i in range(len(types)))
    give = "" if result == "void" else "return "
    return (f"{signature(result, name, types)} {{\n"
            f"    control_refuse(\"{name}\");\n"
            f"    {give}{name}({arguments});\n}}\n")


def main():
    *headers, renames, prototypes, refused = sys.argv[1:]
    known = [f for f in functions_of(headers) if f[1] not in HARMLESS]
    names = {name for _, name, _ in known}
    if "uv_run" not in names or len(names) < 100:
        sys.exit(f"generate.py: only {len(names)} functions in {headers}: "
                 "is this libuv's header?")
    system = list(system_functions())
    with open(renames, "w", encoding="utf-8") as out:
        out.write("// Written by harness/uv/generate.py from libuv's header: "
                  "forced into a program\n// that is compiled for the "
                  "harness.\n#define RACELAB_CONTROL 1\n"
                  "// Its inline functions would go round these names.\n"
                  "#undef _FORTIFY_SOURCE\n")
        for name in [f[1] for f in known] + [f[2] for f in system]:
            out.write(f"#define {name} racelab_{name}\n")
    with open(prototypes, "w", encoding="utf-8") as out:
        out.write("#include <uv.h>\n")
        for function in known:
            out.write(signature(*function) + ";\n")
    with open(refused, "w", encoding="utf-8") as out:
        for header in SYSTEM:
            out.write(f"#include <{header}>\n")
        out.write('#include "control.h"\n#include "uv_prototypes.h"\n')
        for _, result, name, types in system:
            out.write(signature(result, name, types) + ";\n")
            out.write(refusal(result, name, types))
        for function in known:
            if function[1] not in CONTROLLED:
                out.write(refusal(*function))


main()
