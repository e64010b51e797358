#!/bin/sh
# exercises_test.sh RACELAB ROOT EXERCISE: what an exercise promises. Its
# starter fails, each right fix passes with all points of the repair, and each
# wrong one is refused with its own class; what the solution's folder holds is
# worth all points.
# shellcheck disable=SC2317 # check() calls these
racelab=$1 root=$2 exercise=$3
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"
folder=$root/lab/exercises/$exercise
# Itself, and not a script that looks for it each time.
python=$(python3 -c 'import sys; print(sys.executable)')

# ask FILE EXPRESSION: what the exercise says of itself, as Python reads it.
ask() {
    "$python" -c "
import json, sys
d = json.load(open(sys.argv[1]))
print($2)" "$1"
}

# path FILE: of the exercise's folder, or of lab/handlers.
path() {
    case $1 in
    handlers/*) echo "$root/lab/$1" ;;
    *) echo "$folder/$1" ;;
    esac
}

# judged STATUS PATH EXPRESSION: check ends with STATUS, and EXPRESSION holds of
# the document d that it prints.
judged() {
    status_of "$1" "$racelab" check "$exercise" "$2" --json &&
        [ "$(ask "$here/out" "$3")" = True ]
}

all_repair='all(c["points"] == c["points_max"] for c in d["criteria"]
    if c["id"] not in ("witness", "answers")) and d["class"] is None'
all_points='d["points"] == d["points_max"] == 100'
both='all(bool(c["says"]["en"]) and bool(c["says"]["zh"])
    for c in d["criteria"] if not c["passed"] and c["says"])'

# One of several, where what the fix does is undefined: "malloc_free|crash".
is_class() { echo "d['class'] in '$1'.split('|') and $both"; }

# handed_in: the folder that a student with full marks hands in.
handed_in() {
    mkdir -p "$here/handed-in" &&
        cp "$folder"/solution/* "$here/handed-in" || return 1
    [ ! -f "$folder/solution.c" ] ||
        cp "$folder/solution.c" "$here/handed-in/fix.c"
}

right=$(ask "$folder/exercise.json" '" ".join(d["right"])')
wrong=$(ask "$folder/exercise.json" \
    '" ".join(w["file"] + "=" + w["class"] for w in d["wrong"])')
# shellcheck disable=SC2086 # words
set -- $right $wrong
plan $(($# + 2))

for file in $right; do
    check "$file is right, and has all points of the repair" \
        judged 0 "$(path "$file")" "$all_repair"
done
for pair in $wrong; do
    check "${pair%=*} is refused as ${pair#*=}" \
        judged 1 "$(path "${pair%=*}")" "$(is_class "${pair#*=}")"
done
handed_in
check 'what the solution holds has all points' \
    judged 0 "$here/handed-in" "$all_points"
if [ -f "$folder/solution.c" ]; then
    cp "$folder/starter.c" "$here/handed-in/fix.c"
    check 'the starter does not pass, whatever its diagnosis is worth' \
        judged 1 "$here/handed-in" 'not d["passed"] and 0 < d["points"] < 100'
else
    rm "$here/handed-in"/*.sched
    check 'without its schedules nothing passes' \
        judged 1 "$here/handed-in" 'not d["passed"]'
fi
finish
