#!/bin/sh
# explain_test.sh RACELAB WRONGS BAD_LAB ROOT: what `racelab explain` says of the
# lesson, of what goes wrong in WRONGS' ways, and to a script.
#
#   tests/explain/explain_test.sh … update      writes the sentences anew
# shellcheck disable=SC2317,SC2016 # check() calls these; the $ are not ours
racelab=$(realpath "$1") wrongs=$(realpath "$2") lab=$(realpath "$3")
root=$4 update=${5-}
# shellcheck source=tests/tap.sh
. "$root/tests/tap.sh"
cd "$root" || exit 99
expected=$root/expected cases=tests/explain/wrongs

explain() { "$racelab" explain "$@"; }
# json FILTER: the last output is one JSON document of which FILTER is true.
json() { python3 -c "
import json, sys
d = json.load(open(sys.argv[1]))
o = d['outcomes']
sys.exit(not ($1))" "$here/out"; }

# pairs_decide NAME: each wrong outcome under expected/NAME has a pair that
# makes it right the other way round; each right one, if a pair, one that does
# not.
pairs_decide() {
    status_of 0 explain --json "$expected/$1.sched" &&
        json "all(x['pair'] for x in o if not x['right'])" &&
        json "all(x['pair']['exchanged_outcome'] != x['outcome']
            for x in o if x['pair'])" &&
        json "all((x['pair']['exchanged_outcome'] == '时间戳相同') !=
            x['right'] for x in o if x['pair'])" &&
        in_both_orders
}
in_both_orders() {
    json "all(x['pair']['first']['step'] < x['pair']['second']['step'] and
        x['pair']['exchanged_second'] < x['pair']['exchanged_first']
        for x in o if x['pair'])"
}
# decided HANDLER: its job's outcome under the lesson's second schedule is wrong,
# and was right the other way round.
decided() {
    status_of 1 explain --json --handler "$1" \
        "$expected/raw/after-reset.sched" &&
        json "not o[0]['right'] and
            o[0]['pair']['exchanged_outcome'] == '时间戳相同'" && in_both_orders
}
# has_no_cause NAME: the outcomes are right, and no luck.
has_no_cause() {
    status_of 0 explain --json "$expected/$1.sched" &&
        json "all(x['right'] and not x['pair'] and not x['touch'] for x in o)" &&
        json "d['findings'] == []"
}
# says_as_kept NAME: of that program, under the schedule of its name.
says_as_kept() {
    "$wrongs" explain "$cases/$1.sched" >"$here/out" 2>"$here/err"
    [ "$update" != update ] || cp "$here/out" "$cases/$1.explain"
    diff -u "$cases/$1.explain" "$here/out" >"$here/err"
}
other_way() {
    "$wrongs" explain --json "$cases/$1.sched" >"$here/out" 2>"$here/err"
    json "any(x['pair'] for x in o)" && in_both_orders
}
stopped_clock() {
    cat >"$here/x.sched" <<'SCHED'
racelab schedule 1
program raw
request A GET /test
request B GET /test
request C GET /healthcheck

clock stop
send A
run loop until pool.put
send B
run loop until pool.put
clock start
send C
run loop until pool.put
run A.job to end
SCHED
    status_of 1 explain --json "$here/x.sched"
}
deadlocked() {
    printf 'racelab schedule 1\nprogram %s\n\n%s\n' "$1" "$2" >"$here/x.sched"
    status_of 1 "$lab" explain --lang en "$here/x.sched"
}
changed() {
    sed "$1" "$expected/raw/after-reset.sched" >"$here/x.sched"
    status_of "$2" explain "$here/x.sched"
}
one_language() {
    status_of 0 explain --lang "$1" "$expected/raw/after-reset.sched" &&
        [ "$(wc -l <"$here/out")" -eq 2 ] && said out "$2"
}

plan 69
for name in raw middleware_raw; do
    for schedule in before-reset after-reset after-set after-set-same-ms \
        after-set-silent; do
        check "$name/$schedule: both orders of each pair have been run" \
            pairs_decide "$name/$schedule"
    done
