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
def found(): return sum(sum(o['found'].values()) for o in d['outcomes'])
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
# The set of outcomes of the last two explorations is the same, and so are those
# of them that can race, that can be without a finding, and so on.
outcomes_of() { python3 -c "
import json, sys
def some(o, number): return [number > 0, number < o['executions']]
print(sorted(json.dumps([o['outcome'], o['verdict'], some(o, o['raced_harness']),
                         {k: some(o, n) for k, n in o['found'].items()}],
                        sort_keys=True)
             for o in json.load(open(sys.argv[1]))['outcomes']))" "$1"; }
as_brute_force() {
    status_of 1 "$racelab" explore "$1" --requests "$2" --json || return
    outcomes_of "$here/out" >"$here/dpor"
    status_of 1 "$racelab" explore "$1" --requests "$2" --strategy all --json ||
        return
    outcomes_of "$here/out" | cmp - "$here/dpor"
}

plan 107
for program in raw middleware_raw; do
    check "$program with two /test has wrong outcomes" \
        explored 1 "$program" /test,/test
    check '... it is a proof, and every witness holds' json "$proof"
    check '... A has all three' \
        json "lines('A.job') == sorted([same, other, none])"
    check '... twenty kinds of execution' json "d['executions'] == 20"
    check '... all but two with a finding: there each reads before its put' \
        json "found() == 18 and d['exit'] == 1"
    check '... no line shows it: of the right outcome six of eight have one' \
        json "[(o['executions'], o['found']['foreign']) for o in d['outcomes'] \
if set(o['outcome'].values()) == {same}] == [(8, 6)]"
    raced '... and those that print 不同 are silent' \
        "all((o['raced'] == 0) == (other in o['outcome'].values()) \
for o in d['outcomes'])"
    check "$program with /test and /healthcheck" \
        explored 1 "$program" /test,/healthcheck
    check '... it is a proof, and every witness holds' json "$proof"
    check '... A has exactly two' \
        json "lines('A.job') == sorted([same, none])"
    check '... six kinds of execution' json "d['executions'] == 6"
    raced '... and every execution races or has nobody after it' \
        "total('raced') == 4"
done
check 'three requests' explored 1 raw /test,/test,/test
check '... it is a proof, and every witness holds' json "$proof"
check '... 480 kinds of execution' json "d['executions'] == 480"
check '... of which all but one of each order have a finding' \
    json "found() == 474"
raced '... those too of which ThreadSanitizer is silent' \
    "total('raced') == 432 and all(o['found']['foreign'] == o['executions'] \
for o in d['outcomes'] if o['raced'] < o['executions'])"
check '... whoever is last has its own' \
    json "all(same in o['outcome'].values() for o in d['outcomes'])"

for program in copy middleware_copy; do
    for requests in /test,/test /test,/healthcheck /test,/test,/test; do
        check "$program with $requests is right" \
            explored 0 "$program" "$requests"
    done
    check '... always, nothing races and nothing is found' json "$proof and \
all(set(o['outcome'].values()) == {same} for o in d['outcomes']) and \
total('raced') == 0 and found() == 0"
done

check 'brute force finds the same, with /healthcheck' \
    as_brute_force raw /test,/healthcheck
check 'brute force finds the same, with two /test' \
    as_brute_force raw /test,/test

# found STRATEGY OPTION...: both wrong outcomes of `raw` are.
found() {
    status_of 1 "$racelab" explore raw --strategy "$@" --json
}
# again OPTION...: and the same as before, but for the time it took.
again() {
    grep -v '"seconds"' "$here/out" >"$here/before"
    found "$@"
    grep -v '"seconds"' "$here/out" | cmp - "$here/before"
}
all_three="lines('A.job') == sorted([same, other, none])"
for strategy in random pct pos; do
    check "$strategy finds both wrong outcomes" \
        found "$strategy" --runs-max 300 --seed 7
    check '... and no others, and says that it proves nothing' \
        json "not d['complete'] and d['gap'] is None and \
d['executions'] == 300 and d['strategy'] == '$strategy' and d['seed'] == 7 and \
len(d['outcomes']) == 5 and $all_three"
    check '... with witnesses that hold' \
        json "all(o['reproduced'] == 20 for o in d['outcomes'])"
    check '... the same seed makes the same executions' \
        again "$strategy" --runs-max 300 --seed 7
done
check 'only pct has a depth' json "d['depth'] is None"
check '... which is three' found pct --runs-max 20
check '... unless told otherwise' json "d['depth'] == 3"
check 'of depth one it never sees the set of another' \
    status_of 1 "$racelab" explore raw --strategy pct --depth 1 --json
check '... in a thousand executions, unless it is told otherwise' \
    json "d['depth'] == 1 and d['executions'] == 1000"
check 'a bound of no preemptions, with brute force' \
    found all --preemptions 0
check '... is no proof, and says why' json "not d['complete'] and \
d['preemptions'] == 0 and d['gap'] == 'more than 0 preemptions' and \
d['executions'] == 30 and len(d['outcomes']) == 5"
check '... in words, too' status_of 1 "$racelab" explore raw --strategy all \
    --preemptions 1
check '... at the end' said out '^because of more than 1 preemption: '
check 'a bound that cuts nothing is one' found all --preemptions 20
check '... with all executions' json "$proof and d['executions'] == 64176"
check 'a number of executions ends brute force' found all --runs-max 10
check '... before it is a proof' \
    json "not d['complete'] and d['executions'] == 10 and d['gap'] is None"

# A last request: whatever the jobs read, its reset is ordered by nothing.
then_explored() {
    status_of "$1" "$racelab" explore "$2" --requests "$3" --then "$4" --json
}
for requests in /test,/test /test,/healthcheck /test,/test,/test; do
    check "raw with $requests, and then one more" \
        then_explored 1 raw "$requests" /healthcheck
    check '... it is a proof, and every witness holds' \
        json "$proof and d['then'] == '/healthcheck'"
    raced '... every execution races' "total('raced') == total('executions')"
done
check '... and there are no more than without it' json "d['executions'] == 480"
check '... it is in the witness by its declaration alone' \
    json "all('request D GET /healthcheck' in o['witness'] and \
'send D' not in o['witness'] for o in d['outcomes'])"
check 'copy, and then one more, is right' \
    then_explored 0 copy /test,/test /healthcheck
check '... always, and nothing races' json "$proof and total('raced') == 0"
check 'a last request with a job of its own' \
    then_explored 1 raw /test,/healthcheck /test,/healthcheck
check '... has three reports, and the other comes after it' json "$proof and \
lines('C.job') == [same] and all('send C' in o['witness'] and \
'send D' not in o['witness'] for o in d['outcomes'])"
check 'with brute force there are the same' found all \
    --requests /test,/healthcheck --then /test,/healthcheck
check '... outcomes' json "$proof and len(d['outcomes']) == 2"
check 'a last request and no other' then_explored 0 copy '' /test
check '... is the only kind' json "$proof and d['executions'] == 1"
check 'of raw it may be put before its job reads, or after' \
    then_explored 1 raw '' /test
check '... and before is a finding' \
    json "$proof and d['executions'] == 2 and found() == 1 and \
total('raced') == 0 and lines('A.job') == [same]"
said_found() { status_of 1 "$racelab" explore raw --requests /test; }
check 'in words' said_found
check '... it is said below the outcome' said out '^   found: foreign in 1$'

# refused MESSAGE OPTION...
refused() {
    message=$1
    shift
    status_of 2 "$racelab" explore raw "$@" && silent out &&
        said err "^racelab explore: $message; see racelab explore --help\$"
}
check 'a strategy that there is not' refused \
    'the strategies are dpor, all, random, pct and pos, not chance' \
    --strategy chance
check 'a depth of none' refused \
    '--depth takes a number from 1 to 100, not 0' --strategy pct --depth 0
check 'a depth that is no number' refused \
    '--depth takes a number from 1 to 100, not three' \
    --strategy pct --depth three
check 'a depth for whom it means nothing' refused \
    '--depth is not for the strategy pos' --strategy pos --depth 3
check 'preemptions that are no number' refused \
    '--preemptions takes a number from 0 to 2147483647, not -1' \
    --strategy all --preemptions -1
check 'preemptions for whom they mean nothing' refused \
    '--preemptions is not for the strategy random' \
    --preemptions 1 --strategy random
check 'a seed for whom it means nothing' refused \
    '--seed is not for the strategy dpor' --seed 7
check 'no executions at all' refused \
    '--runs-max takes a number from 1 to 2147483647, not 0' --runs-max 0
check 'a seed that JSON cannot hold' refused \
    '--seed takes a number from 0 to 9223372036854775807, not 9223372036854775808' \
    --seed 9223372036854775808
check 'a last request that is no path' status_of 2 "$racelab" explore raw \
    --then healthcheck
check '... is named' said err "a path that starts with '/'"
for list in '/test,,/test' '/test /test' '/test
request Z GET /test'; do
    check "requests that are no paths: $(echo "$list" | head -n 1)" \
        status_of 2 "$racelab" explore raw --requests "$list"
    check '... are named' said err \
        "^racelab explore: raw: a request is a path that starts with '/'"
done
check 'a request more than there are letters' status_of 2 "$racelab" \
    explore raw --requests "$(printf '/test,%.0s' 1 2 3 4 5 6 7 8 9 10 11 12 13 \
        14 15 16 17 18 19 20 21 22 23 24 25 26)" --then /test
check '... is one too many' said err 'more than 26 requests'
finish
