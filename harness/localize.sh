#!/bin/sh
# localize.sh OBJECT ARCHIVE [MORE...]: makes one OBJECT of ARCHIVE, with what
# it needs of the archives MORE, in which only the public names can be seen from
# outside, and those that others look for: the sanitizers, and libuv.
set -eu
object=$1 archive=$2
shift 2
ld -r -o "$object" --whole-archive "$archive" --no-whole-archive "$@"
objcopy --wildcard \
    --keep-global-symbol='racelab_*' \
    --keep-global-symbol='__wrap_*' \
    --keep-global-symbol='__tsan_on_report' \
    --keep-global-symbol='__asan_on_error' \
    --keep-global-symbol='__asan_default_options' \
    --keep-global-symbol='__tsan_default_options' \
    --keep-global-symbol='read' \
    --keep-global-symbol='write' \
    --keep-global-symbol='writev' \
    --keep-global-symbol='shutdown' \
    --keep-global-symbol='listen' \
    --keep-global-symbol='epoll_ctl' \
    --keep-global-symbol='epoll_wait' \
    --keep-global-symbol='epoll_pwait' \
    --keep-global-symbol='_ZN6__tsan8OnReport*' "$object"
