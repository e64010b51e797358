#!/bin/sh
# shrink_test.sh RACELAB EXPECTED BAD_LAB BUILD quick|long: what `racelab shrink`
# leaves of a schedule, and what it says of one that cannot be shrunk. long:
# that it is the same from many starts, and long ones.
# shellcheck disable=SC2317,SC2016 # check() calls these; the $ are not ours
racelab=$1 expected=$2 lab=$3 build=$4 which=$5
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
small=$here/small.sched

# lines FILE: its lines that are choices.
lines() { grep -E '^(send|run|clock)' "$1"; }
# outcome FILE: of its replay; the same on both backends, or nothing.
outcome() {
    "$racelab" replay --json --no-expect --backend thread,fiber --runs 3 "$1" \
        >"$here/outcome"
    python3 -c "
import json, sys
d = json.load(open(sys.argv[1]))
if d['identical']:
    print(d['verdict'], sorted((o['task'], o['outcome'])
                               for o in d['outcomes']))" "$here/outcome"
}
# json FILTER: the last output is one JSON document of which FILTER is true.
json() { python3 -c "
import json, sys
d = json.load(open(sys.argv[1]))
sys.exit(not ($1))" "$here/out"; }

# shrinks FILE: to no more than three `run` lines, and to the same outcome.
shrinks() {
    status_of 0 "$racelab" shrink "$1" && cp "$here/out" "$small" &&
        said err 'reproduced 20/20$' &&
        [ "$(grep -c '^run' "$small")" -le 3 ] &&
        [ -n "$(outcome "$1")" ] && [ "$(outcome "$1")" = "$(outcome "$small")" ]
}
again_the_same() {
    status_of 0 "$racelab" shrink "$1" && cmp "$here/out" "$small"
}
# stays_as_it_is: what was shrunk is not shrunk any more.
stays_as_it_is() {
    status_of 0 "$racelab" shrink "$small" && cmp "$here/out" "$small" &&
        python3 -c "
import re, sys
a, b = re.match('([0-9]+) lines? -> ([0-9]+)', sys.argv[1]).groups()
sys.exit(a != b)" "$(grep ' candidates tried$' "$here/err")"
}
# one_line_a_step FILE: the schedule that says every single step of FILE's.
one_line_a_step() {
    "$racelab" replay --no-expect "$1" >"$here/replay"
    python3 - "$1" "$here/replay" <<'PY'
import sys
head, _ = open(sys.argv[1]).read().split('\n\n')
text = open(sys.argv[2]).read()
steps = [line.split()[1:3] for line in
         text.split('\nsteps\n')[1].split('\noutcome\n')[0].split('\n')]
steps = steps[[what for _, what in steps].index('send'):]
steps = steps[:[what for _, what in steps].index('stop')]
print(head + '\n')
for i, (task, what) in enumerate(steps):
    later = [step[1] for step in steps[i + 1:] if step[0] == task]
    if what == 'send':
        print('send', task)
    elif later:
        print('run', task, 'until', later[0])
    elif task != 'loop':
        print('run', task, 'to end')
PY
}
# all_shrink DIR: each schedule in it.
all_shrink() {
    for file in "$1"/*.sched; do
        shrinks "$file" || return
        number=$(outcome "$small" | cksum | cut -d' ' -f1)
        cp "$small" "$here/shrunk/$number-${1##*/}-${file##*/}"
    done
}
# from_any_start DIR: each schedule in it, and each with one line a step.
from_any_start() {
    for file in "$1"/*.sched; do
        one_line_a_step "$file" >"$file.long"
        mv "$file.long" "${file%.sched}-long.sched"
    done
    all_shrink "$1"
}
are_long() { [ "$(lines "$1/raw-2-long.sched" | wc -l)" -ge 24 ]; }
# What has the same outcome was shrunk to the same bytes, wherever it came from.
one_for_each_outcome() {
    for file in "$here"/shrunk/*; do
        outcome=${file##*/}
        for other in "$here/shrunk/${outcome%%-*}"-*; do
            cmp "$file" "$other" >"$here/out" || return
        done
    done
}
explored() {
    "$racelab" explore raw "$@" >"$here/out"
    said out '^2\. '
}
keeps_expect_lines() {
    sed -n 's/ *#.*//; /^expect/p' "$1" >"$here/out"
    grep '^expect' "$small" | cmp - "$here/out"
}
# gone_wrong PROGRAM LINE...: a schedule of LINEs for a program of bad.c.
gone_wrong() {
    {
        printf 'racelab schedule 1\nprogram %s\n\n' "$1"
        shift
        printf '%s\n' "$@"
    } >"$here/bad.sched"
}
# deadlock LINES MESSAGE: is bad.sched shrunk to LINES lines with that end?
deadlock() {
    status_of 0 "$lab" shrink "$here/bad.sched" && cp "$here/out" "$small" &&
        [ "$(lines "$small" | wc -l)" -eq "$1" ] &&
        said err "^deadlock: .*$2.*: reproduced 20/20$" &&
        status_of 1 "$lab" replay "$small" && said err "deadlock: .*$2"
}
# refused STATUS MESSAGE LAB FILE
refused() {
    status_of "$1" timeout 60 "$3" shrink "$4" && silent out && said err "$2"
}

mkdir "$here/shrunk"
if [ "$which" = long ]; then
    plan 6
    check 'every outcome of two requests has a witness' \
        explored --save "$here/proof"
    check '... each is shrunk, and each with one line a step' \
        from_any_start "$here/proof"
    check '... of which there were dozens' are_long "$here/proof"
    for seed in 1 2; do
        explored --strategy random --seed "$seed" --runs-max 12 \
            --save "$here/$seed"
        check "those of chance, seed $seed" from_any_start "$here/$seed"
    done
    check 'from any start it is the same for the same outcome' \
        one_for_each_outcome
    finish
