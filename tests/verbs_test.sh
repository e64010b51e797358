#!/bin/sh
# verbs_test.sh RACELAB - what the command line says of its verbs, and of
# options and arguments that they do not take.
# shellcheck disable=SC2317,SC2016 # check() calls these; the ` are text
racelab=$(realpath "$1")
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"

# refused MESSAGE ARGUMENT...: usage, status 2, and the message, whole.
refused() {
    message=$1
    shift
    status_of 2 "$racelab" "$@" && silent out &&
        [ "$(cat "$here/err")" = "$message" ]
}
# helps TEXT ARGUMENT...: on standard output, status 0.
helps() {
    text=$1
    shift
    status_of 0 "$racelab" "$@" && silent err && said out "$text"
}

not() { ! "$@"; }

plan 34
check 'without a verb: usage' status_of 2 "$racelab"
check '... with the verbs to begin with, and where the others are' \
    said err '`racelab --help-all` shows the other verbs'
check '... and not with the others' not said err '^  table '
check '--help is the same' helps '^  replay  FILE' --help
check '--help-all names every argument of the table' \
    helps '^  table   \[DIR \[HANDLER \.\.\.\]\]' --help-all
check 'a misspelt verb is named, with the nearest' \
    refused 'racelab: there is no verb "tabel"; did you mean "table"?; see racelab --help' tabel
for verb in replay show explore shrink table list doctor; do
    check "racelab help $verb" helps "^usage: racelab $verb" help "$verb"
    check "an option that $verb does not know" \
        refused "racelab $verb: --nope is no option; see racelab $verb --help" \
        "$verb" --nope
done
check 'racelab help serve' helps '^serve: ' help serve
check 'serve -h' helps '^  --host ADDRESS' serve -h
check 'attack -h' helps '^  -rate=' attack -h
check 'help of a verb that is not there' \
    refused 'racelab: there is no verb "serv"; did you mean "serve"?; see racelab --help' help serv
check 'an option of one letter' \
    refused 'racelab replay: -x is no option; see racelab replay --help' \
    replay -x
check 'a form that show does not have' \
    refused 'racelab show: --as takes text, mermaid, perfetto or html, not svg; see racelab show --help' \
    show x.sched --as svg
check 'an option without its argument' \
    refused 'racelab replay: --runs wants an argument; see racelab replay --help' \
    replay --runs
check 'an option with an argument that it does not take' \
    refused 'racelab list: --json=no takes no argument; see racelab list --help' \
    list --json=no
check 'an argument that list does not take' \
    refused 'racelab list: no argument is wanted, not foo; see racelab list --help' \
    list foo
check 'an argument that doctor does not take' \
    refused 'racelab doctor: no argument is wanted, not foo; see racelab doctor --help' \
    doctor foo
check 'table --help says its exit status' helps 'Exit status: 0' table --help
table_elsewhere() { (cd "$here" && status_of 2 "$racelab" table); }
check 'a table away from the schedules' table_elsewhere
check '... names the folder, and how to name another' \
    said err 'expected/raw: No such file.*racelab table DIR'
check 'a handler that is like no other has no suggestion' \
    refused 'racelab: there is no program "nope"; `racelab list` shows all' \
    table expected/raw nope
finish
