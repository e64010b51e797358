#!/bin/sh
# run_test.sh RUN - the script `run` on machines that this one is not: without
# tools, without apt-get, without root. Those are made of a directory of
# links and small scripts in the place of PATH; nothing is installed.
# shellcheck disable=SC2016,SC2317 # the scripts expand their own variables
run=$1
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
mkdir "$here/project" "$here/bin" && cp "$run" "$here/project/run" || exit 99
cd "$here/project" || exit 99
here_cc=${CC:-cc}
unset CC RACELAB_SETUP

for tool in sh awk cat dirname env grep kill ls mkdir mktemp rm sed sleep sort \
    tail tr uname; do
    ln -s "$(command -v "$tool")" "$here/bin/$tool" || exit 99
done

# has NAME [STATEMENTS]: the bare machine has such a command, or no more.
has() {
    rm -f "$here/bin/$1"
    [ $# -eq 1 ] && return
    printf '#!/bin/sh\n%s\n' "$2" >"$here/bin/$1"
    chmod +x "$here/bin/$1"
}

# bare COMMAND...: on the machine made of $here/bin.
bare() { env PATH="$here/bin" HERE="$here" "$@"; }

plan 36
check 'help is help' status_of 0 ./run help
for command in demo test serve clean; do
    check "it tells of $command" said out "^  $command "
done
check 'no command is a usage error' status_of 2 ./run
check 'an unknown command is one too' status_of 2 ./run nonsense
check 'which says what there is' said err '^usage: ./run'

# Nothing is missing: this very machine has built racelab.
mkdir "$here/first"
printf '#!/bin/sh\necho "$0 $*" >>"%s/asked"\nexit 1\n' "$here" \
    >"$here/first/apt-get"
chmod +x "$here/first/apt-get"
cp "$here/first/apt-get" "$here/first/sudo"
check 'where all is there, it goes on' \
    status_of 0 env CC="$here_cc" PATH="$here/first:$PATH" ./run packages
check 'and asks the network for nothing' test ! -e "$here/asked"

check 'without apt-get and tools: trouble' status_of 2 bare ./run test
check 'it names the compiler' said err '^  gcc, with the runtime of its thread'
check 'it names Meson' said err '^  Meson 1.0 or newer'
check 'it names libuv' said err '^  libuv, with its headers'
check 'it says what to do' said err 'install it by hand'

has id 'echo 1000'
has apt-get 'echo "apt-get $* $DEBIAN_FRONTEND" >>"$HERE/asked"'
has apt-cache 'echo Package: $2'
check 'not root, and no sudo: trouble' status_of 2 bare ./run test
check 'it prints the one line to ask for' \
    said err '^  apt-get update && apt-get install -y --no-install-recommends '
for package in gcc meson ninja-build pkg-config libuv1-dev libjansson-dev; do
    check "the line has $package" said err "apt-get install.* $package "
done
check 'and it has not called apt-get' test ! -e "$here/asked"

has sudo 'exit 1'
check 'a sudo that says no is as good as none' \
    status_of 2 bare ./run test
check 'the line to ask for again' said err '^  apt-get update && '

has sudo 'echo "sudo $1" >>"$HERE/sudo"; [ "$1" = -n ] || "$@"'
check 'a sudo that says yes, and an apt-get that brings nothing' \
    status_of 2 bare ./run test
check 'it says what is still missing' said err 'still missing after apt-get'
cp "$here/asked" "$here/out" 2>"$here/err"
check 'it has asked apt-get as it should' said out \
    '^apt-get install -y --no-install-recommends .*libuv1-dev.* noninteractive'
check 'through sudo' grep -q 'sudo apt-get' "$here/sudo"

check 'a compiler that cannot be used is named' \
    status_of 2 env CC=no-such-compiler ./run packages

# Counting: one line a test, as meson writes it.
mkdir -p good/meson-logs bad/meson-logs none
cat >good/meson-logs/testlog.json <<'JSON'
{"result": "OK", "stdout": "100%: Checks: 12, Failures: 0, Errors: 0\n"}
{"result": "OK", "stdout": "1..3\nok 1 - a\nok 2 - b\nok 3 - c # SKIP no\n"}
{"result": "OK", "stdout": "no form at all"}
{"result": "EXPECTEDFAIL", "stdout": ""}
{"result": "SKIP", "stdout": ""}
JSON
cat >bad/meson-logs/testlog.json <<'JSON'
{"result": "FAIL", "stdout": "50%: Checks: 4, Failures: 1, Errors: 1\n"}
{"result": "FAIL", "stdout": "1..2\nok 1 - a\nnot ok 2 - b\n"}
{"result": "TIMEOUT", "stdout": "100%: Checks: 3, Failures: 0, Errors: 0\n"}
{"result": "FAIL"}
JSON
last_line_is() { [ "$(tail -n 1 "$here/out")" = "$1" ]; }
status_of 0 ./run count good
check 'check, TAP and other tests are counted' \
    last_line_is '16 passed, 0 failed, 2 skipped'
check 'a failure makes the status 1' status_of 1 ./run count good bad
check 'and is counted, a time-out too' \
    last_line_is '22 passed, 5 failed, 2 skipped'
check 'a build where no test ran is a failure' status_of 1 ./run count none

mkdir build build-tsan build-mine
./run clean
check 'clean removes what run built, and nothing else' \
    test ! -e build -a ! -e build-tsan -a -d build-mine -a -x run
finish