fi

plan 47
for name in after-reset after-set after-set-silent; do
    check "$name is shrunk" shrinks "$expected/raw/$name.sched"
    check '... has all expect lines' keeps_expect_lines "$expected/raw/$name.sched"
    check '... which hold' \
        status_of 0 "$racelab" replay "$small" --backend thread,fiber
    check '... to the same bytes again' again_the_same "$expected/raw/$name.sched"
    check '... and no further' stays_as_it_is
done
# What is expected of races is seen to where there is ThreadSanitizer, and else
# the line is kept with a word.
status_of 0 "$racelab" shrink "$expected/raw/before-reset.sched"
if [ "$build" = thread ]; then
    check 'who races is not left out' said out '^request B GET /healthcheck$'
else
    check 'an expectation of a race that nobody looks for is named' \
        said err 'before-reset.sched:15: kept, and not checked'
fi

sed '/^expect/d' "$expected/raw/before-reset.sched" >"$here/bare.sched"
check 'where nothing is expected of races' \
    status_of 0 "$racelab" shrink "$here/bare.sched"
check '... a request that does not matter is left out' \
    [ "$(grep '^request' "$here/out")" = 'request A GET /test' ]

check 'every outcome of two requests has a witness' \
    explored --save "$here/proof"
check '... and each is shrunk' all_shrink "$here/proof"

gone_wrong lock_order 'run loop until threads.started' \
    'run thread.1 until one.held' 'run thread.2 until one.held' \
    'run thread.1 until uv_mutex_lock' 'run thread.2 until uv_mutex_lock'
check 'a deadlock is shrunk to a deadlock' \
    deadlock 2 'thread.1 waits in uv_mutex_lock.* for second#1.lock'
check '... and no further' status_of 0 "$lab" shrink "$small"
check '... to the byte' cmp "$here/out" "$small"
gone_wrong lost_wakeup 'run loop until threads.started' \
    'run thread.2 until uv_cond_signal' 'run thread.2 to end' \
    'run thread.1 until uv_cond_wait'
check 'a wakeup that is lost stays lost' \
    deadlock 2 'thread.1 waits in uv_cond_wait.* for news#1.cond'
gone_wrong points_forever 'run loop until circle.turned'
check 'a program that never ends needs no lines' \
    status_of 0 "$lab" shrink "$here/bad.sched"
check '... and is cut at its limit again' \
    said err '^over 20000 steps.*: reproduced 20/20$'
if nm "$lab" | grep -q ' [A-Z] __asan_init$'; then
    skip 'AddressSanitizer tells it itself' 'a crash is shrunk to a crash'
else
    gone_wrong segv 'run loop until threads.started'
    check 'a crash is shrunk to a crash' \
        status_of 0 "$lab" shrink "$here/bad.sched"
fi
gone_wrong says_twice 'expect loop at first'
check 'an expectation that did not hold need not hold' \
    status_of 0 "$lab" shrink "$here/bad.sched"
check '... and is kept' said out '^expect loop at first$'

sed 's/until context.cleared/until context.cleraed/' \
    "$expected/raw/after-reset.sched" >"$here/bad.sched"
check 'a schedule that does not fit is none to shrink' refused 3 \
    'bad.sched:10:16: loop never came to "context.cleraed"' "$racelab" "$here/bad.sched"
check 'nor is one that is none' refused 2 ':6:1: expected' "$racelab" "$0"
check 'nor one that is not there' \
    refused 2 '/no/such.sched: No such file' "$racelab" /no/such.sched
gone_wrong call_usleep_in_thread 'run loop until threads.started'
check 'nor one of a program that is not under control' \
    refused 2 'usleep.* is not under' "$lab" "$here/bad.sched"
gone_wrong spin 'run loop until threads.started'
check 'nor one of a program that spins' \
    refused 2 'task thread.1 spins since step 4' "$lab" "$here/bad.sched"
gone_wrong exits
check 'nor one of a program that exits' \
    refused 2 'took its process along' "$lab" "$here/bad.sched"
gone_wrong fickle
check 'nor one of a program that is not deterministic' \
    refused 2 'two runs of this schedule differ' "$lab" "$here/bad.sched"

base=$expected/raw/after-reset.sched
"$racelab" shrink "$base" >"$small" 2>"$here/err"
check '--out writes it to a file' \
    status_of 0 "$racelab" shrink "$base" --out "$here/written"
check '... and not to standard output' silent out
check '... the same' cmp "$here/written" "$small"
check 'so does -o' status_of 0 "$racelab" shrink -o "$here/o" "$base"
check 'a file that cannot be written is trouble' \
    status_of 2 "$racelab" shrink "$base" -o /no/such/place
check 'standard input can be shrunk' \
    sh -c '"$1" shrink - <"$2" 2>/dev/null | cmp - "$3"' - \
    "$racelab" "$base" "$small"
check '--json is one document' status_of 0 "$racelab" shrink "$base" --json
check '... with the schedule, and how it was come to' json "\
d['shrunk'] == open('$small').read() and d['lines_before'] == 5 and \
d['lines'] == 2 and d['candidates'] > 0 and not d['cut'] and \
d['outcome'] == {'A.job': '数据不存在'} and d['verdict'] == 'finished' and \
d['reproduced'] == d['runs'] == 20 and d['program'] == 'raw' and d['exit'] == 0"
check 'it can be shrunk for another program' \
    status_of 0 "$racelab" shrink "$base" --handler copy
check '... which is then named' said out '^program copy$'
check '... without the expect lines of the first' \
    [ "$(grep -c '^expect' "$here/out")" -eq 0 ]
finish
