#!/bin/sh
# harness_races_test.sh RACELAB EXPECTED BUILD: the harness's own detector sees
# in every schedule of EXPECTED the race that ThreadSanitizer's golden has: the
# same memory, the same two accesses, after the same step, on both backends and
# in every build. And how it is said where ThreadSanitizer does not look.
# shellcheck disable=SC2317 # check() calls these
racelab=$1 expected=$2 build=$3
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
base=$expected/raw/after-reset.sched

# The golden's races and the harness's, in the same words.
golden() {
    sed -nE 's/^  data-race on (.*), seen after step (.*)$/\1 after \2/p
        s/^    ([^ ]+) +wrote .*/\1 writes/p
        s/^    ([^ ]+) +read .*/\1 reads/p' "$1"
}
of_harness() { python3 -c "
import json, sys
for race in json.load(open(sys.argv[1]))['harness_races']:
    print(race['object'], 'after', race['accesses'][1]['step'])
    for access in race['accesses']:
        print(access['task'], 'writes' if access['write'] else 'reads')" "$1"; }

as_golden() {
    status_of 0 "$racelab" replay "$1" --backend "$2" --json || return
    golden "${1%.sched}.race" >"$here/golden"
    of_harness "$here/out" >"$here/harness"
    diff "$here/golden" "$here/harness" >"$here/err"
}
raced() { [ -s "$here/golden" ]; }
json() { python3 -c "
import json, sys
d = json.load(open(sys.argv[1]))
sys.exit(not ($1))" "$here/out"; }

schedules=$(find "$expected" -name '*.sched' | sort)
# shellcheck disable=SC2086 # a name a word
set -- $schedules
plan $((2 * $# + 10))
for schedule; do
    for backend in thread fiber; do
        check "$(basename "$(dirname "$schedule")")/$(basename "$schedule") \
on $backend: the race of the golden, or none" as_golden "$schedule" "$backend"
    done
done

check 'a golden with a race has one here' as_golden "$base" fiber
check '... so that there is something to agree on' raced
check '--json has the points and steps of the accesses' json "\
[(a['task'], a['write'], a['point'], a['step']) \
for a in d['harness_races'][0]['accesses']] == \
[('loop', True, 'context.reset', 16), ('A.job', False, 'context.get', 22)]"
sed '/^expect/d; s/program raw/program copy/' "$base" >"$here/none.sched"
check 'where nothing races there is none' \
    status_of 0 "$racelab" replay "$here/none.sched" --json
check '... in --json too' json "d['harness_races'] == []"
check 'explore counts the executions' \
    status_of 1 "$racelab" explore raw --requests /test,/healthcheck --json
check '... that race for the harness' \
    json "sum(o['raced_harness'] for o in d['outcomes']) == 4"
if [ "$build" = thread ]; then
    for sentence in replay explore status; do
        skip 'ThreadSanitizer looks, and its verdict is shown' "$sentence"
    done
else
    replay_says() {
        status_of 0 "$racelab" replay "$base" --runs 3 &&
            said out '^  seen by the harness, on context.keys$' &&
            said out '^    A.job   reads  at context.get, step 22$' &&
            said out '^  1 race in each (harness)$'
    }
    explore_says() {
        status_of 1 "$racelab" explore raw &&
            said out '^   8 executions, 8 with a race (harness); '
    }
    # The outcome is right, and A's job reads before A's context is put: what
    # the harness alone sees is shown, and is no finding.
    race_alone_is_no_finding() {
        sed '/^expect/d; s/^run loop until pool.put/run loop until put/' \
            "$expected/raw/before-reset.sched" >"$here/race.sched"
        status_of 0 "$racelab" replay "$here/race.sched" &&
            said out '^  seen by the harness, on context.keys$' &&
            said out '^  none$'
    }
    check 'replay shows it where ThreadSanitizer does not look' replay_says
    check 'explore counts it where ThreadSanitizer does not look' explore_says
    check 'the exit status is not its business' race_alone_is_no_finding
fi
finish
