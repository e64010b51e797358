#!/bin/sh
# grade_bench.sh RACELAB ROOT: how long thirty submissions of one exercise take,
# one of them hostile, and whether grading them again gives the same bytes; and
# how long one student's whole course takes, one submission at a time.
set -eu
racelab=$(realpath "$1")
cd "$2"
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT

# hand_in EXERCISE FIX FOLDER
hand_in() {
    mkdir -p "$3"
    cp "lab/exercises/$1/solution"/* "$3"
    [ "$2" = - ] || cp "$2" "$3/fix.c"
}

# The catalogue, twice over, until there are 29.
class() {
    count=0
    for round in 1 2; do
        for fix in lab/handlers/[a-z]*.c; do
            case $fix in
            */handlers.c | */timestamp_job.c | */healthcheck.c) continue ;;
            esac
            [ "$count" -lt 29 ] || return 0
            count=$((count + 1))
            hand_in 02-seed "$fix" \
                "$here/class/$(basename "$fix" .c)-$round/02-seed"
        done
    done
}
course() {
    for directory in lab/exercises/[0-9]*; do
        exercise=$(basename "$directory") fix=$directory/solution.c
        [ -f "$fix" ] || fix=-
        hand_in "$exercise" "$fix" "$here/course/$exercise"
    done
}
hostile() {
    hand_in 02-seed lab/handlers/copy.c "$here/class/hostile/02-seed"
    sed -i 's/^static void handle.*{$/& for (volatile int i = 0; i == 0;) ;/' \
        "$here/class/hostile/02-seed/fix.c"
}

# timed NAME COMMAND...: a submission that cannot be judged is not trouble.
timed() {
    name=$1
    shift
    before=$(date +%s.%N)
    "$@" >"$here/out" 2>"$here/err" || [ $? -eq 1 ] || {
        cat "$here/err" >&2
        exit 1
    }
    after=$(date +%s.%N)
    awk -v name="$name" -v a="$before" -v b="$after" \
        'BEGIN { printf "%-44s %6.1f s\n", name, b - a }'
}

class
hostile
course
timed 'thirty submissions of one exercise' \
    "$racelab" grade "$here/class" --exercise 02 --json
mv "$here/out" "$here/first"
timed 'the same again' "$racelab" grade "$here/class" --exercise 02 --json
cmp "$here/first" "$here/out"
timed "one student's course, one at a time" "$racelab" grade "$here/course" \
    --gradescope "$here/results.json" --jobs 1 --json
