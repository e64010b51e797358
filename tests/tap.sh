# shellcheck shell=sh disable=SC2317
# tap.sh - what the shell tests share; sourced. A test prints TAP: its plan
# with `plan N`, then one line a case, and ends with `finish`.
#
# $here is an empty directory of the test's own; $here/out and $here/err keep
# what the last `status_of` printed, and are shown with a case that fails.
set -u
here=$(mktemp -d) || exit 99
trap 'rm -rf "$here"' EXIT
touch "$here/out" "$here/err"
tap_case=0 tap_failed=0

plan() { echo "1..$1"; }

# check SENTENCE COMMAND...: a case; it holds if COMMAND succeeds.
check() {
    tap_sentence=$1
    shift
    tap_case=$((tap_case + 1))
    if "$@"; then
        echo "ok $tap_case - $tap_sentence"
    else
        tap_failed=1
        echo "not ok $tap_case - $tap_sentence"
        sed 's/^/# /' "$here/out" "$here/err"
    fi
}

# skip REASON SENTENCE: a case that cannot be tried here.
skip() {
    tap_case=$((tap_case + 1))
    echo "ok $tap_case - $2 # SKIP $1"
}

# status_of N COMMAND...: does COMMAND, without input, exit with N?
status_of() {
    tap_wanted=$1
    shift
    "$@" >"$here/out" 2>"$here/err" </dev/null
    [ $? -eq "$tap_wanted" ]
}

# said out|err PATTERN, silent out|err: about the last status_of.
said() { grep -q -e "$2" "$here/$1"; }
silent() { ! [ -s "$here/$1" ]; }

# line_of FILE FUNCTION TEXT: the first line with TEXT in a static FUNCTION.
line_of() {
    awk -v begin=" $2(" -v text="$3" '
        /^static/ { inside = index($0, begin) }
        inside && index($0, text) { print NR; exit }
    ' "$1"
}

finish() { exit "$tap_failed"; }
