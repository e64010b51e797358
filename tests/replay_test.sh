#!/bin/sh
# replay_test.sh RACELAB EXPECTED BUILD: what `racelab replay` says of a
# schedule that does not fit, of a wrong handler, and to a script.
# shellcheck disable=SC2317,SC2016 # check() calls these; the $ are sed's
racelab=$1 expected=$2 build=$3
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
base=$expected/raw/after-reset.sched
file=$here/changed.sched

# changed SED STATUS PATTERN: the schedule, changed by SED, ends with STATUS,
# and says PATTERN on standard error, within seconds.
changed() {
    sed "$1" "$base" >"$file"
    status_of "$2" timeout 20 "$racelab" replay "$file" && said err "$3"
}
replay() { "$racelab" replay "$@"; }
# json FILTER: the last output is one JSON document of which FILTER is true.
json() { python3 -c "
import json, sys
d = json.load(open(sys.argv[1]))
sys.exit(not ($1))" "$here/out"; }

plan 44
check 'the schedule as it stands is as expected' \
    status_of 0 replay "$base"
check '... and its console is the lesson' said out '^  数据不存在$'
check 'a misspelt task is named, with the nearest' \
    changed 's/run A.job to end/run A.jbo to end/' 3 \
    'changed.sched:11:5: there is no task "A.jbo".*did you mean "A.job"'
check '... and who could have run' \
    said err 'could have run: loop (at context.cleared), A.job (at begin)'
check 'a misspelt point is named, with the nearest' \
    changed 's/context.cleared/context.cleraed/' 3 \
    ':10:16: loop never came to "context.cleraed".*did you mean "context.cleared"'
check 'a point of another task is not come to' \
    changed 's/until context.cleared/until job.read/' 3 \
    ':10:16: loop never came to "job.read": it waits in its loop'
check 'a task that has ended cannot go on' \
    changed '$a run A.job until job.print' 3 \
    'A.job never came to "job.print": it has ended'
check 'a loop that waits cannot run to its end' \
    changed 's/^run A.job to end.*/run loop to end/' 3 \
    'loop cannot run to its end: it waits in its loop'
check 'a request is sent once' \
    changed '$a send A' 3 'this request has been sent already'
check 'a task before it exists is no task' \
    changed 's/^send A$/run A.job to end/' 3 'there is no task "A.job"'
check 'an unknown directive is named, with line and column' \
    changed 's/^run A.job/rnu A.job/' 2 \
    ':11:1: unknown directive "rnu"; did you mean "run"'
check 'a wrong version is named' \
    changed 's/schedule 1/schedule 7/' 2 'version 7 of the format'
check 'an unknown program is named, with the nearest' \
    changed 's/program raw/program rwa/' 2 'did you mean "raw"'
check 'a request cannot be called as a task is' \
    changed 's/request B/request stop/; s/send B/send stop/' 2 \
    'a request cannot be called "stop"'
check 'an expectation that does not hold is a finding, with its line' \
    changed 's/数据不存在/时间戳相同/' 1 \
    ':13:8: expected A.job to report "时间戳相同", and it reported "数据不存在"'
if [ "$build" = thread ]; then
    check 'a race that is expected and does not come is a finding' \
        changed 's/race context.keys/race context.lock/' 1 \
        'expected a race on context.lock, and ThreadSanitizer reported one on'
    check 'a race that is not expected is a finding' \
        changed 's/race context.keys/no race/' 1 \
        'expected no race, and ThreadSanitizer reported one on context.keys'
else
    skip 'no ThreadSanitizer' 'a race that is expected and does not come'
    skip 'no ThreadSanitizer' 'a race that is not expected is a finding'
fi
check 'a truncated file is refused' \
    changed '5,$d; 4s/T.*/T/' 2 ':4:14: expected a path'
check 'random bytes are refused' \
    status_of 2 replay "$racelab"
check 'a file that is not there is named' \
    status_of 2 replay /no/such.sched
check '... with the reason' said err '/no/such.sched: No such file'

check 'the same schedule on the fix is right' \
    status_of 0 replay "$base" --handler copy
check 'the same schedule on the other bug is a finding' \
    status_of 1 replay "$base" --handler middleware_raw
check 'an unknown handler is named' \
    status_of 2 replay "$base" --handler cpoy
check '... with the nearest' said err 'did you mean "copy"'
check '--no-expect: the file'"'"'s own program is judged by what is right' \
    status_of 1 replay "$base" --no-expect
check '... so that a program repaired in place is as it should be' \
    status_of 0 replay --no-expect "$expected/copy/after-reset.sched"
sed 's/program raw/program copy/' "$base" >"$file"
check '... where expect lines still ask for the bug' \
    status_of 1 replay "$file"
check '... and --no-expect passes them over' status_of 0 replay --no-expect "$file"
check '... which --json says' sh -c \
    '"$1" replay --no-expect --json "$2" | grep -q "\"expected\": null"' - "$racelab" "$file"
check 'fifty runs are the same' \
    status_of 0 replay "$base" --runs 50
check '... and it says so' said out '50 of 50 the same, byte for byte'
check '--runs wants a number' status_of 2 replay "$base" --runs many

check '--json is one document' status_of 0 replay "$base" --runs 3 --json
check '... with what happened' json "d['handler'] == 'raw' and d['runs'] == 3 \
and d['identical'] and d['expected'] and d['exit'] == 0 \
and d['verdict'] == 'finished' \
and d['outcomes'] == [{'task': 'A.job', 'outcome': '数据不存在'}]"
if [ "$build" = thread ]; then
    check '... and the race: reset on the loop, get in the job' json "\
[(a['task'], a['write'], a['function'], a['file'], a['line'] > 0) \
 for a in d['races'][0]['accesses']] == \
[('loop', True, 'context_clear', 'lab/server/context.c', True), \
 ('A.job', False, 'context_find', 'lab/server/context.c', True)] \
and d['races'][0]['object'] == 'context.keys' and len(d['races']) == 1"
else
    check '... and no race, for nobody looked' \
        json "d['races'] == [] and not d['races_checked']"
fi
sed 's/A.job to end/C.job to end/' "$base" >"$file"
check '--json of a schedule that does not fit is a document too' \
    status_of 3 replay --json "$file"
check '... that says so' json "d['verdict'] == 'diverged' and d['exit'] == 3 \
and 'there is no task' in d['message']"
check 'what cannot be printed is trouble' \
    status_of 2 sh -c '"$1" replay "$2" >/dev/full' - "$racelab" "$base"
check '... and says so' said err 'standard output cannot be written'
check 'a closed standard input is none of the program'"'"'s trouble' \
    status_of 0 sh -c '"$1" replay "$2" <&-' - "$racelab" "$base"
if [ "$build" = thread ]; then
    check 'the environment cannot keep a race from being told' \
        status_of 0 env TSAN_OPTIONS=halt_on_error=1:report_bugs=0 \
        "$racelab" replay "$base" --json
    check '... it is there' json "len(d['races']) == 1"
else
    skip 'no ThreadSanitizer' 'the environment cannot keep a race quiet'
    skip 'no ThreadSanitizer' '... it is there'
fi
check '--help is on standard output' status_of 0 replay --help
finish
