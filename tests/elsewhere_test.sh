#!/bin/sh
# elsewhere_test.sh ROOT BUILD KIND CC...: a program whose sources lie outside
# of this tree: it builds with what the documents name, and a race in it is
# shown at its own file and line, however the compiler was given its path.
# shellcheck disable=SC2317,SC2086 # check() calls these; $fixed is two words
root=$1 build=$2 kind=$3
shift 3
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
sources=$here/elsewhere/src
mkdir -p "$sources" "$here/elsewhere/build"
cp "$root/docs/example/tally.c" "$root/docs/example/lost.sched" "$sources"

if [ "$kind" != thread ]; then
    echo '1..0 # SKIP no ThreadSanitizer: no report names a line'
    finish
fi
boost=
! nm -u "$build/harness/harness.o" | grep -q ' jump_fcontext$' ||
    boost=-lboost_context
fixed=
! setarch -R true 2>/dev/null || fixed='setarch -R'

# blamed DIRECTORY PATH CC...: compiled in DIRECTORY, given as PATH.
blamed() {
    directory=$1 path=$2
    shift 2
    cd "$directory" &&
        status_of 0 "$@" -g -fsanitize=thread \
            -include "$build/harness/uv_control.h" \
            -I"$root/harness/include" "$path" "$build/harness/harness.o" \
            -luv -ljansson ${boost:+"$boost"} -lpthread -o tally &&
        status_of 0 $fixed ./tally replay "$sources/lost.sched" &&
        said out 'thread.1 read  in add_one, .*tally\.c:18$' &&
        said out 'thread.2 wrote in add_one, .*tally\.c:20$' &&
        ! said out "$root" && ! said out 'harness/'
}

# by_accesses STATUS CC...: single accesses are points, of a program that was
# linked so.
by_accesses() {
    by_status=$1
    shift
    cd "$here" &&
        status_of 0 "$@" -g -fsanitize=thread \
            -include "$build/harness/uv_control.h" -I"$root/harness/include" \
            "$sources/tally.c" "$build/harness/harness.o" \
            -luv -ljansson ${boost:+"$boost"} -lpthread -o tally &&
        status_of "$by_status" $fixed ./tally explore lost --accesses
}

plan 8
check 'a full path is shown' blamed "$here" "$sources/tally.c" "$@"
check '... as it is' said out ", $sources/tally.c:18"
check 'a path from where it was compiled names the file' \
    blamed "$sources" tally.c "$@"
check 'a path that goes up names the file' \
    blamed "$here/elsewhere/build" ../src/tally.c "$@"
check 'accesses are points where the program is linked so' \
    by_accesses 1 "$@" "@$build/harness/access.link"
check '... as many as there are' said out ': complete, 4 executions$'
check '... and where it is not they cannot be' by_accesses 2 "$@"
check '... and how it is to be linked is said' \
    said err 'link it with @build-tsan/harness/access.link'
finish
