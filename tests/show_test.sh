#!/bin/sh
# show_test.sh RACELAB EXPECTED TALLY: one execution, drawn as text, for Mermaid,
# for Perfetto and as a page: the same in every build, no wider than a terminal,
# and safe whatever things are called.
# shellcheck disable=SC2317 # check() calls these
racelab=$(realpath "$1") expected=$(realpath "$2") tally=$(realpath "$3")
show=$(realpath "$(dirname "$0")/show")
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
root=$(realpath "$expected/..")
silent=$expected/raw/after-set-silent.sched

# Beside the schedule's name as it was given.
shows() { (cd "$root" && status_of 0 "$racelab" show "$@"); }
as_golden() {
    shows "expected/$1.sched" --as "$2" &&
        diff -u "$show/$(echo "$1" | tr / -).$2" "$here/out" >"$here/err"
}
well_formed() {
    case $1 in
    text) python3 "$show/columns.py" "$here/out" ;;
    mermaid) python3 "$show/mermaid_subset.py" "$here/out" ;;
    perfetto) python3 "$show/trace_events.py" "$here/out" ;;
    html) python3 "$show/page.py" "$here/out" ;;
    esac 2>"$here/err"
}
shows_well() {
    for shown_form in text mermaid perfetto html; do
        shows "${1#"$root"/}" --as "$shown_form" && silent err &&
            well_formed "$shown_form" || return
        cp "$here/out" "$here/$shown_form"
    done
}
# Each step has one row, and they come in turn, in what was shown well.
has_a_row_a_step() {
    "$racelab" replay "$1" | sed -n 's/^  *\([0-9][0-9]*\)  .*/\1/p' \
        >"$here/numbers"
    sed -n '/^timeline$/,/^legend$/p' "$here/text" |
        sed -n 's/^ *\([0-9][0-9]*\)[ !*].*/\1/p' |
        diff "$here/numbers" - >"$here/err"
}
escape=$(printf '\033')
on_terminal() {
    status_of 0 python3 "$show/terminal.py" "$racelab" show "$silent"
}
coloured() { on_terminal && said out "$escape\[1;31m 28!.*$escape\[0m$"; }
colourless() {
    export NO_COLOR=1
    on_terminal
    shown=$?
    unset NO_COLOR
    [ "$shown" -eq 0 ] && ! said out "$escape"
}
coloured_all_the_same() {
    NO_COLOR='' coloured
}
plain_when_piped() { status_of 0 "$racelab" show "$silent" && ! said out "$escape"; }

