#!/bin/sh
# expected_test.sh RACELAB SCHEDULE BUILD: replays SCHEDULE RACELAB_RUNS times
# on each backend and compares what it shows, and how it is explained, with the
# goldens beside it. BUILD is `thread` where ThreadSanitizer looks on: then the
# races are compared too.
set -eu
racelab=$1 schedule=$2 build=$3
stem=${schedule%.sched}
runs=${RACELAB_RUNS:-20}
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

status=0
"$racelab" replay "$schedule" --runs "$runs" --backend thread,fiber \
    >"$out/all" || status=$?
sed -n '/^console$/,/^race$/p' "$out/all" | sed '$d' >"$out/trace"
sed -n '/^race$/,$p' "$out/all" | sed '/^runs$/,$d' >"$out/race"
diff -u "$stem.out" "$out/trace"
[ "$build" != thread ] || diff -u "$stem.race" "$out/race"
"$racelab" explain "$schedule" >"$out/explain" || status=$?
diff -u "$stem.explain" "$out/explain"
both=$((2 * runs))
grep "$both of $both the same, byte for byte" "$out/all"
exit $status
