#!/bin/sh
# launcher_test.sh LAUNCHER REFUSE - the file `racelab` of a build with the
# thread sanitizer, with small scripts in the place of the real program.
# REFUSE runs a command where personality() is refused, as containers do.
# shellcheck disable=SC2016,SC2317 # the scripts expand their own variables, and
# check() calls the functions
launcher=$1 refuse=$2
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
cp "$launcher" "$here/racelab" || exit 99

# real STATEMENTS: what the real program does.
real() {
    printf '#!/bin/sh\n%s\n' "$1" >"$here/racelab-tsan"
    chmod +x "$here/racelab-tsan"
}

plan 18
real 'printf "%s|" "$@"; exit 41'
check 'its status is the real program'"'"'s' \
    status_of 41 "$here/racelab" replay 'two words' --json
check 'each argument is handed on whole' said out '^replay|two words|--json|$'

real 'echo $$'
"$here/racelab" >"$here/out" &
started=$!
wait "$started"
check 'the process stays the same, for who wants to stop it' \
    said out "^$started\$"

# told NAME=VALUE VERB: of the sanitizer's options the last of that name counts.
told() {
    status_of 0 env TSAN_OPTIONS=symbolize=7:enable_annotations=0 \
        "$here/racelab" "$2" &&
        [ "$(grep "^${1%=*}=" "$here/out" | tail -n 1)" = "$1" ]
}
real 'echo "$TSAN_OPTIONS" | tr : "\n"'
for verb in explore matrix shrink; do
    check "$verb prints no report: no stack is looked up" told symbolize=0 "$verb"
done
check 'replay may print some' told symbolize=1 replay
check 'what the harness hides stays hidden' told enable_annotations=1 replay
check 'a live server is told what its user likes' \
    told enable_annotations=0 serve

real 'cat /proc/self/personality'
if status_of 0 setarch "$(uname -m)" -R true; then
    check 'where it may turn random addresses off, it starts' \
        status_of 0 "$here/racelab"
    check 'and addresses are not random' said out '^00040000$'
else
    skip 'personality() is refused' 'where it may, it starts'
    skip 'personality() is refused' 'and addresses are not random'
fi

"$refuse" true
if [ $? -eq 77 ]; then
    for case in 1 2 3 4 5; do
        skip 'no seccomp' "where personality() is refused: case $case"
    done
else
    real '[ "$1" = --version ] || echo "ran $1"'
    check 'refused, but the real program starts: no word about it' \
        status_of 0 "$refuse" "$here/racelab" list
    check 'and it runs' said out '^ran list$'
    real 'echo "FATAL: unexpected memory mapping" >&2; exit 66'
    check 'refused, and the real program cannot start: trouble' \
        status_of 2 "$refuse" "$here/racelab" list
    check 'the remedy for the host is named' \
        said err 'sysctl -w vm.mmap_rnd_bits=28'
    real 'kill -SEGV $$'
    check 'a start that dies by a signal is none either' \
        status_of 2 "$refuse" "$here/racelab" list
fi

build=${launcher%/*}
if [ -e "$build/racelab-tsan" ] && command -v ninja >/dev/null; then
    check 'to build it is to build the real program' \
        sh -c 'ninja -C "$1" -t query racelab | grep -q " racelab-tsan\$"' \
        - "$build"
else
    skip 'no ThreadSanitizer' 'to build it is to build the real program'
fi

rm "$here/racelab-tsan"
"$here/racelab" list 2>"$here/err"
check 'a real program that is not there is named' \
    said err 'racelab-tsan: No such file'
finish
