#!/bin/sh
# explore_test.sh RACELAB BUILD: which outcomes the server has at all, and how
# `racelab explore` says so.
# shellcheck disable=SC2317,SC2016 # check() calls these; the $ are not ours
racelab=$1 build=$2
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

explored() {
    status_of "$1" "$racelab" explore "$2" --requests "$3" --json
}
json() { python3 -c "
import json, sys
d = json.load(open(sys.argv[1]))
same, other, none = '时间戳相同', '时间戳不同', '数据不存在'
def lines(task): return sorted(d['by_task'].get(task, {}))
def total(key): return sum(o[key] for o in d['outcomes'])
sys.exit(not ($1))" "$here/out"; }
# In TSan builds alone.
raced() {
    if [ "$build" = thread ]; then
        check "$1" json "$2"
    else
        skip 'no ThreadSanitizer' "$1"
    fi
}
proof="d['complete'] and d['blocked'] == 0 and \
all(o['reproduced'] == 20 for o in d['outcomes'])"
# The set of outcomes of the last two explorations is the same.
outcomes_of() { python3 -c "
import json, sys
print(sorted(json.dumps([o['outcome'], o['verdict']], sort_keys=True)
             for o in json.load(open(sys.argv[1]))['outcomes']))" "$1"; }
as_brute_force() {
    status_of 1 "$racelab" explore "$1" --requests "$2" --json || return
    outcomes_of "$here/out" >"$here/dpor"
    status_of 1 "$racelab" explore "$1" --requests "$2" --strategy all --json ||
        return
    outcomes_of "$here/out" | cmp - "$here/dpor"
}

plan 35
for program in raw middleware_raw; do
    check "$program with two /test has wrong outcomes" \
        explored 1 "$program" /test,/test
    check '... it is a proof, and every witness holds' json "$proof"
    check '... A has all three' \
        json "lines('A.job') == sorted([same, other, none])"
    check '... six kinds of execution' json "d['executions'] == 6"
    raced '... and those that print 不同 are silent' \
        "all((o['raced'] == 0) == (other in o['outcome'].values()) \
for o in d['outcomes'])"
    check "$program with /test and /healthcheck" \
        explored 1 "$program" /test,/healthcheck
    check '... it is a proof, and every witness holds' json "$proof"
    check '... A has exactly two' \
        json "lines('A.job') == sorted([same, none])"
    raced '... and every execution races or has nobody after it' \
        "total('raced') == 2 and total('executions') == 3"
done
check 'three requests' explored 1 raw /test,/test,/test
check '... it is a proof, and every witness holds' json "$proof"
check '... ninety kinds of execution' json "d['executions'] == 90"
check '... whoever is last has its own' \
    json "all(same in o['outcome'].values() for o in d['outcomes'])"

for program in copy middleware_copy; do
    for requests in /test,/test /test,/healthcheck /test,/test,/test; do
        check "$program with $requests is right" \
            explored 0 "$program" "$requests"
    done
    check '... always, and nothing races' json "$proof and \
all(set(o['outcome'].values()) == {same} for o in d['outcomes']) and \
total('raced') == 0"
done

check 'brute force finds the same, with /healthcheck' \
    as_brute_force raw /test,/healthcheck
check 'brute force finds the same, with two /test' \
    as_brute_force raw /test,/test

check 'chance finds both wrong outcomes' status_of 1 "$racelab" explore raw \
    --strategy random --runs-max 300 --seed 7 --json
check '... and says that it proves nothing' json "not d['complete'] and \
d['executions'] == 300 and lines('A.job') == sorted([same, other, none])"
cp "$here/out" "$here/first"
again() {
    status_of 1 "$racelab" explore raw --strategy random --runs-max 300 \
        --seed 7 --json
    grep -v '"seconds"' "$here/out" >"$here/b"
    grep -v '"seconds"' "$here/first" | cmp - "$here/b"
}
check 'the same seed makes the same executions' again
finish
