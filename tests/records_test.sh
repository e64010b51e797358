#!/bin/sh
# records_test.sh RACELAB EXPECTED BUILD: a race as data, of one execution and
# of all of them.
# shellcheck disable=SC2317 # check() calls these
racelab=$1 expected=$2 build=$3
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
base=$expected/raw/after-reset.sched

# `races`: of ThreadSanitizer, or where it does not look of the harness.
json() { python3 -c "
import json, sys
d = json.load(open(sys.argv[1]))
thread = '$build' == 'thread'
def side(race, k): return race['accesses'][k]
races = d.get('races') or d.get('harness_races')
sys.exit(not ($1))" "$here/out"; }

plan 21
check 'a schedule that races' status_of 0 "$racelab" replay "$base" --json
check '... has one record' json "len(races) == 1"
check '... of what, and of what kind' json \
    "(races[0]['object'], races[0]['kind']) == ('context.keys', 'data-race')"
check '... whose side is whose' json "\
[(a['task'], a['request'], a['write']) for a in races[0]['accesses']] == \
[('loop', 'B', True), ('A.job', 'A', False)]"
check '... at which points, in which steps' json "\
[(a['point'], a['step']) for a in races[0]['accesses']] == \
[('context.reset', 16), ('context.get', 22)]"
check '... where in the source' json "\
[(a['function'], a['file'], a['line'] > 0) for a in races[0]['accesses']] == \
[('context_clear', 'lab/server/context.c', True), \
('context_find', 'lab/server/context.c', True)]"
check '... how many bytes, where ThreadSanitizer looks' json "\
[a['bytes'] for a in races[0]['accesses']] == \
([4, 4] if thread else [None, None])"
check '... under which locks' json "\
[a['locks'] for a in races[0]['accesses']] == [[], ['context#1.lock']]"
check '... and who started whom, and where' json "\
side(races[0], 0)['started_by'] is None and \
side(races[0], 1)['started_by']['task'] == 'loop' and \
side(races[0], 1)['started_by']['file'] == 'lab/server/job.c' and \
side(races[0], 1)['started_by']['function'] == 'job_start' and \
side(races[0], 1)['started_by']['step'] == 10"
check 'the harness has its own, in every build' json "\
[(a['task'], a['step']) for a in d['harness_races'][0]['accesses']] == \
[('loop', 16), ('A.job', 22)]"

check 'an exploring' status_of 1 "$racelab" explore raw --json
check '... has each race once, by its two places' json "\
[tuple(a['function'] for a in r['record'][0]['accesses']) \
for r in d['races']] == \
[('context_clear', 'context_find'), ('context_find', 'context_clear')]"
check '... with how many executions have it' json "\
sum(r['executions'] for r in d['races']) >= \
sum(o['raced' if thread else 'raced_harness'] for o in d['outcomes']) > 0"
again() {
    python3 -c "
import json, sys
race = json.load(open(sys.argv[1]))['races'][int(sys.argv[2])]
open(sys.argv[3], 'w').write(race['witness'])
json.dump([[a['task'], a['function'], a['line'], a['step']]
           for a in race['record'][0]['accesses']], open(sys.argv[4], 'w'))" \
        "$here/explored" "$1" "$here/witness.sched" "$here/wanted"
    status_of 1 "$racelab" replay "$here/witness.sched" --json || return
    python3 -c "
import json, sys
d = json.load(open(sys.argv[1]))
wanted = json.load(open(sys.argv[2]))
races = d['races'] or d['harness_races']
sys.exit(wanted not in [[[a['task'], a['function'], a['line'], a['step']]
                         for a in r['accesses']] for r in races])" \
        "$here/out" "$here/wanted"
}
cp "$here/out" "$here/explored"
check '... and a schedule that has it: the first' again 0
check '... and the second' again 1
check 'for people' status_of 1 "$racelab" explore raw
check '... what, and how often' said out '^race 1: context.keys, in 4 executions'
check '... who' said out '^     A.job, for A, read .*in context_find, lab/'
check '... with what in hand' said out '^       holding context#1.lock$'
check 'where nothing races there is none' \
    status_of 0 "$racelab" explore copy --json
check '... in the list' json "d['races'] == []"
finish
