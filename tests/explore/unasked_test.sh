#!/bin/sh
# unasked_test.sh BAD_LAB UNASKED_LAB - servers, explored with the connections
# that the harness makes up, and explored with real ones, as in a program whose
# libuv does not come by harness/uv/kernel.c: nobody can tell the two apart.
# shellcheck disable=SC2317 # check() calls these
lab=$1 unasked=$2
tests=$(dirname "$0")/..
# shellcheck source=tests/tap.sh
. "$tests/tap.sh"
plan 13

exports_read() { nm -D "$1" | grep -q ' T read$'; }
check "libuv comes by the harness's read" exports_read "$lab"
not_there() { ! exports_read "$unasked"; }
check '... and in the other program it does not' not_there

explored() {
    timeout -k 1 60 "$1" explore "$2" --json >"$here/$3" 2>"$here/err"
    sed -i '/"seconds"/d' "$here/$3"
}
alike() {
    explored "$lab" "$1" asked
    explored "$unasked" "$1" unasked
    grep -q '"complete": true' "$here/asked" &&
        diff "$here/asked" "$here/unasked"
}
for server in waits_for_clients reads_in_pieces reads_late pauses \
    hangs_up_unread leaves_one_and_waits answers_at_length \
    shuts_down_answers shuts_down_the_other resets_answered \
    answers_by_itself; do
    check "$server: the same in every order" alike "$server"
done
finish