done
for name in locked atomic late_copy late_copy_locked late_retain shallow_copy \
    generation timeout delay; do
    check "$name/after-reset: both orders of the pair have been run" \
        decided "$name"
done
for name in copy middleware_copy; do
    for schedule in before-reset after-set-silent; do
        check "$name/$schedule: right, and not by luck" \
            has_no_cause "$name/$schedule"
    done
done
check 'the silent one: the lock is named that orders the two' \
    status_of 0 explain --json "$expected/raw/after-set-silent.sched"
check '... from the unlock to the lock' json "
    [(o[0]['edge'][x]['step'], o[0]['edge'][x]['name']) for x in ('from', 'to')]
    == [(20, 'uv_rwlock_wrunlock'), (27, 'uv_rwlock_rdlock')]"
check '... and whose the context is not' json "
    o[0]['edge']['object'] == 'context#1.lock' and o[0]['ordered'] and
    o[0]['owner'] == {'object': 'context#1', 'foreign': True, 'put': 11,
                      'since': None, 'request': None}"
check '... and nothing else races' json "o[0]['unordered'] is None"
check 'with a third request what races is named' \
    status_of 0 explain --json "$expected/raw/after-set.sched"
check '... by its place in the source' json "
    o[0]['unordered']['function'].startswith('context_') and
    o[0]['unordered']['file'] == 'lab/server/context.c' and
    o[0]['unordered']['line'] > 0 and o[0]['unordered']['for'] == 'C'"
check 'an unordered pair has no edge' \
    status_of 0 explain --json "$expected/raw/after-reset.sched"
check '... and a sentence in each language' json "
    o[0]['edge'] is None and not o[0]['ordered'] and
    'nothing orders the two' in o[0]['sentence']['en'] and
    '没有任何先后约束' in o[0]['sentence']['zh']"
check '... and its owner is B' json "
    o[0]['owner']['request'] == 'B' and o[0]['owner']['since'] == 15"

for name in atomically at_a_mark in_the_queue in_a_lock by_way_of too_late \
    behind_work behind_work_right unannounced put_twice got_twice kept sleeps \
    waits; do
    check "$name: as it is kept" says_as_kept "$name"
done
check 'what the program says that it found is told' \
    status_of 1 "$wrongs" explain --json "$cases/too_late.sched"
check '... as data, too' json "o[0]['touch']['saw'] == 'value=2'"
for name in atomically in_the_queue in_a_lock behind_work behind_work_right \
    unannounced; do
    check "$name: the other way round is the other way round" other_way "$name"
done
check 'the clock stands still the other way round, too' stopped_clock
check '... so that C alone spoils it' json "
    o[0]['outcome'] == '数据不存在' and
    o[0]['pair']['first']['for'] == 'C' and
    o[0]['pair']['exchanged_outcome'] == '时间戳相同'"
check 'of a deadlock: who waits for whom' deadlocked lock_order \
    'run loop until uv_thread_join
run thread.1 until uv_mutex_lock
run thread.1 until uv_mutex_lock
run thread.2 until uv_mutex_lock
run thread.2 until uv_mutex_lock'
check '... thread.1 for thread.2' said out \
    'thread.1 waits in uv_mutex_lock (.*bad.c:[0-9]*) for second#1.lock, which thread.2 has held since '
check '... and the other way round' said out \
    'thread.2 waits in uv_mutex_lock (.*bad.c:[0-9]*) for first#1.lock, which thread.1 has held since '

check 'in English alone' one_language en 'A.job read context#1.keys at step 22'
check 'in Chinese alone' one_language zh 'A.job 在第 22 步'
check 'in no third language' status_of 2 explain --lang fr x.sched
check '... with the three that there are' said err 'takes en, zh or both'
check 'without a schedule it says so' status_of 2 explain
check 'a schedule that does not fit: as in replay' \
    changed 's/until context.cleared/until job.read/' 3
check '... and nothing is explained' silent out
check 'an expectation that does not hold: as in replay' \
    changed 's/数据不存在/时间戳相同/' 1
check 'another handler: the same schedule, the fix' \
    status_of 0 explain --handler copy "$expected/raw/after-reset.sched"
check '... is right, and not by luck' said out 'Right, and not by luck'
finish
