#!/bin/sh
# classroom_bench.sh RACELAB ROOT [RUNS]: from a save to the judgement, for every
# exercise: what the compiler takes of it, and what the judge takes beside. Of
# each, for the starter and for the solution, the best and the middle of RUNS.
set -eu
racelab=$(realpath "$1")
cd "$2"
runs=${3:-7}

# timings EXERCISE FOLDER: "COMPILER REST" in milliseconds, a line a run.
timings() {
    run=0
    while [ "$run" -lt "$runs" ]; do
        run=$((run + 1))
        # That it does not pass is no trouble.
        { "$racelab" check "$1" "$2" --json --timings 2>&1 >/dev/null || [ $? -eq 1 ]; } |
            sed -n 's/^compiler \([0-9]*\) ms, the rest \([0-9]*\) ms$/\1 \2/p'
    done
}

# best_and_middle COLUMN: of what comes in.
best_and_middle() {
    cut -d' ' -f"$1" | sort -n |
        awk '{ all[NR] = $1 } END { print all[1], all[int((NR + 1) / 2)] }'
}

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
printf '%-17s %-9s %15s %15s\n' '' '' 'compiler, ms' 'the rest, ms'
printf '%-17s %-9s %7s %7s %7s %7s\n' exercise fix best middle best middle
for directory in lab/exercises/[0-9]*; do
    exercise=$(basename "$directory")
    for fix in starter solution; do
        rm -rf "$here/handed-in"
        mkdir "$here/handed-in"
        cp "$directory/solution"/* "$here/handed-in"
        [ ! -f "$directory/solution.c" ] ||
            cp "$directory/$fix.c" "$here/handed-in/fix.c"
        [ -f "$directory/solution.c" ] || [ "$fix" = solution ] || continue
        timings "$exercise" "$here/handed-in" >"$here/timings"
        # shellcheck disable=SC2046 # words
        set -- $(best_and_middle 1 <"$here/timings") \
            $(best_and_middle 2 <"$here/timings")
        printf '%-17s %-9s %7s %7s %7s %7s\n' "$exercise" "$fix" "$@"
    done
done
