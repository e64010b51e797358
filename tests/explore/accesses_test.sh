#!/bin/sh
# accesses_test.sh LAB RACELAB BUILD: accesses as points, of programs that have
# no other (accesses.c), and of the server.
# shellcheck disable=SC2317,SC2016 # check() calls these; the $ are not ours
lab=$1 racelab=$2 build=$3
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

json() { python3 -c "
import json, sys
d = json.load(open(sys.argv[1]))
outcomes = d['outcomes']
def total(key): return sum(o[key] for o in outcomes)
lines = sorted(line for o in outcomes for line in o['outcome'].values())
sys.exit(not ($1))" "$here/out"; }
cat >"$here/torn.sched" <<'END'
racelab schedule 1
program torn
accesses
run loop until uv_thread_join
run thread.1 until write source
run thread.1 until write source
END

if [ "$build" != thread ]; then
    plan 4
    no_sanitizer='that takes a build with the thread sanitizer: meson setup build-tsan -Db_sanitize=thread'
    check 'a build without the thread sanitizer cannot' \
        status_of 2 "$racelab" explore raw --accesses
    check '... says so, and what can' eval "silent out &&
        [ \"\$(cat \"\$here/err\")\" = 'racelab explore: --accesses: $no_sanitizer' ]"
    check '... of a schedule that wants it, too' \
        status_of 2 "$lab" replay "$here/torn.sched"
    check '... with its line' eval "silent out &&
        [ \"\$(cat \"\$here/err\")\" = '$here/torn.sched:3:1: accesses cannot be points here: $no_sanitizer' ]"
    finish
fi

proof="d['complete'] and d['blocked'] == 0 and \
all(o['reproduced'] == 20 for o in outcomes)"
agree="all(o['raced'] == o['raced_harness'] for o in outcomes)"
explored() {
    explored_status=$1
    shift
    status_of "$explored_status" "$lab" explore "$@" --json && silent err
}
# found STATUS PROGRAM LINES...: exactly these lines, each in an outcome.
found() {
    found_status=$1 found_program=$2 found_lines=
    shift 2
    for line in "$@"; do found_lines="$found_lines'$line', "; done
    explored "$found_status" "$found_program" --accesses &&
        json "$proof and $agree and lines == sorted([$found_lines])"
}
# by_brute_force PROGRAM: the same outcomes as the last exploring.
outcomes_of() { python3 -c "
import json, sys
print(sorted(json.dumps([o['outcome'], o['verdict']], sort_keys=True)
             for o in json.load(open(sys.argv[1]))['outcomes']))" "$1"; }
by_brute_force() {
    outcomes_of "$here/out" >"$here/dpor"
    status_of "$1" "$lab" explore "$2" --accesses --strategy all --json &&
        json "$proof" && outcomes_of "$here/out" | cmp - "$here/dpor"
}

plan 70
check 'without accesses no update is lost' explored 1 lost
check '... nobody could say so' json "$proof and lines == ['two']"
check 'with them, one is' found 1 lost one two
check '... in half of four executions' \
    json "sorted(o['executions'] for o in outcomes) == [2, 2]"
check '... and that alone takes a witness of this build' \
    json "[o['accesses'] for o in outcomes if 'one' in o['outcome'].values()] \
== [True] and total('accesses') == 1"
check '... which names object, function and line' json "any(
'\n\naccesses ' in o['witness'] and
'run thread.1 until write count in count_one:' in o['witness']
for o in outcomes)"
check '... brute force finds the same' by_brute_force 1 lost
check 'a lock is not lost on it' found 0 locked two
check '... two executions, as without' json "d['executions'] == 2"
check 'a point is passed over where the access speaks for itself' \
    found 1 announced one two
check '... four executions, as without' json "d['executions'] == 4 and \
not total('accesses')"
check 'what is written in two halves is read in between' \
    found 1 torn '0 0' '0 1' '1 0' '1 1'
check '... in four executions' json "d['executions'] == 4"
check '... brute force finds the same' by_brute_force 1 torn
check '... and without accesses one' explored 1 torn
check '... it is' json "$proof and lines == ['1 1']"
check 'memcpy is cut into words' \
    found 1 copied_memory '0 0' '0 1' '1 0' '1 1'
check '... brute force finds the same' by_brute_force 1 copied_memory
check 'a struct that is assigned' explored 1 assigned --accesses
check '... is copied before, in between and after' json "$proof and $agree and \
{'0 0', '1 0', '1 1'} <= set(lines)"
check '... brute force finds the same' by_brute_force 1 assigned
check 'a string is copied in the middle of a change' \
    found 1 strings aaaaaaa bbbbbbbb bbbbbbbbbbbb
check '... brute force finds the same' by_brute_force 1 strings
check 'strings are compared and measured so' found 1 compared \
    '0 0 12' '0 0 8' '0 1 12' '0 1 7' '0 1 8' '1 0 12'
check '... brute force finds the same' by_brute_force 1 compared
check 'a byte lies in a word' found 1 overlapping byte word
check '... in two executions' json "d['executions'] == 2"
check 'two halves of a word do not overlap' found 0 beside both
check '... in one execution' json "d['executions'] == 1"
check 'a piece that has a name of its own is part of the whole' \
    found 1 nested '0 0' '0 1'
check '... brute force finds the same' by_brute_force 1 nested
check 'an atomic that is changed in two halves loses an update' \
    found 0 by_halves one two
check '... but does not race' json "total('raced') == 0"
check '... brute force finds the same' by_brute_force 0 by_halves
check 'one that is changed at once does not' found 0 at_once two
check '... in two executions' json "d['executions'] == 2"
check '... nor one that is changed if nobody else has' \
    found 0 if_unchanged two
check '... brute force finds the same' by_brute_force 0 if_unchanged
check 'a flag orders what comes before it' found 0 flag 'not set' set
check '... so that nothing races' json "total('raced') == 0"
check '... if it is not relaxed' found 1 flag_relaxed 'not set' set
check '... which races where it is seen' \
    json "[o['raced'] for o in outcomes if 'set' in o['outcome'].values()] == \
[1] and total('raced') == 1"
check 'what one task alone touches is no choice' found 0 alone filled
check '... in one execution' json "d['executions'] == 1"
for strategy in random pct pos; do
    check "$strategy finds the torn read" \
        explored 1 torn --accesses --strategy "$strategy" --runs-max 100
    check '... and all others' json "lines == ['0 0', '0 1', '1 0', '1 1'] and \
all(o['reproduced'] == 20 for o in outcomes)"
done

# The witness on its own.
check 'witnesses are written down' explored 1 torn --accesses --save "$here/found"
torn=$(grep -l 'until read' "$here"/found/torn-*.sched)
check '... and replayed' status_of 1 "$lab" replay "$torn" \
    --runs 5 --backend thread,fiber
check '... the same, byte for byte' said out '^  10 of 10 the same'
check '... with each access in its place' \
    said out ' read source in read_two:[0-9]*  *reads source#1$'
check 'one is shrunk' status_of 0 "$lab" shrink "$torn"
check '... to the same outcome' said err 'thread.2 0 1: reproduced 20/20'
check '... still with accesses' said out '^accesses '
check 'where the place is left out it is no other name' \
    status_of 3 "$lab" replay "$here/torn.sched"
check '... and what there is is named' said err 'never came to "write source"'
sed 's/^accesses$//' "$here/torn.sched" >"$here/plain.sched"
check 'an access is no point by itself' \
    status_of 2 "$lab" replay "$here/plain.sched"
check '... and the line says so' said err \
    ':5:20: accesses are no points without a line "accesses" above'

# The server: the same outcomes as by its points.
served() { status_of "$1" "$racelab" explore "$2" --requests "$3" --json; }
as_by_points() {
    served "$@" || return
    outcomes_of "$here/out" >"$here/points"
    status_of "$1" "$racelab" explore "$2" --requests "$3" --accesses --json &&
        json "$proof and $agree and not total('accesses')" &&
        outcomes_of "$here/out" | cmp - "$here/points"
}
for program in raw middleware_raw; do
    check "$program with two /test" as_by_points 1 "$program" /test,/test
    check "$program with /test and /healthcheck" \
        as_by_points 1 "$program" /test,/healthcheck
done
check 'raw with three /test' as_by_points 1 raw /test,/test,/test
for program in copy middleware_copy; do
    for requests in /test,/test /test,/test,/test; do
        check "$program with $requests" as_by_points 0 "$program" "$requests"
    done
done
finish
