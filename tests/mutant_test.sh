#!/bin/sh
# mutant_test.sh RACELAB EXPECTED_TEST BUILD SCHEDULE...: each of SCHEDULE must
# fail on the mutant RACELAB, and fail by a difference from its golden.
set -u
racelab=$1 expected_test=$2 build=$3
shift 3
status=0
for schedule; do
    if told=$(RACELAB_RUNS=1 "$expected_test" "$racelab" "$schedule" "$build"); then
        echo "FAIL: $schedule does not notice"
        status=1
    elif printf '%s\n' "$told" | grep -q '^[-+] '; then
        echo "noticed by $schedule:"
        printf '%s\n' "$told" | grep '^[-+] ' | head -n 4
    else
        echo "FAIL: $schedule failed, but not by its golden: $told"
        status=1
    fi
done
exit $status
