#!/bin/sh
# localize.sh ARCHIVE OBJECT: makes one object of ARCHIVE in which only the
# public names can be seen from outside.
set -eu
ld -r -o "$2" --whole-archive "$1"
objcopy --wildcard \
    --keep-global-symbol='racelab_*' \
    --keep-global-symbol='__tsan_on_report' \
    --keep-global-symbol='__tsan_default_options' "$2"