# shellcheck disable=SC2046 # a name a word
set -- $(find "$expected" -name '*.sched' | sort)
plan $((2 * $# + 46))

for golden in raw/after-set-silent raw/after-reset copy/after-set; do
    for form in text mermaid perfetto html; do
        check "$golden as $form" as_golden "$golden" "$form"
    done
done
for schedule; do
    name=${schedule#"$expected"/}
    check "$name is well formed in every form, and 80 columns wide" \
        shows_well "$schedule"
    check "$name has a row a step" has_a_row_a_step "$schedule"
done

check 'a terminal has colour' coloured
check '... not with NO_COLOR' colourless
check '... which is nothing when it is empty' coloured_all_the_same
check '... nor has a file' plain_when_piped

check 'a race is between two steps' shows "$expected/raw/after-reset.sched"
check '... and nothing orders them' said out '16 ~~* context\.get reads #1\.keys'
# A.job sees what the loop has done with C, and so what B.job did before that.
cat >"$here/chain.sched" <<SCHED
racelab schedule 1
program raw
request A GET /test
request B GET /test
request C GET /test
send A
run loop until pool.put
run A.job until job.read
send B
run loop until pool.put
run B.job to end
send C
run loop until pool.put
run A.job to end
SCHED
check 'an edge that follows from others is left out' shows "$here/chain.sched"
check '... the loop comes behind B.job' \
    said out '^ 39  C  uv_rwlock_wrlock #1\.lock <-* 32$'
check '... and A.job behind the loop alone' \
    said out '^ 45  -  41 -*> uv_rwlock_rdlock #1\.lock$'
check 'the start of a thread orders what its locks would' shows "$silent"
check '... so that these have no edge' \
    said out '^ 35  -  |  *uv_rwlock_rdlock #1\.lock$'
check 'on the fix nothing is wrong' shows "$silent" --handler copy
check '... and it says so' said out '^  nothing$'
check 'an outcome stands where it was reported' \
    shows "$expected/seed-console.sched"
reported_late() {
    sed -n '/^126/,/^127/p' "$here/out" | grep -q 'T3\.job: reports 时间戳不同$'
}
check '... behind the step of another' reported_late
check '... and more than four tasks share a column, which says so' \
    said out '^  others    T3\.job, T4\.job, T5\.job share this column'
check '... a join comes behind the last step of its thread' \
    said out '^130  -  uv_thread_join T1\.job <- 37$'

# Ten requests that are called what a form could take for its own.
long=$(printf 'N%.0s' 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21)
long=$long$long$long
cat >"$here/hostile.sched" <<SCHED
racelab schedule 1
program raw
request end GET /a;b#c
request as GET /"quoted"'%%'<b>&amp;
request participant GET /:->>--):+x
request $long GET /${long#NN}
request -- GET /é中文路径
request A.job GET /test
request . GET /test
request note GET /test
request autonumber GET /{}[]|\\
request rect GET /end
send end
send as
send participant
send $long
send --
send .
send A.job
send note
send autonumber
send rect
SCHED
check 'odd names are well formed in every form' shows_well "$here/hostile.sched"
check 'as text they are whole' shows "$here/hostile.sched"
check '... the longest too' said out "^          /${long#NN}\$"
check '... and where they are cut it shows' said out '^ 23  NNN~ pool\.get'
says_them() {
    shows "$here/hostile.sched" --as mermaid &&
        python3 "$show/mermaid_subset.py" "$here/out" '2 send /a;b#c' \
            "3 send /\"quoted\"'%%'<b>&amp;" '4 send /:->>--):+x' \
            '6 send /é中文路径' "10 send /{}[]|\\" "$long" 2>"$here/err"
}
check 'Mermaid is told them by the numbers of their characters' says_them
says_them_to_perfetto() {
    shows "$here/hostile.sched" --as perfetto && python3 -c '
import json, sys
events = json.load(open(sys.argv[1]))["traceEvents"]
said = {e["args"]["what"] for e in events if "what" in e.get("args", {})}
sys.exit(not said.issuperset(sys.argv[2:]))' "$here/out" '/a;b#c' \
        "/\"quoted\"'%%'<b>&amp;" '/é中文路径' "/{}[]|\\"
}
check 'Perfetto is told them as JSON has it' says_them_to_perfetto

# Bytes that are no text: alone, cut short, too long for what they say, and
# half of a pair.
printf 'racelab schedule 1\nprogram raw\nrequest A GET /%b\n' \
    'x\0377y\0300\0200\0355\0240\0200\0346\0225z' >"$here/bytes.sched"
check 'bytes that are no text are question marks in every form' \
    shows_well "$here/bytes.sched"
check '... one each' grep -q 'A: send /x?y?????' "$here/text"

# A program that has no pool and no requests; one that does not come to its end.
tally_shows() { status_of "$1" "$tally" show "$root/docs/example/lost.sched" "$2"; }
check 'a program without a pool' tally_shows 0 --as=text
check '... the two accesses' said out ' 8  1* *~*\|^  9! 6 ~* thread\|^  8'
does_not_fit() {
    status_of 3 "$tally" show "$root/docs/example/lost.sched" --handler locked
}
check 'a schedule that does not fit is shown as far as it came' does_not_fit
check '... which is said' said err 'lost\.sched:7:5: thread\.2 cannot run to its end'
check '... beside the steps' said out '^  ! the end thread\.2 cannot run to its end'
check '... and who still waits is there to the last' \
    said out '^  7  |  *tally\.read reads tally#1$'
ends_early() {
    status_of 3 "$tally" show "$root/docs/example/lost.sched" \
        --handler locked --as "$1" && well_formed "$1" &&
        said out 'thread.2 cannot run to its end'
}
check '... for Mermaid too' ends_early mermaid
check '... and for Perfetto' ends_early perfetto
check '... and as a page' ends_early html
finish
